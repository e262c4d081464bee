"""The first section of the lesson on depth: linear layers multiplied out."""

from typing import Any

import numpy as np
import streamlit as st

from nnviz.lessons.depth.figures import STACK_PICTURES
from nnviz.lessons.depth.page_controller import CONTROLLER, WORDS, counter, following, formulas
from nnviz.lessons.depth.results import Collapse
from nnviz.lessons.depth.state import REACH, STACK_TASKS, State
from nnviz.lessons.depth.study_stack import study_stack
from nnviz.ui.board.protocol import Counter
from nnviz.ui.lesson_kit.controls import action
from nnviz.ui.lesson_kit.formula import matrix, tex
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.lesson_kit.stage import BoardSpec, Handle, live_stage
from nnviz.ui.lesson_kit.tasks import tasks


def stack() -> None:
    """Draw the chain of widths, the figures, the matrices and the tasks."""
    state, found = CONTROLLER.state, CONTROLLER.found(_BOARD)
    with st.container(horizontal=True, vertical_alignment="center", key="depth.stack.bar"):
        st.markdown(_chain(found))
        action(CONTROLLER, "new_numbers", icon=":material/casino:", numbers=following(state.numbers))
    live_stage(CONTROLLER, _BOARD)
    _matrices(found)
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in STACK_TASKS.items()})


def _scene(state: State, found: Collapse) -> BoardSpec:
    dials = [CONTROLLER.dial(name, state) for name in ("layers", "narrow")]
    return BoardSpec(STACK_PICTURES, found, dials=dials, counters=_counters(found))


def taken(state: State, handle: Handle) -> dict[str, Any]:
    """Put one of the two points where the hand is."""
    points, at = list(state.points), int(handle.get("index") or 0)
    if handle["act"] != "move" or handle["name"] != "points" or at >= len(points):
        return {}
    x, y = (float(np.clip(round(handle[way], 3), -REACH, REACH)) for way in ("x", "y"))
    points[at] = (x, y)
    return {"points": tuple(points)}


_BOARD = LiveBoard("depth.stack", study_stack, _scene, taken)


def _chain(found: Collapse) -> str:
    """Write the widths as a chain, the narrowest place in bold."""
    least = min(found.widths)
    places = [rf"\mathbf{{{width}}}" if width == least else str(width) for width in found.widths]
    told = WORDS["narrowest"].format(count=least, rank=found.rank)
    chain = r" \to ".join(places)
    return f"**{WORDS['widths']}:** ${chain}$. {told}"


def _counters(found: Collapse) -> list[Counter]:
    return [
        counter("rank", str(found.rank)),
        counter("gap", f"{found.gap:.1e}" if found.gap else "0"),
        counter("counts", "{} / {}".format(*found.counts)),
        counter("apart", f"{found.apart:.3f} / {found.apart_after:.3f}"),
    ]


def _matrices(found: Collapse) -> None:
    """Write every layer, the product and the one layer with their numbers."""
    count = len(found.layers)
    chain = "".join(f"W_{at}" for at in range(count, 0, -1))
    layers = [rf"W_{at}={matrix(w)}\;\;b_{at}={matrix(b)}" for at, (w, b) in enumerate(found.layers, 1)]
    weight, bias = (matrix(part, 6) for part in found.product)
    columns, offset = (matrix(part, 6) for part in found.one)
    formulas(
        "stack",
        (WORDS["layers_line"], *layers),
        (WORDS["product_line"], f"W={chain}", f"={weight}", rf"b={_carried(count)}", f"={bias}"),
        (WORDS["one_line"], r"\big[f(e_1)-f(0)\;\;f(e_2)-f(0)\big]", f"={columns}", f"f(0)={offset}"),
        (WORDS["gap_line"], rf"\max|\Delta|={tex(found.gap, 2)}"),
    )


def _carried(count: int) -> str:
    """Write how the biases are carried through the layers: W_3(W_2 b_1+b_2)+b_3."""
    text = "b_1"
    for at in range(2, count + 1):
        text = f"W_{at}{text}+b_{at}" if at == 2 else f"W_{at}({text})+b_{at}"
    return text
