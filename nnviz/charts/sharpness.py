"""How sharply the training loss curves, beside what the update rule can bear."""

from collections.abc import Sequence
from typing import cast

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Chart, Figure, View
from nnviz.charts.facts import Clock, Series
from nnviz.charts.figure import Layout, Trace, axis, clock_axis, floats, layout, line, note, waiting
from nnviz.charts.palette import TEST, TRAIN, Style
from nnviz.charts.racers import racers
from nnviz.records.readings import Sharpness
from nnviz.records.run import Lane, Record, Snapshot
from nnviz.records.stability import stable_below
from nnviz.words.charts import PLOT, WORDS
from nnviz.words.language import say

_PLAIN = ("sgd", "momentum", "nag")  # rules that have a limit
_FAR = 3.0  # a limit this many times above all that was measured would leave no room for it
_ROOM = 1.15


def sharpness_curves(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw the sharpness of each lane over time and, dashed, up to which one its rule is stable."""
    clock = facts.clock(view.clock, snapshot)
    looks = _looks(snapshot)
    values = [facts.pick(facts.recorded(lane, clock, _value)) for lane, *_ in looks]
    limits = [_until_now(lane, clock, facts.pick(facts.recorded(lane, clock, _limit))) for lane, *_ in looks]
    top = max(map(_top, values, limits), default=0.0)
    near = [part if _is_near(part, top) else Series(part.x[:0], part.y[:0]) for part in limits]
    frame = _frame(clock, view, top, near)
    if not any(len(part.x) for part in values):
        return waiting(snapshot, frame, WORDS["not_wanted"] if snapshot.lanes and snapshot.lanes[0].records else "")
    traces = [_line(*pair) for pair in zip(looks, values, strict=True)]
    traces += [_dashed(*pair) for pair in zip(looks, near, strict=True) if len(pair[1].x)]
    frame["annotations"] = _above(limits, near)
    return {"data": traces, "layout": frame}


def reading(record: Record) -> Sharpness | None:
    """Return what a record says of the sharpness."""
    return cast(Sharpness | None, record.readings.get("sharpness"))


def has_sharpness(snapshot: Snapshot) -> bool:
    """Tell whether anybody has wanted it measured."""
    return any(reading(record) for lane in snapshot.lanes for record in lane.records[-1:])


_Look = tuple[Lane, str, Style, Style]  # a lane, its name, and the looks of its line and of its limit


def _looks(snapshot: Snapshot) -> list[_Look]:
    if not facts.is_compared(snapshot):
        return [(lane, PLOT["sharpness"], TRAIN, TEST) for lane in snapshot.lanes]
    return [
        (lane, say(racer.label), racer.style, Style(racer.style.colour, "dot"))
        for racer in racers(snapshot) for lane in racer.lanes[:1]
    ]  # fmt: skip


def _value(record: Record) -> float | None:
    found = reading(record)
    return found.value if found else None


def _limit(record: Record) -> float | None:
    found = reading(record)
    return found.limit if found else None


def _until_now(lane: Lane, clock: Clock, found: Series) -> Series:
    """Go on to the present, where a knob may have been turned since it was measured."""
    knobs, rule = lane.knobs, lane.spec.optimizer.name
    if not len(found.x) or rule not in _PLAIN or "optimizer.lr" not in knobs:
        return found
    turned = (knobs.get(f"optimizer.{name}", 0.0) for name in ("momentum", "weight_decay"))
    now = stable_below(knobs["optimizer.lr"], *turned, is_nesterov=rule == "nag")
    return Series(floats([*found.x, clock.of_moment(lane)]), floats([*found.y, now]))


def _top(found: Series, limit: Series) -> float:
    """Return the largest value; where the limit is known, what explodes far beyond it leaves the picture."""
    if not len(found.y):
        return 0.0
    usual = _FAR * max(float(found.y[0]), float(limit.y[-1])) if len(limit.y) else float("inf")
    return min(float(found.y.max()), usual)


def _is_near(limit: Series, top: float) -> bool:
    return bool(len(limit.y)) and float(limit.y[-1]) <= _FAR * top


def _frame(clock: Clock, view: View, top: float, near: Sequence[Series]) -> Layout:
    """Lay the axis out for all that was measured and for the present limits."""
    highest = max([top, *(float(part.y[-1]) for part in near if len(part.y))]) * _ROOM or 1.0
    y = axis(PLOT["sharpness"], range=[0.0, facts.stepped(0.0, highest)[1]])
    return layout(f"sharpness {view.clock}", clock_axis(clock.label), y)


def _line(look: _Look, found: Series) -> Trace:
    _, name, style, _ = look
    return line(found.x, found.y, style, name, hovertemplate=f"{name} %{{y:.4g}}<extra></extra>")


def _dashed(look: _Look, found: Series) -> Trace:
    """Draw a limit as steps: it holds until the knob is turned."""
    lane, name, _, style = look
    plain = PLOT["two_over_rate" if lane.spec.optimizer.name == "sgd" else "stable"]
    label = plain if name == PLOT["sharpness"] else PLOT["stable_of"].format(lane=name)
    drawn = line(found.x, found.y, style, label, 1.5, hovertemplate=f"{label} %{{y:.4g}}<extra></extra>")
    drawn["line"]["shape"] = "hv"
    return drawn


def _above(limits: Sequence[Series], near: Sequence[Series]) -> list[dict[str, object]]:
    """Say where a limit lies that would leave no room."""
    far = [whole for whole, kept in zip(limits, near, strict=True) if len(whole.y) and not len(kept.y)]
    if not far:
        return []
    text = PLOT["stable_above"].format(limit=facts.number(min(float(part.y[-1]) for part in far)))
    return [note(text, 1.0, 1.0, xanchor="right", yanchor="top", font={"size": 11})]


SHARPNESS = Chart(
    "Sharpness",
    sharpness_curves,
    "How sharply the training loss curves along its steepest direction: the largest eigenvalue of its Hessian, on up "
    "to 512 training examples. Dashed: up to which curvature the steps of this rule are stable on a parabola, for "
    "plain steps 2 / learning rate; some rules have no such number. Look for a line that rises to it and stays there.",
    has_sharpness,
    width=2,
    over_time=True,
)
