"""A page with a board made by hand: every kind of card, and what the board reports written below it."""

import json
import math
from typing import Any

import numpy as np
import streamlit as st

from nnviz.ui.board import component, serving
from nnviz.ui.board.payload import encode
from nnviz.words.board import BOARD

LANES = {"SGD": ("#8C8C8C", "solid"), "Momentum": ("#0072B2", "dash"), "Adam": ("#D55E00", "solid")}
COLUMNS = [
    {"id": "name", "label": "Optimizer", "help": "The lane.", "align": "left"},
    {"id": "rank", "label": "Rank", "help": "By the best test loss.", "align": "right"},
    {"id": "loss", "label": "Test loss", "help": "At the last measurement.", "align": "right"},
]
STEPS = 300


def losses(turn: int) -> dict[str, Any]:
    """Draw a line for each lane that goes on with each refresh, and a target on a log axis."""
    x = np.arange(20 + turn % 40, dtype=np.float32)
    data = [
        {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": np.exp(-x / (10 + 5 * at)) + 0.01,
         "line": {"color": colour, "dash": dash, "width": 2}, "meta": {"lane": name}}
        for at, (name, (colour, dash)) in enumerate(LANES.items())
    ]  # fmt: skip
    band = {"type": "scatter", "mode": "lines", "x": x, "y": 0 * x + 0.02, "fill": "tozeroy", "showlegend": False,
            "line": {"color": "#D55E00", "width": 0}, "fillcolor": "rgba(213,94,0,0.4)"}  # fmt: skip
    bands = [{**band, "meta": {"lane": "Adam"}}]
    other = {"type": "scatter", "x": x, "y": 0 * x + 0.5, "name": "all", "line": {"width": 1}}
    line = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 0.1,
        "y1": 0.1,
        "line": {"dash": "dot", "width": 2},
    }
    goal = {**line, "name": "target", "editable": True}
    layout = {"yaxis": {"type": "log", "range": [-3, 0.5]}, "xaxis": {"title": {"text": "update"}}, "shapes": [goal]}
    return {"data": [*data, other, *bands], "layout": layout}


