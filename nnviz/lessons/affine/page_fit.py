"""The section of the lesson on affine maps that fits one to data."""

import math

import numpy as np
import streamlit as st

from nnviz.lessons.affine.figures import FIT_PICTURES
from nnviz.lessons.affine.page_controller import CONTROLLER
from nnviz.lessons.affine.results import Fit
from nnviz.lessons.affine.study import FIT_TASKS, State
from nnviz.lessons.affine.study_fit import MOST_STEPS, fit
from nnviz.lessons.affine.texts import TEXTS
from nnviz.records.run import Doubles
from nnviz.ui.board.protocol import Counter
from nnviz.ui.lesson_kit.formula import matrix, tex
from nnviz.ui.lesson_kit.playback import Playback
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.lesson_kit.stage import BoardSpec, live_stage
from nnviz.ui.lesson_kit.tasks import tasks

_WORDS = TEXTS.words


PLAYBACK = Playback(CONTROLLER, "steps", MOST_STEPS, stride=8)


def fit_section() -> None:
    """Draw the fit, which goes on by itself while it plays."""
    PLAYBACK.run(_fit)


def _fit() -> None:
    PLAYBACK.beat()
    state, found = CONTROLLER.state, CONTROLLER.found(_BOARD)
    st.header(_WORDS["fit_title"], anchor=False)
    st.markdown(_WORDS["fit_lead"].format(count=len(found.x)))
    PLAYBACK.buttons()
    live_stage(CONTROLLER, _BOARD)
    for part, column in zip((_shapes, _data, _ways), st.columns(3, gap="medium"), strict=True):
        with column:
            part(state, found)
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in FIT_TASKS.items()})


def _scene(state: State, found: Fit) -> BoardSpec:
    dials = [CONTROLLER.dial(name, state) for name in ("steps", "rate", "inputs")]
    return BoardSpec(
        FIT_PICTURES, found, dials=dials, counters=_numbers(found), status=_judged(state, found), columns=4
    )  # fmt: skip


_BOARD: LiveBoard[State, Fit] = LiveBoard("affine_fit", fit, _scene)


def _numbers(found: Fit) -> list[Counter]:
    values = {
        "loss": found.loss,
        "least": found.least,
        "gap": max(found.gap, 0.0),
        "difference": found.difference,
        "limit": 2 / found.steepest,
    }
    named = {name: TEXTS.knobs[f"number_{name}"] for name in values}
    return [
        {"id": name, "label": label, "help": help_text, "value": _spelled(values[name])}
        for name, (label, help_text) in named.items()
    ]


def _spelled(value: float) -> str:
    if not math.isfinite(value):
        return "∞"
    return f"{value:.4f}" if value == 0 or 1e-4 <= value < 1e4 else f"{value:.1e}"


def _judged(state: State, found: Fit) -> tuple[str, str]:
    limit = 2 / found.steepest
    kind, name = ("bad", "unstable") if state.rate > limit else ("good", "stable")
    return kind, _WORDS[name].format(limit=f"{limit:.3g}")


def _shapes(state: State, found: Fit) -> None:
    """Write the layer for all patients at once, with the shapes of its matrices, and the first patient's answer."""
    (count, width), outputs = found.x.shape, found.y.shape[1]
    st.markdown(_WORDS["shapes"])
    st.latex(
        rf"\underset{{{count}\times{outputs}}}{{Y}}\approx\underset{{{count}\times{width}}}{{X}}\;\;"
        rf"\underset{{{width}\times{outputs}}}{{W}}\;+\;\underset{{{count}\times1}}{{\mathbf 1}}\;\;"
        rf"\underset{{1\times{outputs}}}{{b^\top}}"
    )
    _patient(found)


def _data(state: State, found: Fit) -> None:
    """Write the first numbers of X and Y."""
    st.markdown(_WORDS["data"])
    st.latex(rf"X={_table(found.x)}")
    st.latex(rf"Y={_table(found.y)}")


def _ways(state: State, found: Fit) -> None:
    """Write both ways to fit W, and the b that each finds."""
    st.markdown(_WORDS["update"])
    st.latex(rf"W\leftarrow W-{tex(state.rate, 3)}\cdot\tfrac{{2}}{{NK}}X^\top E")
    st.latex(r"E=XW+\mathbf 1b^\top-Y")
    st.latex(r"\tilde X^\top\tilde X\,\tilde W=\tilde X^\top Y")
    st.markdown(_WORDS["biases"])
    st.latex(rf"b^\top={matrix(found.bias[None], 4)}")
    st.latex(rf"b^{{\star\top}}={matrix(found.best_bias[None], 4)}")


def _patient(found: Fit) -> None:
    """Say what the layer answers for the first patient, in the units that were measured."""
    said = (found.x[0] @ found.weights + found.bias) * found.units
    measured = found.y[0] * found.units
    names = {f"said_{name}": value for name, value in zip(found.outputs, said, strict=True)}
    names |= dict(zip(found.outputs, measured, strict=True))
    st.markdown(_WORDS["patient"].format(**{name: _plain(float(value)) for name, value in names.items()}))


def _plain(value: float) -> str:
    if not math.isfinite(value):
        return "∞"
    return (f"{value:.0f}" if abs(value) < 1e6 else f"{value:.1e}").replace("-", "−")


def _table(values: Doubles) -> str:
    return matrix(np.round(values, 2) + 0.0, 3, most=4)
