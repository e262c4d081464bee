"""The steps of the lab that train: parameters, evaluation, training and answers."""

import math
import random
from functools import partial

import streamlit as st

from nnviz.lessons.lab.figures import ANSWERS, CHECK, TRAINING
from nnviz.lessons.lab.figures_sheets import place_at
from nnviz.lessons.lab.page_controller import CONTROLLER
from nnviz.lessons.lab.page_live import follow
from nnviz.lessons.lab.page_past import Sight, is_built, moment, moving, seen, tell
from nnviz.lessons.lab.results import Answers, Score
from nnviz.lessons.lab.state import TASKS, State, live, progress
from nnviz.lessons.lab.study_look import answers, code_of, pages
from nnviz.records.run import Record, Snapshot
from nnviz.sessions.lab import LabSession
from nnviz.sessions.rights import Rights
from nnviz.ui.board.counters import counters
from nnviz.ui.board.protocol import Dial
from nnviz.ui.fresh import fresh_line
from nnviz.ui.lesson_kit.controls import action, entry, segments
from nnviz.ui.lesson_kit.formula import tex
from nnviz.ui.lesson_kit.stage import BoardSpec, answered, placed
from nnviz.ui.lesson_kit.tasks import tasks
from nnviz.ui.registry import registry
from nnviz.ui.standing import standing
from nnviz.words.past import PAST

_WORDS = CONTROLLER.texts.words
_FAST_S = 0.25
_TRAINED = ("goal", "small", "wild")


def parameters(session: LabSession, snapshot: Snapshot) -> None:
    """Draw step 4: what the network consists of."""
    st.markdown(_WORDS["parameters_text"])
    tell(session, snapshot)
    shown = seen(session, snapshot)
    (weight, bias, *_), total = _counts(shown.lanes[0].records[-1])
    units, inputs = weight
    st.latex(rf"\text{{lin\_1: }}\;{inputs}\cdot{units}+{bias[0]}={_grouped(units * inputs + bias[0])}")
    moving("lab.board.parameters", session, snapshot, lambda sight: BoardSpec(CHECK, live(sight.shown)))
    st.markdown(_WORDS["parameters_total"].format(count=total))


def _counts(record: Record) -> tuple[list[tuple[int, ...]], int]:
    return [each.shape for each in record.parameters], sum(each.count for each in record.parameters)


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", "{,}")


def evaluation(session: LabSession, snapshot: Snapshot) -> None:
    """Draw step 5: the evaluation's code and what it gives, before training and now."""
    st.markdown(_WORDS["evaluate_text"])
    code, numbers = st.columns([3, 2])
    with code:
        st.code(code_of("evaluate"), language="python")
    first = session.score(snapshot, is_start=True)
    with numbers:
        before, now = st.columns(2, wrap=False)
        with before:
            _metric(_WORDS["before"], first)
        with now:
            _now(session, snapshot)
        st.latex(rf"\frac{{{_grouped(first.right)}}}{{{_grouped(first.count)}}}={tex(100 * first.accuracy)}\,\%")
        st.latex(rf"\text{{{_WORDS['guessing']} }}-\log\tfrac1{{10}}={tex(math.log(10), 3)}")


def _now(session: LabSession, snapshot: Snapshot) -> None:
    """Draw what the evaluation gives for the weights of the moment that is looked at; not while they change."""
    step = snapshot.lanes[0].records[-1].step
    if moment(session, snapshot) is not None:
        then = session.score(seen(session, snapshot), is_start=False)
        _metric(_WORDS["then"].format(step=then.step), then)
    elif session.is_going(snapshot) or not step:
        st.metric(_WORDS["later"], _WORDS["later_going" if session.is_going(snapshot) else "later_value"])
    else:
        _metric(_WORDS["now"].format(step=step), session.score(snapshot, is_start=False))


def _metric(label: str, score: Score) -> None:
    st.metric(label, f"{100 * score.accuracy:.2f} %")
    st.caption(_WORDS["right_of"].format(right=score.right, count=score.count, loss=f"{score.loss:.4f}"))


def training(session: LabSession, snapshot: Snapshot) -> None:
    """Draw step 6: the settings, the buttons, and the run as it goes."""
    st.markdown(_WORDS["train_text"])
    rights = CONTROLLER.rights
    with st.container(horizontal=True, key="lab.settings", vertical_alignment="bottom"):
        for name in ("lr", "batch", "epochs"):
            with st.container(width="content"):
                segments(CONTROLLER, name, is_off=not rights.may_steer)
        entry(CONTROLLER, "seed", is_off=not rights.may_steer)
    _buttons(session, snapshot, rights)
    fresh_line(session, rights=rights)
    follow(_run, session, snapshot, _FAST_S)


