"""The second section of the lesson on depth: one layer and three, trained side by side."""

import streamlit as st

from nnviz.charts.lessons.depth import FOLD_PICTURES
from nnviz.findings.depth import Fold
from nnviz.lessons.depth import FOLD_TASKS, MOST_UPDATES
from nnviz.lessons.depth_fold import study_fold
from nnviz.records import Doubles, Snapshot
from nnviz.ui.lessons.controls import action, menu, segments, toggle
from nnviz.ui.lessons.depth_desk import DESK, WORDS, counter, following, formulas
from nnviz.ui.lessons.formula import signed, tex
from nnviz.ui.lessons.player import Player
from nnviz.ui.lessons.stage import Scene, stage
from nnviz.ui.lessons.tasks import tasks
from nnviz.ui.registry import hall

PLAYER = Player(DESK, "updates", MOST_UPDATES, stride=10)


def fold() -> None:
    """Draw the switch, the two borders, the hidden plane, the formulas and the tasks."""
    PLAYER.beat()
    state = DESK.state
    with st.container(horizontal=True, vertical_alignment="bottom", key="depth.fold.bar", gap="medium"):
        segments(DESK, "data")
        toggle(DESK, "bent")
        menu(DESK, "rho", is_off=not state.bent, width=170)
        action(DESK, "new_start", icon=":material/casino:", start=following(state.start))
    found = study_fold(state, hall().stream)
    PLAYER.buttons()
    scene = Scene(FOLD_PICTURES, found, dials=[DESK.dial("updates")], counters=_counters(found))
    stage(DESK, "depth.fold", scene)
    _formulas(found)
    tasks(DESK, {name: is_solved(state, found) for name, is_solved in FOLD_TASKS.items()})


def _counters(found: Fold) -> list[dict[str, str]]:
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
