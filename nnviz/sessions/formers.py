"""The runs that were on a session before the present one: a few, at rest, to go back to."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from nnviz.records.run import Lane
from nnviz.sessions.difference import Difference
from nnviz.sessions.stand import Stand

PASSING_S = 3.0  # a run that gives way sooner to one of the same kind was a stop on the way
FORGOTTEN_S = 180.0  # of training after which nobody wants the run before back
MOST = 8
MOST_RUNS = 3  # of them with what they have learnt; the others were not trained, and are made again


@dataclass(frozen=True, slots=True)
class Former:
    """A run that gave way to another.

    plan: what it was started with.  shown: the same with the live changes made since.  stand: None where nothing had
    been trained.
    """

    plan: Any
    shown: Any
    stand: Stand | None
    ghosts: tuple[Lane, ...]


class Formers:
    """A stack of them; what falls off its end is stopped.

    `differences` compares two plans.
    """

    def __init__(self, differences: Callable[[Any, Any], list[Difference]]) -> None:
        self._differences = differences
        self._kept: tuple[Former, ...] = ()
        self._shown_at = self._rested_at = monotonic()  # the present run

    def __len__(self) -> int:
        return len(self._kept)

    def changed(self, plan: Any) -> list[Difference] | None:
        """What tells a plan from the one before; None where none is kept."""
        return self._differences(self._kept[-1].shown, plan) if self._kept else None

    def keep(self, former: Former, plan: Any) -> bool:
        """Lay the run that gives way to a plan on top, at rest; not one that was only a stop on the way to it."""
        is_passing = self._is_passing(former, plan)
        self._shown_at = self._rested_at = monotonic()
        if is_passing:
            return False
        if former.stand is not None:
            former.stand.run.pause()
        kept = (*self._kept, former)
        while len(kept) > MOST or sum(each.stand is not None for each in kept) > MOST_RUNS:
            _let_go(kept[0])
            kept = kept[1:]
        self._kept = kept
        return True

    def _is_passing(self, former: Former, plan: Any) -> bool:
        """Tell whether a run was one of several turns of one knob: soon gone, or never trained."""
        came, goes = self.changed(former.plan), self._differences(former.shown, plan)
        is_brief = former.stand is None or monotonic() - self._shown_at < PASSING_S
        return came is not None and is_brief and _subject(came) == _subject(goes)

    def take(self) -> Former:
        """Take the newest off, which is no stop on the way to anything; IndexError where there is none."""
        newest, self._kept = self._kept[-1], self._kept[:-1]
        self._shown_at, self._rested_at = -math.inf, monotonic()
        return newest

    def look(self, is_going: bool) -> None:
        """Let all of them go when the present run has trained for long enough."""
        if not is_going:
            self._rested_at = monotonic()
        elif monotonic() - self._rested_at > FORGOTTEN_S:
            self.clear()

    def clear(self) -> None:
        """Let all of them go."""
        for former in self._kept:
            _let_go(former)
        self._kept = ()


def _let_go(former: Former) -> None:
    if former.stand is not None:
        former.stand.run.stop()


def _subject(found: Sequence[Difference]) -> str:
    """Name the setting that a change was about; others may have followed it."""
    return found[0].field if found else ""
