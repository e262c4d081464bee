"""Who is where in a race: facts from the records, and the leaderboard that shows them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, NamedTuple

from nnviz.charts import bands, facts
from nnviz.charts.changes import lost_text
from nnviz.charts.chart import PLAIN_VIEW, View
from nnviz.charts.fits import has_classes
from nnviz.charts.palette import Style
from nnviz.charts.racers import Racer, racers
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.words.charts import COLUMNS, JUDGED_AT, SEVERAL_SEEDS, STATES
from nnviz.words.language import say
from nnviz.words.metrics import of_metric

Table = dict[str, Any]


class Reached(NamedTuple):
    """The last evaluation above a target and the first at or below it; what happened between nobody knows."""

    above: int  # updates
    below: int
    seconds_above: float  # of compute of the lane alone
    seconds_below: float


@dataclass(frozen=True, slots=True)
class Standing:
    """One racer's place; with several seeds, medians over those that neither diverged nor failed.

    test_loss, test_accuracy: of the last evaluation.  best_test_loss: the lowest point of the median over time.
    reached: of the middle seed (of an even number the later one), all seeds put in order of when they reached it.
    diverged_at: the first seed that did.
    """

    racer: int  # place among the racers of the snapshot
    label: str
    style: Style
    status: Status
    rank: int  # from 1
    test_loss: float | None
    best_test_loss: float | None
    best_step: int | None
    test_accuracy: float | None
    reached: Reached | None
    seconds_per_update: float | None
    diverged_at: int | None
    seeds_diverged: int
    seeds: int
    updates: int


def standings(snapshot: Snapshot, target: float | None = None) -> tuple[Standing, ...]:
    """Return all racers by rank: by test loss, then those not measured, then those lost, by how far they got."""
    found = [_standing(snapshot, place, racer, target) for place, racer in enumerate(racers(snapshot))]
    return tuple(replace(part, rank=rank) for rank, part in enumerate(sorted(found, key=_order), 1))


def _order(part: Standing) -> tuple[float, ...]:
    if part.status in (Status.DIVERGED, Status.FAILED):
        return 2, -part.updates, part.racer
    return (1, part.racer) if part.test_loss is None else (0, part.test_loss, part.racer)


def _standing(snapshot: Snapshot, place: int, racer: Racer, target: float | None) -> Standing:
    last = [lane.judged[-1] for lane in racer.shown if lane.judged]
    best_loss, best_step = _best(snapshot, racer)
    updates, seconds = sum(lane.step for lane in racer.lanes), sum(lane.seconds for lane in racer.lanes)
    return Standing(
        racer=place,
        label=racer.label,
        style=racer.style,
        status=racer.shown[0].status if racer.sound else _end(racer),
        rank=0,
        test_loss=middle([record.test_loss for record in last]),
        best_test_loss=best_loss,
        best_step=best_step,
        test_accuracy=middle([record.test_accuracy for record in last]),
        reached=None if target is None else middle_reached(racer.lanes, target),
        seconds_per_update=seconds / updates if updates else None,
        diverged_at=min((lane.step for lane in racer.lost), default=None),
        seeds_diverged=len(racer.lost),
        seeds=len(racer.lanes),
        updates=max(lane.step for lane in racer.lanes),
    )


def _end(racer: Racer) -> Status:
    return Status.DIVERGED if racer.lost else Status.FAILED


def middle(values: Sequence[float | None]) -> float | None:
    """Return the median of what is finite; None where nothing is."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return float(median(known)) if known else None


def _best(snapshot: Snapshot, racer: Racer) -> tuple[float | None, int | None]:
    if len(racer.shown) == 1:
        pairs = [(record.test_loss, record.step) for record in racer.shown[0].judged]
        return min((pair for pair in pairs if math.isfinite(pair[0])), default=(None, None))
    line = bands.every_evaluation(racer, facts.clock("updates", snapshot), lambda record: record.test_loss)
    if not len(line.x):
        return None, None
    at = int(line.middle.argmin())
    return float(line.middle[at]), round(float(line.x[at]))


