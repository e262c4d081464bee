"""What the loss has done since the last live change, in a sentence that follows from the snapshot alone."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nnviz.records.run import Comparison, Doubles, Lane, Mark, Snapshot
from nnviz.records.status import Status
from nnviz.words.language import Message, say, within
from nnviz.words.since import KNOBS, SINCE

_LEAST, _USUAL, _MOST = 8, 24, 64  # losses that are compared on each side
_ERRORS = 3.0  # standard errors that a difference of ranks must have to be one
_SHARE = 0.03  # of the loss, that it must have besides
_LATE = 1000  # updates after which a change is no longer told beside a loss that has left the finite numbers


class Turn(NamedTuple):
    """The last change of a run: changes of one knob in a row, closer together than what is compared, are one.

    step: updates done before the first of them.  way: up or down; "both" where other knobs were turned there, too.
    """

    step: int
    way: str
    knob: str


def since(snapshot: Snapshot) -> str:
    """Say what the loss has done since the last live change; nothing of a race, or where several networks play."""
    several = snapshot.comparison == Comparison.RACE or bool(snapshot.scene and snapshot.scene.players)
    lane = snapshot.lanes[0]
    turn = None if several else last_turn(lane.marks)
    if turn is None or Status.FAILED in (snapshot.status, lane.status):
        return ""
    if lane.status == Status.DIVERGED:
        updates = lane.step - turn.step
        return _said("lost", turn, updates=f"{updates:,}") if updates <= _LATE else ""
    before, now = sides(lane, turn.step)
    if not len(before):
        return ""
    found = verdict(before, now)
    is_final = found == "same" and snapshot.status.is_over  # nothing more will come that could tell
    return _said("never" if is_final else found, turn, before=_number(before), now=_number(now))


def last_turn(marks: Sequence[Mark]) -> Turn | None:
    """Find the last change; None where there is none, or where it was taken back."""
    if not marks:
        return None
    *earlier, last = marks
    knob, first = _knob(last), last
    others = {_knob(mark) for mark in earlier if mark.step == last.step} - {knob}
    for mark in reversed(earlier):
        if _knob(mark) != knob or first.step - mark.step >= _LEAST:
            break
        first = mark
    before, after = (float(str(mark.text.values[side])) for mark, side in ((first, "before"), (last, "after")))
    if before == after and not others:
        return None
    return Turn(first.step, "both" if others else "up" if after > before else "down", knob)


def sides(lane: Lane, step: int) -> tuple[Doubles, Doubles]:
    """Return the last losses of batches before a change and the last ones after it: about an epoch's of each."""
    steps, losses = lane.curve.steps, lane.curve.losses
    count = _count(lane)
    return losses[steps <= step][-count:], losses[steps > step][-count:]


def _count(lane: Lane) -> int:
    """Count the losses that make up an epoch, within bounds: over an epoch all examples weigh the same."""
    steps, epochs = lane.curve.steps, lane.curve.epochs
    if len(steps) < 2:
        return _USUAL
    per_epoch = (len(steps) - 1) / max(float(epochs[-1] - epochs[0]), 1e-9)
    return int(min(max(per_epoch, _USUAL), _MOST))


def verdict(before: Doubles, now: Doubles) -> str:
    """Tell whether the loss "fell", "rose" or is the "same" as far as so few noisy losses can tell.

    They are compared by their ranks (Mann and Whitney 1947): single losses far out, as at a large rate, hide nothing.
    """
    if min(len(before), len(now)) < _LEAST or not (np.isfinite(before).all() and np.isfinite(now).all()):
        return "same"
    means = float(before.mean()), float(now.mean())
    pairs = float(np.sign(now[:, None] - before).mean())  # -1: each is lower now; 0: as often higher as lower
    error = math.sqrt((len(before) + len(now) + 1) / (3 * len(before) * len(now)))
    apart = means[1] - means[0]
    is_small = abs(apart) < _SHARE * max(map(abs, means)) or _number(before) == _number(now)
    if abs(pairs) <= _ERRORS * error or is_small or pairs * apart < 0:
        return "same"
    return "fell" if apart < 0 else "rose"


def _number(losses: Doubles) -> str:
    """Write a mean with the two digits that so few noisy losses can bear."""
    if not len(losses):
        return ""
    mean = float(losses.mean())
    return f"{mean:,.0f}" if abs(mean) >= 100 else f"{mean:#.2g}".rstrip(".")


def _knob(mark: Mark) -> str:
    """Name the knob of a change within a sentence."""
    label = mark.text.values["knob"]
    if isinstance(label, Message) and label.text in KNOBS:
        return say(KNOBS[label.text])
    return within(str(label))


def _said(what: str, turn: Turn, **values: str) -> str:
    return say(SINCE[what, turn.way], knob=turn.knob, **values)