def standing(turn: int) -> dict[str, Any]:
    """Rank the lanes; the order changes with each tenth refresh, the length of the numbers with each."""
    names = list(LANES)
    order = names[turn // 10 % 3 :] + names[: turn // 10 % 3]
    rows = [
        {"key": name, "lane": name, "colour": LANES[name][0], "dash": LANES[name][1], "title": f"{name} goes on",
         "cells": [name, str(rank), f"{0.5 / (rank + turn % 7):.{2 + 3 * (turn % 2)}f}"]}
        for rank, name in enumerate(order, 1)
    ]  # fmt: skip
    return {"columns": COLUMNS, "rows": rows, "note": "Ranked by the best test loss so far."}


def trails(x: float, y: float) -> dict[str, np.ndarray]:
    """Wind each lane down from a start to the middle: (STEPS + 1, 2)."""
    radius, angle = math.hypot(x, y), math.atan2(y, x)
    steps = np.arange(STEPS + 1)
    found = {}
    for at, name in enumerate(LANES):
        turn, size = angle + steps / (15 + 9 * at), radius * np.exp(-steps / (60 + 30 * at))
        found[name] = np.stack([size * np.cos(turn), size * np.sin(turn)], axis=1).astype(np.float32)
    return found


def ground(x: float, y: float) -> dict[str, Any]:
    """Draw a bowl with a start, the trails, their heads and an arrow that belongs to the step."""
    side = np.linspace(-3, 3, 60, dtype=np.float32)
    heights = np.log1p(side[None, :] ** 2 + 3 * side[:, None] ** 2)
    bowl = {
        "type": "contour",
        "x": side,
        "y": side,
        "z": heights,
        "showscale": False,
        "ncontours": 20,
        "hoverinfo": "skip",
    }
    start = {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "meta": {"start": True}, "name": "start",
             "marker": {"symbol": "cross", "size": 12, "color": "#111"}}  # fmt: skip
    axes = {"xaxis": {"range": [-3, 3]}, "yaxis": {"range": [-3, 3]}}
    return {"data": [bowl, *playback(x, y), start], "layout": {**axes, "meta": {"places": True}, "height": 420}}


def playback(x: float, y: float) -> list[dict[str, Any]]:
    """Draw the traces that follow the step."""
    data: list[dict[str, Any]] = []
    for name, points in trails(x, y).items():
        colour, dash = LANES[name]
        ends = np.stack([points[:-1], points[:-1] + 5 * np.diff(points, axis=0)], axis=1).reshape(-1, 2)
        kinds: tuple[tuple[str, Any, str, dict[str, Any]], ...] = (
            ("head", points, "lines", {}),
            ("now", points, "markers", {"marker": {"size": 10, "color": colour}}),
            ("frame", ends, "lines", {"size": 2}),
        )
        for kind, path, mode, more in kinds:
            size = {"size": more.pop("size")} if "size" in more else {}
            stroke = {"color": colour, "dash": dash if kind == "head" else "solid", "width": 2}
            part = {"type": "scatter", "mode": mode, "x": path[:, 0], "y": path[:, 1], "name": f"{name} {kind}"}
            meta = {"lane": name, "playback": {"kind": kind, **size}}
            data.append({**part, "line": stroke, "showlegend": kind == "head", "meta": meta, **more})
    return data


def distances(x: float, y: float) -> dict[str, Any]:
    """Draw each lane's distance to the middle, up to the step."""
    data = [
        {"type": "scatter", "mode": "lines", "x": np.arange(STEPS + 1), "y": np.hypot(*points.T), "name": name,
         "line": {"color": LANES[name][0]}, "meta": {"lane": name, "playback": {"kind": "head"}}}
        for name, points in trails(x, y).items()
    ]  # fmt: skip
    return {"data": data, "layout": {"xaxis": {"range": [0, STEPS]}, "yaxis": {"range": [0, 4.5]}}}


def cards(turn: int, x: float, y: float) -> list[dict[str, Any]]:
    """List the cards that the address asks for; some change with each refresh, some with the start."""
    wanted = st.query_params.get("cards", "losses,standing,ground,distances").split(",")
    drawn = {
        "losses": lambda: {"figure": losses(turn)}, "standing": lambda: {"table": standing(turn)},
        "ground": lambda: {"figure": ground(x, y)}, "distances": lambda: {"figure": distances(x, y)},
    }  # fmt: skip
    live = ("losses", "standing")
    words = {name: {"label": name.capitalize(), "help": f"About {name}."} for name in drawn}
    return [
        {"id": name, "width": 2 if name in ("standing", "ground") else 1, **words[name], **drawn[name](),
         "stamp": f"{turn}" if name in live else f"{x},{y}"}
        for name in wanted
    ]  # fmt: skip


def heard(kind: str) -> None:
    """Keep a report as the callback finds it."""
    st.session_state["heard"].append([kind, st.session_state["board"][kind]])


def start() -> tuple[float, float]:
    """Find where the last reported place is."""
    places = [value for kind, value in st.session_state["heard"] if kind == "place"]
    return (places[-1]["x"], places[-1]["y"]) if places else (2.0, 2.0)


def refresh() -> None:
    """Draw the board once more, with the next turn's numbers."""
    st.session_state["turn"] += 1
    turn, (x, y) = st.session_state["turn"], start()
    payload: dict[str, Any] = {
        "key": "by-hand", "stamp": f"{turn}", "words": BOARD, "counters": [], "status": None, "log": [],
        "reports": "silent" not in st.query_params, "charts": cards(turn, x, y),
    }  # fmt: skip
    if "playback" in st.query_params:
        payload["playback"] = {"steps": STEPS, "token": st.query_params["playback"], "perSecond": 60, "follow": False}
    callbacks = {f"on_{kind}": lambda kind=kind: heard(kind) for kind in ("lane", "place", "target")}
    component.show("board", encode(payload), **callbacks)
    st.text(json.dumps({"turn": turn, "heard": st.session_state["heard"]}))


def page() -> None:
    """Draw the board, once or again and again."""
    st.set_page_config(layout="wide")
    st.session_state.setdefault("turn", 0)
    st.session_state.setdefault("heard", [])
    st.fragment(refresh, run_every=None if "still" in st.query_params else 0.25)()


if __name__ == "__main__":  # a visitor's page
    page()
else:  # imported by the server
    app = st.App(__file__, routes=serving.routes())