def middle_reached(lanes: Sequence[Lane], target: float) -> Reached | None:
    """Return when the middle one of some seeds reached a target; None where it has not."""
    found = [_reached(lane.judged, target) for lane in lanes]
    known = sorted((part for part in found if part is not None), key=lambda part: part.below)
    at = len(lanes) // 2
    return known[at] if at < len(known) else None


def _reached(records: Sequence[facts.Measured], target: float) -> Reached | None:
    before: facts.Measured | None = None
    for record in records:
        if record.test_loss <= target:
            above = before or record
            return Reached(above.step, record.step, above.seconds, record.seconds)
        before = record
    return None


def leaderboard(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Table:
    """Write the standings as the board's table: columns, rows from first to last, a note about seeds."""
    found = standings(snapshot, view.target)
    hidden = {name for name, is_shown in _shown(snapshot, view).items() if not is_shown}
    names = [name for name in COLUMNS if name not in hidden]
    lost = {racer.label: lost_text(racer) for racer in racers(snapshot)}
    return {
        "columns": [_column(name, facts.metric_of(snapshot)) for name in names],
        "rows": [_row(part, names, lost[part.label]) for part in found],
        "note": " ".join(_notes(snapshot, max((part.seeds for part in found), default=1))),
    }


def _notes(snapshot: Snapshot, seeds: int) -> list[str]:
    """Say of which moment the numbers are, where lanes have gone on since, and what several seeds mean."""
    judged = max((lane.judged[-1].step for lane in snapshot.lanes if lane.judged), default=0)
    is_behind = any(lane.step > judged for lane in snapshot.lanes) and not snapshot.status.is_live
    notes = [say(JUDGED_AT, step=f"{judged:,}")] if is_behind else []
    return notes + ([say(SEVERAL_SEEDS, seeds=seeds)] if seeds > 1 else [])


def _shown(snapshot: Snapshot, view: View) -> dict[str, bool]:
    return {"accuracy": has_classes(snapshot), "target": view.target is not None}


def _column(name: str, metric: str) -> dict[str, str]:
    label, text = (of_metric(words, metric) for words in COLUMNS[name])
    return {"id": name, "label": label, "help": text, "align": "left" if name in ("lane", "status") else "right"}


def _row(part: Standing, names: Sequence[str], title: str) -> dict[str, Any]:
    texts = {
        "rank": str(part.rank),
        "lane": part.label,
        "test_loss": _loss(part.test_loss),
        "best": _loss(part.best_test_loss),
        "accuracy": percent(part.test_accuracy),
        "target": _bracket(part.reached),
        "speed": "–" if part.seconds_per_update is None else f"{1e6 * part.seconds_per_update:,.0f}",
        "updates": f"{part.updates:,}",
        "status": _state(part),
    }
    look = {"colour": part.style.colour, "dash": part.style.dash}
    return {"key": part.label, "lane": part.label, **look, "cells": [texts[name] for name in names], "title": title}


def _loss(value: float | None) -> str:
    """Write a loss with as many digits as keep the column still while it changes."""
    if value is None or not 1e-3 <= abs(value) < 100:
        return facts.number(value)
    return f"{value:.4f}"


def percent(share: float | None) -> str:
    """Write a share from 0 to 1 in per cent."""
    return "–" if share is None else f"{100 * share:.1f} %"


def _bracket(reached: Reached | None) -> str:
    if reached is None:
        return "–"
    return f"{reached.above:,} – {reached.below:,}" if reached.above < reached.below else f"{reached.below:,}"


def _state(part: Standing) -> str:
    lost = {"step": f"{part.diverged_at or 0:,}", "lost": part.seeds_diverged, "seeds": part.seeds}
    if part.status == Status.DIVERGED:
        return STATES["diverged" if part.seeds == 1 else "all_diverged"].format(**lost)
    state = STATES[part.status]
    return STATES["some_diverged"].format(state=state, **lost) if part.seeds_diverged else state
