"""How a race ended, and what its lanes cost."""

from typing import Any

import numpy as np

from nnviz.charts import facts
from nnviz.charts.chart import PLAIN_VIEW, Figure, View
from nnviz.charts.figure import axis, layout, waiting
from nnviz.charts.podium import podium, sentence
from nnviz.charts.racers import racers
from nnviz.charts.standings import Standing, standings
from nnviz.records.run import Snapshot
from nnviz.words.charts import OUTCOME, PLOT


def is_finished_race(snapshot: Snapshot) -> bool:
    """Tell whether there is an end to tell of."""
    return facts.is_compared(snapshot) and snapshot.status.is_over and any(lane.step for lane in snapshot.lanes)


def outcome(snapshot: Snapshot, view: View = PLAIN_VIEW) -> dict[str, Any]:
    """Write a sentence about each racer as the board's table, by rank."""
    columns = [
        {"id": "rank", "label": OUTCOME["rank"], "help": "", "align": "right"},
        {"id": "told", "label": OUTCOME["told"], "help": "", "align": "text"},
    ]
    rows = [_row(told, facts.metric_of(snapshot)) for told in podium(snapshot, view.target)]
    return {"columns": columns, "rows": rows}


def _row(told: Any, metric: str) -> dict[str, Any]:
    part: Standing = told.standing
    look = {"colour": part.style.colour, "dash": part.style.dash}
    cells = [str(part.rank), sentence(told, metric=metric)]
    return {
        "key": part.label, "lane": part.label, **look, "cells": cells, "title": "",
    }  # fmt: skip


def lane_costs(snapshot: Snapshot, view: View = PLAIN_VIEW) -> Figure:
    """Draw a bar for each racer: the microseconds that one of its updates takes."""
    costs = {part.label: part.seconds_per_update for part in standings(snapshot)}
    names = [racer for racer in racers(snapshot) if costs[racer.label]]
    y = axis("", autorange="reversed", automargin=True, showgrid=False)
    frame = layout("lane_cost", axis(PLOT["costs"], rangemode="tozero"), y, showlegend=False)
    if not names:
        return waiting(snapshot, frame)
    return {"data": [_bar(racer.label, racer.style.colour, 1e6 * (costs[racer.label] or 0)) for racer in names],
            "layout": {**frame, "bargap": 0.35}}  # fmt: skip


def _bar(label: str, colour: str, cost: float) -> dict[str, Any]:
    return {
        "type": "bar", "orientation": "h", "x": np.array([cost], dtype=np.float32), "y": [label], "name": label,
        "text": [f"{cost:,.0f}"], "textposition": "auto", "marker": {"color": colour}, "meta": {"lane": label},
        "hovertemplate": PLOT["cost"].format(lane=label, cost="%{x:,.0f}") + "<extra></extra>", "width": 0.65,
    }  # fmt: skip
