"""The live board: one component that draws numbers and charts of a snapshot in place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zlib import crc32

import streamlit as st
from streamlit.components.v2.bidi_component import ComponentResult

from nnviz.charts import CHARTS, TABLES
from nnviz.charts.chart import PLAIN_VIEW, Chart, View
from nnviz.charts.facts import figure, is_race
from nnviz.charts.words import fitting
from nnviz.records import Lane, Snapshot
from nnviz.sights import NOTHING, Question
from nnviz.ui import texts
from nnviz.ui.fairness import race_log, race_numbers, race_status
from nnviz.ui.payload import encode
from nnviz.ui.seats import Seat
from nnviz.ui.serving import board_import

_LOG_LINES = 12
Report = Callable[[], None]
# Plotly's own styles are global, so a shadow root would lose them.
_component = st.components.v2.component("nnviz_board", html="", js=board_import(), isolate_styles=False)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a page wants on its board; hashable, so that pages and visitors share drawings."""

    charts: tuple[str, ...] = ()  # names in CHARTS; empty: all that fit the run
    view: View = PLAIN_VIEW
    with_numbers: bool = True
    note: str = ""  # a key of texts.STATUS that has the last word over the run's own status
    is_pair: bool = False  # a network and its twin: the numbers are the first one's, not those of a race
    question: Question = NOTHING  # what the reader asked of the network
    scope: str = ""  # part of a board's key where a page has several


def board(seat: Seat, snapshot: Snapshot, layout: Layout, key: str = "board") -> None:
    """Draw a snapshot; the bytes are made once for all who look at the same version in the same way."""
    searched = snapshot.search.progress if snapshot.search else 0
    stamp = f"{seat.generation}.{snapshot.version}.{searched}.{hash(layout)}"
    data = seat.drawing(layout, stamp, lambda: message(seat, stamp, snapshot, layout))
    show(key, data, on_target=partial(take_target, key))


def asking_board(
    seat: Seat, snapshot: Snapshot, layout: Layout, key: str, dials: Sequence[Mapping[str, Any]], on_dial: Report,
    on_place: Report | None, calls: int = 0,
) -> None:  # fmt: skip
    """Draw a snapshot as `board` does, with dials of this reader's own, and report where a chart was clicked.

    calls: how often this reader has been called to look at the board; it comes into view with each.
    """
    stamp = f"{seat.generation}.{snapshot.version}.{hash(layout)}"
    data = seat.drawing(layout, stamp, lambda: message(seat, stamp, snapshot, layout))
    own = {"dials": list(dials), "calls": calls}
    mine = encode({**own, "reports": True, "heard": heard(key), "stamp": f"{stamp}.{crc32(encode(own))}"})
    show(key, data[:-1] + b"," + mine[1:], on_dial=on_dial, on_place=on_place)


def heard(key: str) -> int:
    """Count the reports of this board that have been dealt with: the browser sends the next one then."""
    reported = st.session_state.get(key) or {}
    return max((int(part.get("n", 0)) for kind in ("dial", "handle") if (part := reported.get(kind))), default=0)


def take_target(key: str) -> None:
    """Move the target to where this reader has dragged its line."""
    dragged = st.session_state[key]["target"]
    if dragged is not None:
        st.session_state["view.target"] = float(f"{dragged['y']:.3g}")
        st.session_state["view.moved"] = True


def show(
    key: str, data: bytes, *, on_lane: Report | None = None, on_place: Report | None = None,
    on_target: Report | None = None, on_dial: Report | None = None, on_handle: Report | None = None,
) -> ComponentResult:  # fmt: skip
    """Mount the board; a callback takes nothing and finds what was reported in `st.session_state[key]["lane"]`.

    "place", "target", "dial" and "handle" stand beside it, as in the result; each keeps its last value, whose `n` tells
    reports apart.
    The browser reports only where the payload has `reports`.
    """
    callbacks = {
        "lane": on_lane, "place": on_place, "target": on_target, "dial": on_dial, "handle": on_handle
    }  # fmt: skip
    heard: dict[str, Any] = {
        f"on_{kind}_change": partial(_heard, key, kind, then) for kind, then in callbacks.items() if then
    }
    return _component(key=key, data=data, **heard)


def _heard(key: str, kind: str, then: Report) -> None:
    """Pass a report on; what a browser has forgotten is none."""
    if st.session_state[key].get(kind) is not None:
        then()


def message(seat: Seat, stamp: str, snapshot: Snapshot, layout: Layout) -> bytes:
    """Write what the board receives; a chart whose source has not changed is not drawn again."""
    charts = [_part(seat, name, snapshot, layout) for name in chosen(snapshot, layout.charts)]
    head = encode(frame(seat.id, stamp, snapshot, layout))
    return head[:-1] + b',"charts":[' + b",".join(charts) + b"]}"


