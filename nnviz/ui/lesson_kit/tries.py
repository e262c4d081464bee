"""How often a reader has tried the task that comes next, and which hints that has opened."""

import math
from dataclasses import dataclass, replace

import streamlit as st

REST_S = 1.0  # a change that follows another one sooner, as in a drag or while it plays, belongs to the same try
ENOUGH = 3  # tries before a hint is offered, and again before the next
HINTS = ("hint", "way")  # of a task, one after the other


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries at one task; `seen` is the state that the reader left the lesson in."""

    task: str
    seen: object
    changed_at: float = -math.inf
    count: int = 0
    opened: int = 0  # hints

    def after(self, state: object, now: float) -> "Tries":
        """Return the tries once the lesson is in a state, perhaps a new one."""
        if state == self.seen:
            return self
        is_new = now - self.changed_at > REST_S
        return replace(self, seen=state, changed_at=now, count=self.count + is_new)

    @property
    def offer(self) -> str | None:
        """The hint that may be opened now, if any."""
        is_due = self.count >= ENOUGH and self.opened < len(HINTS)
        return HINTS[self.opened] if is_due else None

    def unfold(self, hint: str) -> "Tries":
        """Open a hint; one that is open already changes nothing."""
        return replace(self, opened=self.opened + 1, count=0) if hint == self.offer else self


def tries_at(place: str, task: str, state: object, now: float) -> Tries:
    """Count on the tries at a task in this part of the page; another task begins with none."""
    before = _tries(place)
    if before is None or before.task != task:
        changed_at = before.changed_at if before else -math.inf  # a hand that goes on after it has solved one
        found = Tries(task, state, changed_at)
    else:
        found = before.after(state, now)
    st.session_state[_key(place)] = found
    return found


def unfold(place: str, task: str, hint: str) -> None:
    """Open a hint for the task that this part of the page has come to."""
    found = _tries(place)
    if found is not None and found.task == task:
        st.session_state[_key(place)] = found.unfold(hint)


def _tries(place: str) -> Tries | None:
    found = st.session_state.get(_key(place))
    return found if isinstance(found, Tries) else None  # after a hot reload it may be of the class of before


def _key(place: str) -> str:
    return f"{place}.tries"