def _buttons(session: LabSession, snapshot: Snapshot, rights: Rights) -> None:
    is_over = snapshot.status.is_over
    is_off = not rights.may_steer or not (is_built(snapshot) or is_over)
    with st.container(horizontal=True, key="lab.bar"):
        if session.is_going(snapshot):
            _button("pause", ":material/pause:", is_off, is_primary=True)
        else:
            name = "replay" if is_over else "play"
            _button(name, ":material/replay:" if is_over else ":material/play_arrow:", is_off, is_primary=True)
        _button("epoch", ":material/skip_next:", is_off or is_over)
        _button("reset", ":material/restart_alt:", is_off or not snapshot.lanes[0].step)


def _button(name: str, icon: str, is_off: bool, *, is_primary: bool = False) -> None:
    label, help_text = CONTROLLER.texts.knobs[name]
    st.button(
        label, key=f"lab.{name}", help=help_text, icon=icon, type="primary" if is_primary else "secondary",
        disabled=is_off, on_click=_press, args=(name, CONTROLLER.session.id),
    )  # fmt: skip


def _press(name: str, session_id: str) -> None:
    session = registry().find(session_id, LabSession)
    if session is None:
        return
    if name == "reset":
        session.restart(session.spec, is_started=False)
    else:
        {"play": session.play, "replay": session.play, "pause": session.pause, "epoch": session.epoch}[name]()


def _run(session: LabSession, snapshot: Snapshot) -> None:
    found = live(snapshot)
    spec, scene = snapshot.lanes[0].spec, snapshot.scene
    assert scene is not None
    count, updates = _grouped(scene.train_count), found.updates_in_epoch
    fraction = rf"\left\lceil\tfrac{{{count}}}{{{spec.batch_size}}}\right\rceil"
    st.latex(rf"{spec.epochs}\cdot{fraction}={_grouped(spec.epochs * updates)}\text{{ {_WORDS['updates']}}}")
    is_watched = not CONTROLLER.rights.may_steer
    moving("lab.board.train", session, snapshot, partial(_trained, is_watched), apart=is_watched)
    reached = progress(snapshot)
    solved = {name: TASKS[name](CONTROLLER.state, reached) for name in _TRAINED}
    tasks(CONTROLLER, solved, progress=int(reached.epochs))


def _trained(is_watched: bool, sight: Sight) -> BoardSpec:
    """Draw the whole curves, and the numbers of the moment that is looked at."""
    snapshot, shown = sight.snapshot, sight.shown
    if shown is snapshot:
        found = standing(snapshot, is_watched=is_watched)
        status = found["kind"], found["text"]
    else:
        status = "warn", PAST["status"].format(step=shown.lanes[0].step)
    return BoardSpec(TRAINING, live(snapshot), counters=counters(shown), status=status)


def look_at_answers(session: LabSession, snapshot: Snapshot) -> None:
    """Draw step 7: test pictures with the network's answers."""
    assert snapshot.scene is not None
    count = pages(snapshot.scene.test_count)
    shown = seen(session, snapshot)
    state = CONTROLLER.state
    found = _answers(state, shown)
    st.markdown(_WORDS["answers_text"])
    tell(session, snapshot)
    action(CONTROLLER, "more", icon=":material/casino:", sheet=random.randrange(count))
    dial: Dial = {**CONTROLLER.dial("sheet"), "high": count - 1, "value": min(CONTROLLER.state.sheet, count - 1)}

    def scene(sight: Sight) -> BoardSpec:
        each = dict.fromkeys(ANSWERS, _answers(state, sight.shown))
        return BoardSpec(ANSWERS, each | {"confusion": live(sight.shown)}, dials=[dial])

    key, place = "lab.board.answers", placed("lab.board.answers", lambda x, y: _choose(found, x, y))
    moving(
        key, session, snapshot, scene, apart=(state.sheet, state.chosen), on_dial=CONTROLLER.taker(key), on_place=place
    )  # fmt: skip
    answered(CONTROLLER)
    is_wrong = found.closer.is_chosen and not found.closer.is_right
    reached = progress(shown, is_chosen_wrong=is_wrong)
    tasks(CONTROLLER, {"wrong": TASKS["wrong"](CONTROLLER.state, reached)})


def _answers(state: State, shown: Snapshot) -> Answers:
    lane = shown.lanes[0]
    return answers(lane.spec, lane.records[-1], state.sheet, state.chosen)


def _choose(found: Answers, x: float, y: float) -> None:
    _, rows, columns = found.images.shape
    place = place_at(x, y, (rows, columns), len(found.images))
    if place is not None:
        CONTROLLER.change(chosen=found.first + place)
