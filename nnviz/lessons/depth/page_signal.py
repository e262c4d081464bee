"""The third section of the lesson on depth: activations and signals."""

import numpy as np
import streamlit as st

from nnviz.lessons.depth.figures_signal import SIGNAL_PICTURES
from nnviz.lessons.depth.page_controller import CONTROLLER, WORDS, counter, following, formulas
from nnviz.lessons.depth.results import Depths
from nnviz.lessons.depth.state import SIGNAL_TASKS, State
from nnviz.lessons.depth.study_signal import study_signal
from nnviz.ui.board.protocol import Counter
from nnviz.ui.lesson_kit.controls import action, menu
from nnviz.ui.lesson_kit.formula import in_brackets, tex
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.lesson_kit.stage import BoardSpec, Handle, live_stage
from nnviz.ui.lesson_kit.tasks import tasks
from nnviz.ui.registry import registry

_FORMULAS = {
    "relu": (r"\max(0,y)", r"[y>0]"),
    "leaky_relu": (r"\max(0.01\,y,\,y)", r"[y>0]+0.01\,[y\le 0]"),
    "sigmoid": (r"\tfrac{1}{1+e^{-y}}", r"\rho(y)\,(1-\rho(y))"),
    "tanh": (r"\tanh y", r"1-\tanh^2 y"),
    "gelu": (r"y\,\Phi(y)", r"\Phi(y)+y\,\varphi(y)"),
    "silu": (r"\tfrac{y}{1+e^{-y}}", r"\sigma(y)\,(1+y\,(1-\sigma(y)))"),
}
_VARIANCES = {
    "torch_default": (r"\tfrac{1}{3\,n_{in}}", r"\tfrac{1}{3\cdot 128}"),
    "he_normal": (r"\tfrac{2}{n_{in}}", r"\tfrac{2}{128}"),
    "he_uniform": (r"\tfrac{2}{n_{in}}", r"\tfrac{2}{128}"),
    "glorot_normal": (r"\tfrac{2}{n_{in}+n_{out}}", r"\tfrac{2}{128+128}"),
    "glorot_uniform": (r"\tfrac{2}{n_{in}+n_{out}}", r"\tfrac{2}{128+128}"),
    "orthogonal": (r"\tfrac{1}{n_{in}}", r"\tfrac{1}{128}"),
}
_FACTORS = {"glorot": r"n\,\mathrm{Var}(W)", "he": r"\tfrac12 n\,\mathrm{Var}(W)"}
_SMALL = r"\rho'(0)^2\,n\,\mathrm{Var}(W)"


def signal() -> None:
    """Draw the menus, the figures, the predictions and the tasks."""
    state = CONTROLLER.state
    with st.container(horizontal=True, vertical_alignment="bottom", key="depth.signal.bar", gap="medium"):
        menu(CONTROLLER, "act", width=180)
        menu(CONTROLLER, "init", width=240)
        action(CONTROLLER, "new_draw", icon=":material/casino:", draw=following(state.draw))
    found = CONTROLLER.found(_BOARD)
    live_stage(CONTROLLER, _BOARD)
    _formulas(found)
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in SIGNAL_TASKS.items()})


def _study(state: State) -> Depths:
    return study_signal(state, registry().signals)


def _scene(state: State, found: Depths) -> BoardSpec:
    dials = [CONTROLLER.dial(name, state) for name in ("depth", "std", "x")]
    return BoardSpec(SIGNAL_PICTURES, found, dials=dials, counters=_counters(found), columns=2)


def _taken(state: State, handle: Handle) -> dict[str, float]:
    """Put the point on the curve where the hand is."""
    is_moved = handle["act"] == "move" and handle["name"] == "x"
    return {"x": float(np.clip(round(handle["x"], 2), -5, 5))} if is_moved else {}


_BOARD = LiveBoard("depth.signal", _study, _scene, _taken)


def _counters(found: Depths) -> list[Counter]:
    signal = found.signal
    first = float(signal.between[1])
    between = float(signal.between[-1]) / first if first else 0.0
    return [
        counter("ratio", f"{signal.ratio:.2g}"),
        counter("between_ratio", f"{between:.2g}"),
        counter("back_ratio", f"{signal.back_ratio:.2g}"),
        counter("sleepers", f"{100 * signal.asleep[-1]:.0f} %"),
    ]


def _formulas(found: Depths) -> None:
    """Write the activation at the point, the variance of a weight, and the factors predicted and measured."""
    bend = found.bend
    value, slope = _FORMULAS[bend.name]
    at = in_brackets(bend.x, 3) if bend.x < 0 else f"({tex(bend.x, 3)})"
    factor = _FACTORS.get(found.paper, _SMALL)
    formulas(
        "signal",
        (WORDS["value_line"], rf"\rho(y)={value}", rf"\rho{at}={tex(bend.value)}"),
        (WORDS["slope_line"], rf"\rho'(y)={slope}", rf"\rho'{at}={tex(bend.slope)}"),
        (WORDS[f"paper_{found.paper}"],),
        (WORDS["variance_line"], _variance(found)),
        (WORDS["predicted_line"], rf"{factor}={tex(found.factor, 3)}"),
        (WORDS["forward_line"], tex(found.measured, 3)),
        (WORDS["backward_line"], tex(found.measured_back, 3)),
    )


def _variance(found: Depths) -> str:
    number = tex(found.variance, 3)
    if found.chosen == "normal":
        return rf"\mathrm{{Var}}(W)=\sigma^2={tex(found.variance**0.5, 3)}^2={number}"
    if found.chosen not in _VARIANCES:
        return rf"\mathrm{{Var}}(W)={number}"
    formula, filled = _VARIANCES[found.chosen]
    return rf"\mathrm{{Var}}(W)={formula}={filled}={number}"
