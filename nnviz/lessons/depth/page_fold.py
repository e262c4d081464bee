"""The second section of the lesson on depth: one layer and three, trained side by side."""

import streamlit as st

from nnviz.lessons.depth.figures import FOLD_PICTURES
from nnviz.lessons.depth.page_controller import CONTROLLER, WORDS, counter, following, formulas
from nnviz.lessons.depth.results import Fold
from nnviz.lessons.depth.state import FOLD_TASKS, MOST_UPDATES, State
from nnviz.lessons.depth.study_fold import study_fold
from nnviz.records.run import Doubles, Snapshot
from nnviz.ui.board.protocol import Counter
from nnviz.ui.lesson_kit.controls import action, menu, segments, toggle
from nnviz.ui.lesson_kit.formula import signed, tex
from nnviz.ui.lesson_kit.playback import Playback
from nnviz.ui.lesson_kit.seat import LiveBoard
from nnviz.ui.lesson_kit.stage import BoardSpec, live_stage
from nnviz.ui.lesson_kit.tasks import tasks
from nnviz.ui.registry import registry

PLAYBACK = Playback(CONTROLLER, "updates", MOST_UPDATES, stride=10)


def fold() -> None:
    """Draw the switch, the two borders, the hidden plane, the formulas and the tasks."""
    PLAYBACK.beat()
    state = CONTROLLER.state
    with st.container(horizontal=True, vertical_alignment="bottom", key="depth.fold.bar", gap="medium"):
        segments(CONTROLLER, "data")
        toggle(CONTROLLER, "bent")
        menu(CONTROLLER, "rho", is_off=not state.bent, width=170)
        action(CONTROLLER, "new_start", icon=":material/casino:", start=following(state.start))
    found = CONTROLLER.found(_BOARD)
    PLAYBACK.buttons()
    live_stage(CONTROLLER, _BOARD)
    _formulas(found)
    tasks(CONTROLLER, {name: is_solved(state, found) for name, is_solved in FOLD_TASKS.items()})


def _study(state: State) -> Fold:
    return study_fold(state, registry().stream)


def _scene(state: State, found: Fold) -> BoardSpec:
    return BoardSpec(FOLD_PICTURES, found, dials=[CONTROLLER.dial("updates", state)], counters=_counters(found))


_BOARD = LiveBoard("depth.fold", _study, _scene)


def _counters(found: Fold) -> list[Counter]:
    return [
        counter("plain_score", _score(found.plain), "score_help"),
        counter("deep_score", _score(found.deep), "score_help"),
        counter("agreement", f"{100 * found.agreement:.1f} %"),
    ]


def _score(snapshot: Snapshot) -> str:
    record = snapshot.lanes[0].records[-1]
    test, train = record.test_accuracy or 0.0, record.train_accuracy or 0.0
    return f"{100 * test:.1f} / {100 * train:.1f} %"


def _formulas(found: Fold) -> None:
    """Write what the three layers compute, and the lines that can be written down."""
    if found.deep_line is None:
        network = r"f(x)=W_3\,\rho\big(W_2\,\rho(W_1x+b_1)+b_2\big)+b_3"
        formulas(
            "fold",
            (WORDS["network"], network),
            (WORDS["bent_note"],),
            (WORDS["last_layer"], _line(found.last_line, "h")),
        )
        return
    formulas(
        "fold",
        (WORDS["network"], r"f(x)=W_3\big(W_2(W_1x+b_1)+b_2\big)+b_3", r"=Wx+b"),
        (WORDS["linear_note"],),
        (WORDS["three_layers"], _line(_scaled(found.deep_line), "x")),
        (WORDS["one_layer"], _line(_scaled(found.plain_line), "x")),
    )


def _scaled(line: Doubles) -> Doubles:
    """Give the normal of a line length 1; a line without one stays."""
    size = float((line[:2] ** 2).sum() ** 0.5)
    return line / size if size else line


def _line(line: Doubles, name: str) -> str:
    first, second, bias = map(float, line)
    return rf"{tex(first, 3)}\,{name}_1 {signed(second, 3)}\,{name}_2 {signed(bias, 3)}=0"
