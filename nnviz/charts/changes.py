"""What happened during a race, as marks: live changes and lanes that were lost."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from nnviz.charts.facts import Clock, joined
from nnviz.charts.figure import Trace, beside, floats, line, note
from nnviz.charts.palette import GREY, Style
from nnviz.charts.racers import Racer
from nnviz.records.run import Mark
from nnviz.records.status import Status
from nnviz.words.charts import PLOT, WORDS
from nnviz.words.language import Message, message
from nnviz.words.messages import CHANGE

_MOST = 40
_LINE = 0.075  # share of the plot's height that a line of text takes
_NAMED = 2  # changes that are written on the plot; the others speak when pointed at
_COMMON = Style(GREY, "dot")

Note = dict[str, Any]


class ShownChange(NamedTuple):
    """A live change of one racer, or of all where `racer` is None."""

    mark: Mark
    racer: Racer | None

    @property
    def text(self) -> str:
        """Who was changed, and how."""
        return f"{self.racer.label}: {self.mark.text}" if self.racer else str(self.mark.text)


def turns(racers: Sequence[Racer]) -> tuple[ShownChange, ...]:
    """List the last live changes, oldest first; what all racers still in the race took is named once.

    The old value is left out there where it was not the same for all.
    """
    found: dict[tuple[int, Message], list[tuple[Racer, Mark]]] = {}
    for racer in racers:
        marks = [mark for lane in racer.lanes for mark in joined(lane.marks, lane.step)]
        for what, mark in {(mark.step, _new(mark.text)): mark for mark in marks}.items():
            found.setdefault(what, []).append((racer, mark))
    listed = [turn for (step, _), taken in found.items() for turn in _turns(taken, racers, step)]
    return tuple(sorted(listed, key=lambda turn: turn.mark.step)[-_MOST:])


def _new(change: Message) -> Message:
    """Leave the old value out of "Learning rate 0.1 → 0.3"."""
    if change.text != CHANGE["from_to"]:
        return change
    return message(CHANGE["to"], knob=change.values["knob"], after=change.values["after"])


def _turns(taken: Sequence[tuple[Racer, Mark]], racers: Sequence[Racer], step: int) -> Iterable[ShownChange]:
    names = {racer.label for racer, _ in taken}
    if len(names) == 1 or any(_could_take(racer, step) for racer in racers if racer.label not in names):
        return [ShownChange(mark, racer) for racer, mark in taken]
    first = taken[0][1]
    is_same = len({mark.text for _, mark in taken}) == 1
    text = first.text if is_same else _new(first.text)
    return [ShownChange(Mark(first.step, first.epoch, first.seconds, text), None)]


def _could_take(racer: Racer, step: int) -> bool:
    """Tell whether a racer was still in after `step` updates; one that ended there took no change any more."""
    return any(
        lane.step > step or (lane.step == step and lane.status not in (Status.DONE, Status.DIVERGED, Status.FAILED))
        for lane in racer.lanes
    )


def turn_lines(found: Sequence[ShownChange], clock: Clock) -> list[Trace]:
    """Draw the changes as upright lines over the height of `yaxis2`, in the colour of the racer they belong to."""
    owners = {turn.racer.label if turn.racer else "": turn.racer for turn in found}
    return [_lines([turn for turn in found if turn.racer is racer], racer, clock) for racer in owners.values()]


def _lines(found: Sequence[ShownChange], racer: Racer | None, clock: Clock) -> Trace:
    at = [clock.of_moment(turn.mark) for turn in found]
    x = floats([[x, x, np.nan] for x in at]).ravel()
    y = floats([[0, 1, np.nan]] * len(at)).ravel()
    texts = [text for turn in found for text in (turn.text, turn.text, "")]
    more: dict[str, Any] = {"text": texts, "hovertemplate": "%{text}<extra></extra>", "showlegend": False}
    if racer is None:
        return line(x, y, _COMMON, PLOT["changes"], width=1, yaxis="y2", **more)
    own = {"meta": {"lane": racer.label}, "legendgroup": racer.label}
    return line(x, y, Style(racer.style.colour, "dot"), PLOT["changes"], width=1.5, yaxis="y2", **own, **more)


def notes(racers: Sequence[Racer], found: Sequence[ShownChange], clock: Clock, end: float, height: float) -> list[Note]:
    """Name the newest changes beside their lines, then who was lost, downwards from a share of the plot's height.

    `end` is where the x axis ends: past the middle of it a text stands left of its line.
    """
    newest = list(found)[::-1][:_NAMED]
    named = [_named(turn, clock, end, height - _LINE * at) for at, turn in enumerate(newest)]
    return [*named, *_lost_notes(racers, height - _LINE * len(named))]


def _named(turn: ShownChange, clock: Clock, end: float, height: float) -> Note:
    at = clock.of_moment(turn.mark)
    return note(turn.text, at, height, xref="x", yanchor="top", font={"size": 10}, **beside(at, end))


def lost_text(racer: Racer) -> str:
    """Say when a racer's seeds diverged; empty where none did."""
    lost, count = racer.lost, len(racer.lanes)
    if not lost:
        return ""
    some = "one_diverged" if len(lost) == 1 else "some_diverged"
    key = "diverged" if count == 1 else "all_diverged" if len(lost) == count else some
    first = min(lane.step for lane in lost)
    return WORDS[key].format(lane=racer.label, lost=len(lost), seeds=count, step=f"{first:,}")


def lost_marks(racers: Sequence[Racer], clock: Clock) -> list[Trace]:
    """Draw a cross at the top of the plot where each seed diverged."""
    return [_crosses(racer, clock, 0.97 - 0.03 * at) for at, racer in enumerate(_lost(racers))]


def _lost(racers: Sequence[Racer]) -> list[Racer]:
    return [racer for racer in racers if racer.lost]


def _crosses(racer: Racer, clock: Clock, height: float) -> Trace:
    look = {"symbol": "x", "size": 9, "color": racer.style.colour}
    place = {
        "x": floats([clock.of_moment(lane) for lane in racer.lost]),
        "y": floats([height] * len(racer.lost)),
        "yaxis": "y2",
    }
    texts = [WORDS["diverged"].format(lane=racer.label, step=f"{lane.step:,}") for lane in racer.lost]
    own = {"meta": {"lane": racer.label}, "legendgroup": racer.label, "showlegend": False}
    hover = {"text": texts, "hovertemplate": "%{text}<extra></extra>", "name": racer.label}
    return {"type": "scatter", "mode": "markers", "marker": look, **place, **own, **hover}


def _lost_notes(racers: Sequence[Racer], height: float) -> list[Note]:
    """Write at the top right which racers were lost, and when."""
    lines = [lost_text(racer) for racer in _lost(racers)]
    lines += [WORDS["failed"].format(lane=racer.label) for racer in racers if _has_failed(racer)]
    place = {"xanchor": "right", "yanchor": "top", "align": "right", "font": {"size": 11}}
    return [note("<br>".join(lines), 1.0, height, **place)] if lines else []


def _has_failed(racer: Racer) -> bool:
    return any(lane.status == Status.FAILED for lane in racer.lanes)