def frame(board_id: str, stamp: str, snapshot: Snapshot, layout: Layout) -> dict[str, Any]:
    """Put together all but the charts."""
    plain: dict[str, Any] = {
        "key": board_id + layout.scope,
        "stamp": stamp,
        "words": texts.BOARD,
        "status": None,
        "counters": [],
        "log": [],
    }
    if not layout.with_numbers:
        return plain
    race = is_race(snapshot) and not layout.is_pair
    log = race_log(snapshot) if race else [f"{mark.step:,}: {mark.text}" for mark in snapshot.lanes[0].marks]
    return {
        **plain,
        "status": _status(snapshot, layout.note, race),
        "counters": race_counters(snapshot, layout.view.target) if race else counters(snapshot),
        "log": log[-_LOG_LINES:],
        "reports": race,
    }


def _part(seat: Seat, name: str, snapshot: Snapshot, layout: Layout) -> bytes:
    """Encode one chart, stamped by its bytes so that the browser leaves an equal one alone."""
    source = source_of(_card(name), snapshot)
    tag = (name, layout.view, layout.question)
    return seat.part(tag, (seat.generation, source), lambda: _stamped(encode(_chart(name, snapshot, layout.view))))


def source_of(chart: Chart, snapshot: Snapshot) -> tuple[object, ...]:
    """Tell what a chart was drawn from: most need a new record to change."""
    if chart.follows_updates:
        return (snapshot.version,)
    steps = tuple((len(lane.records), lane.records[-1].step if lane.records else -1) for lane in snapshot.lanes)
    searched = (snapshot.search.progress, snapshot.search.status) if snapshot.search else None
    turned = sum(len(lane.marks) for lane in snapshot.lanes)
    return (steps, snapshot.status, snapshot.scene is None, searched, turned)


def _stamped(chart: bytes) -> bytes:
    return chart[:-1] + b',"stamp":%d}' % crc32(chart)


def chosen(snapshot: Snapshot, wanted: Sequence[str] = ()) -> list[str]:
    """List the charts that say something about this run, in the order wanted or else the catalogue's."""
    return [name for name in wanted or CHARTS if _card(name).fits(snapshot)]


def _card(name: str) -> Chart:
    return TABLES[name] if name in TABLES else CHARTS[name]


def _chart(name: str, snapshot: Snapshot, view: View) -> dict[str, Any]:
    chart = _card(name)
    label, help_text = (fitting(words, figure(snapshot)) for words in (chart.label, chart.help))
    card = {"id": name, "label": label, "help": help_text, "width": chart.width, "rows": chart.rows}
    try:
        return {**card, "table" if name in TABLES else "figure": chart.draw(snapshot, view=view)}
    except Exception as error:  # one chart's trouble stays in its own card
        return {**card, "error": f"{type(error).__name__}: {error}"}


def _status(snapshot: Snapshot, note: str, race: bool) -> dict[str, str]:
    name = note or str(snapshot.status)
    said = "" if note else race_status(snapshot) if race else snapshot.message or snapshot.lanes[0].message
    return {"kind": texts.STATUS_KIND.get(name, ""), "text": said or texts.STATUS[name]}


def counters(snapshot: Snapshot) -> list[dict[str, str]]:
    """Write the numbers above the charts; accuracy only where there are classes."""
    lane = snapshot.lanes[0]
    values = {
        "epoch": _epochs(lane),
        "step": f"{lane.step:,}",
        "train_loss": _loss(lane.records[-1].train_loss if lane.records else None),
        "test_loss": _loss(lane.records[-1].test_loss if lane.records else None),
        "test_accuracy": _share(lane.records[-1].test_accuracy if lane.records else None),
        "speed": f"{snapshot.updates_per_second:,.0f}",
    }
    if snapshot.scene is not None and not snapshot.scene.is_classes:
        del values["test_accuracy"]
    return _named(values, figure(snapshot))


def race_counters(snapshot: Snapshot, target: float | None) -> list[dict[str, str]]:
    """Write the numbers above a race's charts."""
    return _named(race_numbers(snapshot, target), figure(snapshot))


def _named(values: Mapping[str, str], figure: str = "loss") -> list[dict[str, str]]:
    found = []
    for name, value in values.items():
        label, help_text = (fitting(text, figure) for text in texts.COUNTERS[name])
        found.append({"id": name, "label": label, "help": help_text, "value": value})
    return found


def _epochs(lane: Lane) -> str:
    return f"{lane.epoch:,.2f}" + (f" / {lane.spec.epochs:,}" if lane.spec.epochs else "")


def _loss(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.4f}" if 1e-3 <= abs(value) < 1e4 or value == 0 else f"{value:.3g}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"
