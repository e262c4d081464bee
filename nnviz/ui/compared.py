"""Saved runs side by side: their curves in one chart, and a table of what differs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from nnviz.charts import figure
from nnviz.charts.chart import View
from nnviz.library.lanes import lane_of
from nnviz.library.library import Library
from nnviz.library.saved import Saved
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.words.language import say
from nnviz.words.library import COLUMNS, COMPARE, LIBRARY

MOST = 8
CHARTS = ("test_loss", "loss", "accuracy")
_FIGURES = ("step", "test_loss", "best_test_loss", "test_accuracy")


def compared(library: Library, runs: Sequence[tuple[Saved, str]]) -> None:
    """Draw the curves of up to eight runs, each under its name, and what tells them apart."""
    st.header(COMPARE["heading"], anchor=False)
    if len(runs) > MOST:
        st.caption(LIBRARY["too_many"].format(most=MOST))
    try:
        lanes = [_lane(library, place, run, name) for place, (run, name) in enumerate(runs[:MOST])]
    except ValueError as error:
        st.warning(LIBRARY["torn"].format(reason=str(error)), icon=":material/warning:")
        return
    if len({lane.spec.dataset for lane in lanes}) > 1:
        st.caption(LIBRARY["mixed"])
    snapshot = Snapshot(0, Status.PAUSED, None, tuple(lanes))
    for column, name in zip(st.columns(len(CHARTS)), CHARTS, strict=True):
        with column:
            st.plotly_chart(figure(name, snapshot, View(log_loss=True)), key=f"compared.{name}")
    _table(runs[:MOST])


def _lane(library: Library, place: int, run: Saved, name: str) -> Lane:
    """Return a run's first lane under the run's name."""
    return replace(lane_of(library.lanes(run.id, with_past=False)[0]), label=name, racer=place, id=str(place))


def _table(runs: Sequence[tuple[Saved, str]]) -> None:
    st.markdown(f"**{COMPARE['differences']}**")
    settings = differing([run.query for run, _ in runs])
    if not settings:
        st.caption(LIBRARY["alike"])
    figures = {say(COLUMNS.english[name][0]): [_figure(run, name) for run, _ in runs] for name in _FIGURES}
    rows = pd.DataFrame({**settings, **figures}, index=[name for _, name in runs])
    st.dataframe(rows.rename_axis(COMPARE["row"]))


def differing(queries: Sequence[Any]) -> dict[str, list[str]]:
    """List the parameters in which links differ, with each one's value; "" where a link does not have it."""
    names = sorted({name for query in queries for name in query})
    found = {name: [str(query.get(name, "")) for query in queries] for name in names}
    return {name: values for name, values in found.items() if len(set(values)) > 1}


def _figure(run: Saved, name: str) -> float | None:
    return run.step if name == "step" else run.figures.get(name)
