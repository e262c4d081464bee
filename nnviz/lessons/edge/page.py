"""The page of the lesson on the edge of stability: one run, whose rate is turned while it trains."""

from dataclasses import replace
from functools import partial

import streamlit as st

from nnviz.charts.chart import PLAIN_VIEW
from nnviz.lessons.edge.figures import PICTURES
from nnviz.lessons.edge.page_controller import CONTROLLER
from nnviz.lessons.edge.results import Parabola
from nnviz.lessons.edge.state import RATES, TASKS, parabola, progress
from nnviz.records.run import Snapshot
from nnviz.sessions.edge import EdgeSession
from nnviz.ui.bar import buttons
from nnviz.ui.board.board import asking_board
from nnviz.ui.board.face import Face, face, mark
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.live import timed
from nnviz.ui.fragment import fragment, slot
from nnviz.ui.fresh import fresh_line
from nnviz.ui.lesson_kit.controls import segments
from nnviz.ui.lesson_kit.formula import tex
from nnviz.ui.lesson_kit.stage import BoardSpec, stage
from nnviz.ui.lesson_kit.tasks import tasks
from nnviz.ui.live_turns import turn_live
from nnviz.ui.note import draw_again, is_due, refuse
from nnviz.ui.registry import registry
from nnviz.ui.visitor import visitor
from nnviz.words import lessons, texts

_WORDS = CONTROLLER.texts.words
_BOARD = "edge.board"
_SLOW_S = 1.0  # between two looks at what the tasks ask for, while the run goes on
_LAYOUT = Layout(
    charts=("loss", "sharpness"),
    view=replace(PLAIN_VIEW, log_loss=True, smoothing=0.0),
    dials=("optimizer.lr",),
    ends=RATES,
    columns=4,
    is_direct=True,
    is_grouped=False,  # side by side
)


def edge() -> None:
    """Draw the run with its controls, the parabola, the tasks and what the lesson does not say."""
    session = CONTROLLER.session
    snapshot, is_off = session.snapshot(), not CONTROLLER.rights.may_steer
    with slot():
        _notes(session)
    with st.container(horizontal=True, key="edge.settings", vertical_alignment="bottom"):
        for name in ("rule", "batch"):
            with st.container(width="content"):
                segments(CONTROLLER, name, is_off=is_off)
    fresh_line(session, rights=CONTROLLER.rights)
    drawn = face(session, snapshot)
    timed(_run, session.id)(drawn)
    fragment(_look, every_s=_SLOW_S if session.is_changing(snapshot) else None)(drawn)
    for name in ("why", "limits"):
        st.header(_WORDS[name], anchor=False)
        st.markdown(_WORDS[f"{name}_text"])
    CONTROLLER.write_link()


def _notes(session: EdgeSession) -> None:
    if CONTROLLER.rights.may_steer:
        if session.is_anyones:
            st.caption(texts.TRAIN["anyones"])
        return
    label, help_text = CONTROLLER.texts.knobs["copy"]
    with st.container(horizontal=True, vertical_alignment="center", key="watching"):
        st.info(_WORDS["watching"], icon=":material/visibility:")
        st.button(label, key="edge.copy", help=help_text, on_click=CONTROLLER.copy, type="primary")


def _run(drawn: Face) -> None:
    """Draw the buttons and the board, which the server pushes to."""
    session, rights = CONTROLLER.session, CONTROLLER.rights
    snapshot = session.snapshot()
    with st.container(horizontal=True, key="bar", vertical_alignment="bottom", gap="small"):
        buttons(session, snapshot, rights=rights, leaves_out=("epoch",))
    layout = replace(_LAYOUT, is_watched=not rights.may_steer)
    asking_board(
        session, snapshot, layout, _BOARD, partial(_take_dial, session.id), None, told=mark(drawn, session.turns),
        reports=rights.may_steer,
    )  # fmt: skip
    CONTROLLER.adopt(session)
    CONTROLLER.write_link()
    if is_due():
        st.rerun()  # the sentence belongs above the page
    if face(session, snapshot) != drawn:
        draw_again()


def _take_dial(session_id: str) -> None:
    """Turn the rate where the browser has no line to the server."""
    session, turned = registry().find(session_id, EdgeSession), st.session_state[_BOARD]["dial"]
    if session is None or turned is None or not session.rights_of(visitor()).may_steer:
        return
    try:
        turn_live(_LAYOUT, session, str(turned.get("id")), turned.get("value"))
    except ValueError as error:
        refuse(lessons.LESSON.english["refused"], error)


def _look(drawn: Face) -> None:
    """Draw what the run says of the parabola, and the tasks."""
    session = CONTROLLER.session
    snapshot = session.snapshot()
    CONTROLLER.adopt(session)
    found = parabola(snapshot, CONTROLLER.state.lr)
    words, figure = st.columns([3, 2])
    with words:
        _formulas(found)
    with figure:
        if found is not None and not found.momentum:  # a ball that rolls goes far out before it comes closer
            stage(CONTROLLER, "edge.steps", BoardSpec(PICTURES, found, columns=1))
    reached = progress(snapshot)
    solved = {name: is_solved(CONTROLLER.state, reached) for name, is_solved in TASKS.items()}
    tasks(CONTROLLER, solved, progress=_tried(snapshot))
    if face(session, snapshot) != drawn:
        draw_again()


def _tried(snapshot: Snapshot) -> tuple[int, int]:
    """Tell what a reader has tried beside the settings: fresh runs, and whether they train."""
    return snapshot.generation, int(bool(snapshot.lanes[0].step))


def _formulas(found: Parabola | None) -> None:
    st.markdown(_WORDS["on_a_parabola"])
    if found is None:
        st.caption(_WORDS["building"])
    elif found.momentum:
        st.latex(r"v\leftarrow\beta v-\eta\lambda x,\quad x\leftarrow x+v")
        st.latex(rf"\text{{{_WORDS['stable']}}}\iff\lambda<\frac{{2(1+\beta)}}{{\eta}}")
        st.latex(rf"\lambda={tex(found.sharpness, 3)},\quad \frac{{2(1+\beta)}}{{\eta}}={tex(found.limit, 3)}")
    else:
        st.latex(r"x\leftarrow x-\eta\lambda x=(1-\eta\lambda)\,x")
        st.latex(r"|1-\eta\lambda|<1\iff\lambda<\frac{2}{\eta}")
        factor = rf"1-\eta\lambda={tex(found.factor, 3)}"
        st.latex(rf"\lambda={tex(found.sharpness, 3)},\quad \frac{{2}}{{\eta}}={tex(found.limit, 3)},\quad {factor}")
