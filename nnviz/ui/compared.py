"""Saved runs side by side: their curves in one chart, and a table of what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from nnviz.charts import figure
from nnviz.charts.chart import View
from nnviz.charts.facts import Series, extent, padded
from nnviz.charts.palette import Style, run_styles
from nnviz.charts.stretch import stretch
from nnviz.library.lanes import lane_of
from nnviz.library.library import Library
from nnviz.library.saved import Saved
from nnviz.records.every_loss import EveryLoss
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.ui.swatch import swatch_of
from nnviz.words.language import say
from nnviz.words.library import ACTIONS, COLUMNS, COMPARE, LIBRARY

MOST = 8
CHARTS = ("test_loss", "loss", "accuracy")
_BEST = "best_test_loss"
_FIGURES = ("step", "test_loss", "best_test_loss", "test_accuracy")


def compared(library: Library, runs: Sequence[tuple[Saved, str]]) -> None:
    """Draw the curves of up to eight runs, each under its name, and what tells them apart."""
    st.header(COMPARE["heading"], anchor=False)
    if len(runs) > MOST:
        st.caption(LIBRARY["too_many"].format(most=MOST))
    try:
        looks = styles_of([run for run, _ in runs[:MOST]])
        lanes = [_lane(library, place, run, name, looks[run.id]) for place, (run, name) in enumerate(runs[:MOST])]
    except ValueError as error:
        st.warning(LIBRARY["torn"].format(reason=str(error)), icon=":material/warning:")
        return
    if len({lane.spec.dataset for lane in lanes}) > 1:
        st.caption(LIBRARY["mixed"])
    snapshot = Snapshot(0, Status.PAUSED, None, tuple(lanes))
    drawn = {name: figure(name, snapshot, View(log_loss=True)) for name in CHARTS}
    for column, name in zip(st.columns(len(CHARTS)), CHARTS, strict=True):
        with column:
            above = st.container()  # the slider stands below its chart, so that all charts stand in a row
            if name == "loss" and (ends := _ends(snapshot)) is not None:
                come_closer(drawn[name], library, [run for run, _ in runs[:MOST]], snapshot, *ends)
            above.plotly_chart(drawn[name], key=f"compared.{name}")
    _table(runs[:MOST], looks)


def styles_of(runs: Sequence[Saved]) -> dict[str, Style]:
    """Return the style of each run, by its id: its own colour, and of those with the same the oldest the plain line."""
    by_age = sorted(runs, key=lambda run: (run.created, run.id))
    return dict(zip((run.id for run in by_age), run_styles([run.colour for run in by_age]), strict=True))


def _lane(library: Library, place: int, run: Saved, name: str, look: Style) -> Lane:
    """Return a run's first lane under the run's name and in its colour."""
    lane = lane_of(library.lanes(run.id, with_past=False)[0])
    return replace(lane, label=name, racer=place, id=str(place), look=look)


def _ends(snapshot: Snapshot) -> tuple[int, int] | None:
    """Let the reader choose a stretch of the updates; None for all of them."""
    last = max(lane.step for lane in snapshot.lanes)
    if last < 2:
        return None
    label, help_text = ACTIONS["stretch"]
    low, high = st.slider(label, 0, last, (0, last), help=help_text, key=f"compared.stretch.{last}")
    return (low, high) if 0 < high - low < last else None


def come_closer(
    drawn: Any, library: Library, runs: Sequence[Saved], snapshot: Snapshot, low: int, high: int
) -> None:  # fmt: skip
    """Let a chart of training losses show a stretch of the updates, each of them."""

    def losses(lane: Lane, first: float, last: float) -> EveryLoss:
        run = runs[int(lane.id)]
        own = run.lanes[0]["id"] if run.lanes else "0"
        return library.every_loss(run.id, own, first, last)

    close = stretch(snapshot, losses, low, high, View(log_loss=True))
    drawn.add_traces([{**trace, "showlegend": False} for trace in close])
    drawn.update_xaxes(range=[low, high], autorange=False)
    heights = [trace["y"][trace["y"] > 0] for trace in close]
    if any(len(each) for each in heights):
        ends = padded(*extent([Series(each, each) for each in heights]), is_log=drawn.layout.yaxis.type == "log")
        drawn.layout.yaxis.range = ends


def _table(runs: Sequence[tuple[Saved, str]], looks: Mapping[str, Style]) -> None:
    st.markdown(f"**{COMPARE['differences']}**")
    names = [name for _, name in runs]
    label, help_text = ACTIONS["baseline"]
    chosen = st.selectbox(label, names, index=None, help=help_text, width=420, key="compared.baseline")
    rows = table([run for run, _ in runs], names, names.index(chosen) if chosen in names else None)
    if not differing([run.query for run, _ in runs]):
        st.caption(LIBRARY["alike"])
    label, help_text = COLUMNS["colour"]
    shown = rows.copy()
    shown.insert(0, label, [swatch_of(looks[run.id]) for run, _ in runs])
    st.dataframe(shown, column_config={label: st.column_config.ImageColumn(label, help=help_text, width=60)})
    with st.popover(COMPARE["markdown"], icon=":material/content_copy:"):
        st.code(as_markdown(rows), language="markdown", wrap_lines=False)


def table(runs: Sequence[Saved], names: Sequence[str], baseline: int | None = None) -> pd.DataFrame:
    """Write what differs in the settings of runs, and their figures; with a baseline, the best losses beside its."""
    figures: dict[str, list[Any]] = {
        say(COLUMNS.english[name][0]): [_figure(run, name) for run in runs] for name in _FIGURES
    }
    if baseline is not None:
        figures[COMPARE["beside"].format(name=names[baseline])] = beside(
            [_figure(run, _BEST) for run in runs], baseline
        )
    rows = pd.DataFrame({**differing([run.query for run in runs]), **figures}, index=list(names))
    return rows.rename_axis(COMPARE["row"])


def beside(values: Sequence[float | None], baseline: int) -> list[str]:
    """Write how much each value is above or below the baseline's, in per cent."""
    first = values[baseline]
    known = [None if value is None or not first else 100 * (value / first - 1) for value in values]
    return ["–" if each is None else f"{each:+.1f} %" for each in known]


def as_markdown(rows: pd.DataFrame) -> str:
    """Write a table as Markdown."""
    head = [str(rows.index.name), *map(str, rows.columns)]
    lines = [
        [_cell(name), *map(_cell, row)] for name, row in zip(rows.index, rows.itertuples(index=False), strict=True)
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines))


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and isnan(value)):
        return "–"
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value).replace("|", "\\|")


def differing(queries: Sequence[Any]) -> dict[str, list[str]]:
    """List the parameters in which links differ, with each one's value; "" where a link does not have it."""
    names = sorted({name for query in queries for name in query})
    found = {name: [str(query.get(name, "")) for query in queries] for name in names}
    return {name: values for name, values in found.items() if len(set(values)) > 1}


def _figure(run: Saved, name: str) -> float | None:
    return run.step if name == "step" else run.figures.get(name)
