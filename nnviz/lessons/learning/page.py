"""The page of the lesson on learning."""

from collections.abc import Mapping

import streamlit as st

from nnviz.lessons.learning.figures import PICTURES
from nnviz.lessons.learning.results import Example
from nnviz.lessons.learning.study import MOST_UPDATES, TASKS, State, study
from nnviz.lessons.learning.texts import TEXTS
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.lesson_kit.formula import tex
from nnviz.ui.lesson_kit.playback import Playback
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.lesson_kit.stage import BoardSpec, live_stage
from nnviz.ui.lesson_kit.tasks import tasks
from nnviz.ui.registry import registry
from nnviz.ui.shell import PAGES

CONTROLLER = LessonController("learning", State, TEXTS)
PLAYBACK = Playback(CONTROLLER, "updates", MOST_UPDATES, stride=8)
_WORDS = TEXTS.words


def learning() -> None:
    """Draw the four parts of both examples, their figures and the tasks."""
    PLAYBACK.run(_both)


def _both() -> None:
    PLAYBACK.beat()
    state, found = CONTROLLER.state, CONTROLLER.found(_BOARD)
    for kind, column in zip(found, st.columns(2), strict=True):
        with column:
            _parts(kind, found[kind], state)
    PLAYBACK.buttons()
    live_stage(CONTROLLER, _BOARD)
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in TASKS.items()})


def _study(state: State) -> Mapping[str, Example]:
    return study(state, registry().stream)


def _scene(state: State, found: Mapping[str, Example]) -> BoardSpec:
    by_picture = {name: found["classes" if name.startswith("boundary") else "curve"] for name in PICTURES}
    dials = [CONTROLLER.dial(name, state) for name in ("updates", "lr", "hidden")]
    return BoardSpec(PICTURES, by_picture, dials=dials, columns=4)


_BOARD = LiveBoard("learning", _study, _scene)


def _parts(kind: str, example: Example, state: State) -> None:
    """Draw a card for each of the four parts, with its formula and its place on the Train page."""
    with st.container(border=True, key=f"learning.{kind}", gap="small"):
        st.markdown(f"**{_WORDS[kind]}**")
        formulas = list(_formulas(kind, example, state).items())
        for pair in (formulas[:2], formulas[2:]):
            for column, (part, (text, formula)) in zip(st.columns(2), pair, strict=True):
                with column:
                    _part(part, text, formula, example)


def _part(part: str, text: str, formula: str, example: Example) -> None:
    query = {**example.spec.to_query(), "part": _PLACES[part]}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            PAGES["train"][0], label=f"**{_WORDS[part]}**", help=_WORDS["go"], query_params=query,
            icon=":material/arrow_outward:",
        )  # fmt: skip
        st.caption(text, width="content")
    st.markdown(f"${formula}$")


_PLACES: Mapping[str, str] = {"data": "data", "model": "network", "loss": "training", "algorithm": "training"}


def _formulas(kind: str, example: Example, state: State) -> dict[str, tuple[str, str]]:
    """Write the four parts with the present numbers."""
    is_classes = kind == "classes"
    x = ",\\,".join(tex(value, 2) for value in example.x)
    y = _WORDS["class_of"].format(index=int(example.y)) if is_classes else tex(example.y, 2)
    model = r"W_2\tanh(W_1x+b_1)+b_2" if state.hidden else r"Wx+b"
    loss = r"-\tfrac1N\sum_i\log p_\theta(y_i|x_i)" if is_classes else r"\tfrac1N\sum_i\,(y_i-f_\theta(x_i))^2"
    step = rf"\theta\leftarrow\theta-{tex(state.lr, 3)}\,\nabla_\theta L"
    first = rf"x_1=({x})\quad y_1={y}" if is_classes else rf"x_1={x}\quad y_1={y}"
    return {
        "data": (_WORDS["data_text"].format(count=example.examples), first),
        "model": (_WORDS["model_text"].format(count=example.parameters), rf"f_\theta(x)={model}"),
        "loss": (_WORDS["loss_text"].format(before=f"{example.loss_before:.3g}"), rf"L={loss}={tex(example.loss, 3)}"),
        "algorithm": (_WORDS["algorithm_text"].format(count=example.snapshot.lanes[0].step), step),
    }
