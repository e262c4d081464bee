"""The page of the lab: its seven steps in order, and those about data and network."""

import random

import streamlit as st

from nnviz.catalog.files import missing
from nnviz.lessons.lab.figures import BUILD, DATA, FORWARD
from nnviz.lessons.lab.page_controller import CONTROLLER
from nnviz.lessons.lab.page_live import follow
from nnviz.lessons.lab.page_past import Sight, is_built, moving, seen, slider, tell
from nnviz.lessons.lab.page_train import evaluation, look_at_answers, parameters, training
from nnviz.lessons.lab.results import Passage, Split
from nnviz.lessons.lab.study_look import code_of, examples, pages, passage, start
from nnviz.records.run import Snapshot
from nnviz.sessions.lab import LabSession
from nnviz.ui.board.protocol import Dial
from nnviz.ui.data_download import data_download
from nnviz.ui.fragment import slot
from nnviz.ui.lesson_kit.controls import action, segments
from nnviz.ui.lesson_kit.formula import tex
from nnviz.ui.lesson_kit.stage import BoardSpec, answered, stage
from nnviz.ui.standing import standing
from nnviz.words import texts

_WORDS = CONTROLLER.texts.words
_SLOW_S = 1.0  # between two looks at a run that goes on


def lab() -> None:
    """Draw the seven steps; their figures come again by themselves while the run goes on."""
    session = CONTROLLER.session
    snapshot = session.snapshot()
    with slot():
        _notes(session, snapshot)
    follow(slider, session, snapshot, _SLOW_S)
    _title("data")
    segments(CONTROLLER, "data", is_off=not CONTROLLER.rights.may_steer)
    with slot():
        _missing_data(session)
    follow(_data, session, snapshot)
    _title("module")
    segments(CONTROLLER, "hidden", is_off=not CONTROLLER.rights.may_steer)
    follow(_module, session, snapshot)
    _title("forward")
    follow(_forward, session, snapshot, _SLOW_S)
    _title("parameters")
    follow(parameters, session, snapshot, _SLOW_S)
    _title("evaluate")
    follow(evaluation, session, snapshot)
    _title("train")
    training(session, snapshot)
    _title("answers")
    follow(look_at_answers, session, snapshot, _SLOW_S)
    CONTROLLER.write_link()


def _title(step: str) -> None:
    st.header(_WORDS[f"step_{step}"], anchor=step)


def _notes(session: LabSession, snapshot: Snapshot) -> None:
    if not CONTROLLER.rights.may_steer:
        _watching()
    elif session.is_anyones:
        st.caption(texts.TRAIN["anyones"])
    if snapshot.status.is_over and not is_built(snapshot):
        st.error(standing(snapshot)["text"], icon=":material/error:")


def _watching() -> None:
    label, help_text = CONTROLLER.texts.knobs["copy"]
    with st.container(horizontal=True, vertical_alignment="center", key="watching"):
        st.info(_WORDS["watching"], icon=":material/visibility:")
        st.button(label, key="lab.copy", help=help_text, on_click=CONTROLLER.copy, type="primary")


def _missing_data(session: LabSession) -> None:
    """Draw the download where the chosen data is missing, or say that there would be more."""
    if session.is_waiting_for_data:
        data_download(session, rights=CONTROLLER.rights)
    elif missing("mnist") is not None:
        st.info(_WORDS["not_here"], icon=":material/info:")


def _data(session: LabSession, snapshot: Snapshot) -> None:
    found = session.split()
    rows, columns = found.picture
    st.markdown(
        _WORDS["in_use"].format(
            label=found.label, train=found.train_count, test=found.test_count, rows=rows, columns=columns,
            inputs=rows * columns,
        )
    )  # fmt: skip
    shown = examples(session.spec, CONTROLLER.state.page)
    dials = [_limited("page", pages(found.train_count))]
    stage(
        CONTROLLER,
        "lab.board.data",
        BoardSpec(DATA, {"examples": shown, "class_counts": found, "values": shown}, dials=dials),
    )
    st.markdown(_WORDS["normalised"].format(top=found.top, low=f"{found.low:.2f}", high=f"{found.high:.2f}"))
    st.latex(_normalisation(found))


def _limited(name: str, count: int) -> Dial:
    """Describe a dial over so many things."""
    return {**CONTROLLER.dial(name), "high": count - 1, "value": min(getattr(CONTROLLER.state, name), count - 1)}


def _normalisation(found: Split) -> str:
    return rf"x=\frac{{\text{{{_WORDS['pixel']}}}-{tex(found.shift)}}}{{{tex(found.spread)}}}"


def _module(session: LabSession, snapshot: Snapshot) -> None:
    found = start(snapshot)
    st.markdown(_WORDS["module_text"])
    code, figure = st.columns([5, 3])
    with code:
        st.code(code_of("Net"), language="python")
    with figure:
        for place, (spread, measured) in enumerate(zip(found.spreads, found.measured, strict=True), 1):
            inputs = round(2 / spread**2)
            drawn = rf"\text{{{_WORDS['drawn']} }}{tex(measured, 3)}"
            st.latex(rf"\sigma_{place}=\sqrt{{2/{inputs}}}={tex(spread, 3)}\quad{drawn}")
        stage(CONTROLLER, "lab.board.module", BoardSpec(BUILD, found))
    key = "hash_equal" if found.code_hash == found.run_hash else "hash_other"
    st.markdown(_WORDS[key].format(code=found.code_hash, run=found.run_hash, seed=session.spec.seed))


def _forward(session: LabSession, snapshot: Snapshot) -> None:
    state = CONTROLLER.state
    found = passage(session.spec, seen(session, snapshot).lanes[0].records[-1], state.example)
    st.markdown(_WORDS["forward_text"])
    tell(session, snapshot)
    assert snapshot.scene is not None
    count = snapshot.scene.test_count
    action(CONTROLLER, "another", icon=":material/casino:", example=random.randrange(count))
    dials = [_limited("example", count)]

    def scene(sight: Sight) -> BoardSpec:
        lane = sight.shown.lanes[0]
        return BoardSpec(FORWARD, passage(lane.spec, lane.records[-1], state.example), dials=dials)

    key = "lab.board.forward"
    moving(key, session, snapshot, scene, apart=state.example, on_dial=CONTROLLER.taker(key))
    answered(CONTROLLER)
    st.markdown(_WORDS["predicted"].format(said=found.predicted, truth=found.truth))
    for formula in _softmax(found):
        st.latex(formula)
    with st.expander(_WORDS["forward_code"]):
        st.code(code_of("forward_pass"), language="python")


def _softmax(found: Passage) -> list[str]:
    """Write the probability and the loss of the true class with their numbers."""
    logits, softmax, truth = found.stages["logits"], found.stages["softmax"], found.truth
    p = float(softmax[truth])
    top = rf"\frac{{e^{{z_{truth}}}}}{{\sum_j e^{{z_j}}}}"
    return [
        rf"p_{truth}={top}=\frac{{e^{{{tex(float(logits[truth]), 3)}}}}}{{\sum_j e^{{z_j}}}}={tex(p, 3)}",
        rf"\text{{{_WORDS['loss']}}}=-\log p_{truth}={tex(found.loss, 3)}",
    ]
