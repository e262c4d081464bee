"""The page of the lesson on gradient descent by hand."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnviz.lessons.descent_by_hand.figures import PICTURES
from nnviz.lessons.descent_by_hand.page_parts import parts
from nnviz.lessons.descent_by_hand.results import Found
from nnviz.lessons.descent_by_hand.study import BATCHES, MOST_STEPS, TASKS, State, samples, study
from nnviz.lessons.descent_by_hand.study_data import EDGE, MOST
from nnviz.lessons.descent_by_hand.texts import TEXTS
from nnviz.ui.board.protocol import Dial
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.controls import action, segments
from nnviz.ui.lesson_kit.playback import Playback
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.lesson_kit.stage import BoardSpec, Handle, live_stage
from nnviz.ui.lesson_kit.tasks import tasks

_MAKERS = frozenset({"slope", "noise", "count", "outliers", "seed"})
_FEWEST = 2  # samples that a hand may leave
_WORDS = TEXTS.words


class _Bench(LessonController[State]):
    """A controller whose samples are made anew when one of their dials is turned."""

    def after(self, state: State, changes: Mapping[str, Any]) -> State:
        """Return a state with some fields changed; what a hand has moved gives way to new data."""
        return super().after(state, {**({"points": ()} if _MAKERS & changes.keys() else {}), **changes})


CONTROLLER = _Bench("descent_by_hand", State, TEXTS)
PLAYBACK = Playback(CONTROLLER, "step", MOST_STEPS)


def descent_by_hand() -> None:
    """Draw the data, the loss, the path, the step's four parts and the tasks."""
    PLAYBACK.run(_all)


def _all() -> None:
    PLAYBACK.beat()
    state, found = CONTROLLER.state, CONTROLLER.found(_BOARD)
    left, right = st.columns([5, 3], gap="small")
    with left:
        _buttons(state)
        live_stage(CONTROLLER, _BOARD)
        live_stage(CONTROLLER, _MAKING)
    with right:
        parts(state, found)
        tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in TASKS.items()})


def _buttons(state: State) -> None:
    with st.container(horizontal=True, key="descent_by_hand.bar", vertical_alignment="bottom", gap="small"):
        PLAYBACK.buttons()
        segments(CONTROLLER, "batch")
        action(CONTROLLER, "new", icon=":material/casino:", seed=(state.seed + 1) % 1000)
        action(CONTROLLER, "made", icon=":material/undo:", is_off=not state.points, points=())


def _scene(state: State, found: Found) -> BoardSpec:
    return BoardSpec(PICTURES, found, dials=_dials(state, found), status=_status(state, found), columns=2)


def _making(state: State, found: Found) -> BoardSpec:
    """Describe the lower board, which has dials alone."""
    dials = [CONTROLLER.dial(name, state) for name in ("w", "b", "slope", "noise", "count", "outliers")]
    return BoardSpec({}, None, dials=dials)


def _dials(state: State, found: Found) -> list[Dial]:
    """Describe the dials of the upper board; the learning rate's says how far it may go."""
    count = len(found.x)
    rate = CONTROLLER.dial("lr", state)
    chosen = CONTROLLER.dial("chosen", state, words=tuple(str(at + 1) for at in range(count)))
    return [
        {**rate, "label": rate["label"].format(stable=f"{found.fit.stable:.3g}")},
        CONTROLLER.dial("step", state),
        {**chosen, "high": count - 1, "value": found.chosen},
    ]


def taken(state: State, handle: Handle) -> dict[str, Any]:
    """Return what a hand changes by moving, adding, removing or choosing a sample, or by putting the start elsewhere.

    Nothing where it cannot.
    """
    if handle["act"] == "place":
        return {name: float(f"{handle[axis]:.4g}") for name, axis in zip("wb", "xy", strict=True)}
    now = samples(state)
    at, act = int(handle.get("index") or 0), handle["act"]
    if act == "add" and len(now) < MOST:
        return {"points": (*now, _place(handle)), "chosen": len(now)}
    if act == "add" or at >= len(now):  # a sample of data that are gone
        return {}
    if act == "move":
        return {"points": (*now[:at], _place(handle), *now[at + 1 :]), "chosen": at}
    if act == "remove" and len(now) > _FEWEST:
        return {"points": (*now[:at], *now[at + 1 :]), "chosen": max(at - 1, 0)}
    return {"chosen": at}


def _place(handle: Handle) -> tuple[float, float]:
    x, y = (round(min(max(float(handle[axis]), -EDGE), EDGE), 2) for axis in "xy")
    return x, y


_BOARD = LiveBoard("descent_by_hand", study, _scene, taken)
_MAKING = LiveBoard("descent_by_hand.dials", study, _making)


def _status(state: State, found: Found) -> tuple[str, str]:
    """Say in a sentence how the learning rate and the batches show in the path."""
    kind, name = _judged(state, found)
    times = found.losses[-1] / max(found.fit.loss, 1e-12)
    said = _WORDS[name].format(
        lr=f"{state.lr:.3g}", stable=f"{found.fit.stable:.3g}", step=found.lost_at, count=len(found.x),
        size=min(BATCHES[state.batch], len(found.x)), times=f"{times:,.3g}",
    )  # fmt: skip
    return kind, said


def _judged(state: State, found: Found) -> tuple[str, str]:
    if found.lost_at is not None:
        return "bad", "lost"
    if not state.step:
        return "", "at_start"
    if not found.is_whole:
        return ("bad", "noisy_out") if found.losses[-1] > found.losses[0] else ("warn", "noisy")
    if state.lr > found.fit.stable:
        return "bad", "above"
    if found.losses[-1] <= 1.01 * found.fit.loss + 1e-9:
        return "good", "arrived"
    return ("warn", "zigzag") if state.lr > 0.85 * found.fit.stable else ("good", "below")
