"""The section of the lesson on affine maps that shows the plane before and after."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nnviz.lessons.affine.figures import PLANE_PICTURES
from nnviz.lessons.affine.figures_plane import FIRST, POINT, SECOND, SHIFT
from nnviz.lessons.affine.page_controller import CONTROLLER
from nnviz.lessons.affine.results import Plane
from nnviz.lessons.affine.study import PLANE_TASKS, State
from nnviz.lessons.affine.study_plane import COMPOSED, ENTRIES, plane, take
from nnviz.lessons.affine.texts import TEXTS
from nnviz.ui.board.protocol import Counter
from nnviz.ui.fragment import fragment
from nnviz.ui.lesson_kit.controls import action, menu, segments, toggle
from nnviz.ui.lesson_kit.formula import in_brackets, matrix, signed, tex
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.lesson_kit.stage import BoardSpec, Handle, live_stage
from nnviz.ui.lesson_kit.tasks import tasks

_WORDS = TEXTS.words
_PRESETS: Mapping[str, tuple[float, float, float, float]] = {  # angle, scales, shear
    "identity": (0, 1, 1, 0),
    "rotation": (30, 1, 1, 0),
    "mirror": (0, -1, 1, 0),
    "projection": (0, 1, 0, 0),
    "shearing": (0, 1, 1, 1),
}


@fragment
def plane_section() -> None:
    """Draw the controls, both figures with their numbers beside them, and the tasks."""
    _controls()
    state, found = CONTROLLER.state, CONTROLLER.found(_BOARD)
    figures, formulas = st.columns([3, 1], gap="medium")
    with figures:
        live_stage(CONTROLLER, _BOARD)
    with formulas:
        _formulas(state, found)
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in PLANE_TASKS.items()})


def _scene(state: State, found: Plane) -> BoardSpec:
    names = (*(COMPOSED if state.mode == "compose" else ENTRIES), "b1", "b2")
    dials = [CONTROLLER.dial(name, state) for name in names]
    return BoardSpec(
        PLANE_PICTURES, found, dials=dials, counters=_numbers(found), status=_judged(found), columns=2
    )  # fmt: skip


def _controls() -> None:
    with st.container(horizontal=True, key="affine.controls", vertical_alignment="bottom", gap="small"):
        segments(CONTROLLER, "mode")
        for name, values in _PRESETS.items():
            changes: dict[str, Any] = dict(zip(COMPOSED, values, strict=True))
            action(CONTROLLER, name, **changes)
        menu(CONTROLLER, "shape", width=150)
        toggle(CONTROLLER, "circle")


def _taken(state: State, handle: Handle) -> dict[str, float]:
    return take(state, handle["name"], handle["x"], handle["y"]) if handle["act"] == "move" else {}


_BOARD: LiveBoard[State, Plane] = LiveBoard("affine_plane", plane, _scene, _taken)


def _numbers(found: Plane) -> list[Counter]:
    values = {
        "determinant": f"{_clean(found.determinant):.3f}",
        "rank": str(found.rank),
        "longest": f"{_clean(found.stretches[0]):.3f}",
        "shortest": f"{_clean(found.stretches[1]):.3f}",
    }
    named = {name: TEXTS.knobs[f"number_{name}"] for name in values}
    return [
        {"id": name, "label": label, "help": help_text, "value": values[name].replace("-", "−")}
        for name, (label, help_text) in named.items()
    ]


def _judged(found: Plane) -> tuple[str, str]:
    """Say in a sentence what the map does to areas and sides."""
    if found.rank < 2:
        return "warn", _WORDS["line" if found.rank else "dot"]
    kind = "mirrored" if found.determinant < 0 else "same"
    return ("warn" if kind == "mirrored" else "good"), _WORDS[kind].format(area=f"{abs(found.determinant):.3g}")


def _formulas(state: State, found: Plane) -> None:
    """Write the map, one point's way through it, the determinant, and the factors of W."""
    st.latex(rf"W={_weights(found)}\quad b={_column(found.bias, SHIFT)}")
    st.markdown(_WORDS["columns"])
    for line in _way(state, found):
        st.latex(line)
    (a, b), (c, d) = found.weights.tolist()
    products = rf"{tex(a, 3)}\cdot{in_brackets(d, 3)}-{in_brackets(b, 3)}\cdot{in_brackets(c, 3)}"
    st.latex(r"\det W=w_{11}w_{22}-w_{12}w_{21}")
    st.latex(rf"={products}={tex(_clean(found.determinant), 3)}")
    if state.mode == "compose":
        _factors(found)


def _way(state: State, found: Plane) -> list[str]:
    x1, x2 = found.before.point[0].tolist()
    image = _column(found.after.point[0], POINT)
    x = _column(found.before.point[0], POINT)
    first, second = (_column(column, colour) for column, colour in zip(found.weights.T, (FIRST, SECOND), strict=True))
    return [
        rf"y=W{x}+b={image}",
        rf"{tex(x1, 3)}{first}{signed(x2, 3)}{second}+{_column(found.bias, SHIFT)}",
    ]


def _factors(found: Plane) -> None:
    if not found.is_composed:
        st.caption(_WORDS["not_composed"])
        return
    st.markdown(_WORDS["composed"])
    rotation, scaling, shear = (matrix(_rounded(factor), 3) for factor in found.factors)
    st.latex(rf"W=R_\varphi\,S\,K,\quad K={shear}")
    st.latex(rf"S={scaling}")
    st.latex(rf"R_\varphi={rotation}")


def _weights(found: Plane) -> str:
    rows = (
        " & ".join(_coloured(value, colour) for value, colour in zip(row, (FIRST, SECOND), strict=True))
        for row in found.weights.tolist()
    )
    return r"\begin{bmatrix}" + r"\\".join(rows) + r"\end{bmatrix}"


def _column(values: Any, colour: str) -> str:
    return r"\begin{bmatrix}" + r"\\".join(_coloured(value, colour) for value in values.tolist()) + r"\end{bmatrix}"


def _coloured(value: float, colour: str) -> str:
    return rf"\textcolor{{{colour}}}{{{tex(_clean(value), 3)}}}"


def _rounded(values: Any) -> Sequence[Sequence[float]]:
    return [[_clean(value) for value in row] for row in values.tolist()]


def _clean(value: float) -> float:
    """Leave out what is only rounding: no -0 and no 6e-17."""
    return round(value, 6) + 0.0
