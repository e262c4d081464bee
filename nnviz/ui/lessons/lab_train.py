"""The steps of the lab that train: parameters, evaluation, training and answers."""

import math
import random
from collections.abc import Callable

import streamlit as st

from nnviz.charts.lessons.lab import ANSWERS, CHECK, TRAINING
from nnviz.charts.lessons.lab_sheets import place_at
from nnviz.findings.lab import Answers, Score
from nnviz.lessons.lab import TASKS, live, progress
from nnviz.lessons.lab_look import answers, code_of, pages
from nnviz.records import Record, Snapshot
from nnviz.ui import texts
from nnviz.ui.board import counters, show
from nnviz.ui.lab_seats import LabSeat
from nnviz.ui.lessons.controls import action, entry, segments
from nnviz.ui.lessons.formula import tex
from nnviz.ui.lessons.lab_desk import DESK
from nnviz.ui.lessons.lab_live import follow, is_built
from nnviz.ui.lessons.stage import Scene, message, stage
from nnviz.ui.lessons.tasks import tasks
from nnviz.ui.registry import hall

_WORDS = DESK.texts.words
_FAST_S = 0.25
_TRAINED = ("goal", "small", "wild")


def parameters(seat: LabSeat, snapshot: Snapshot) -> None:
    """Draw step 4: what the network consists of."""
    st.markdown(_WORDS["parameters_text"])
    (weight, bias, *_), total = _counts(snapshot.lanes[0].records[-1])
    units, inputs = weight
    st.latex(rf"\text{{lin\_1: }}\;{inputs}\cdot{units}+{bias[0]}={_grouped(units * inputs + bias[0])}")
    _board("lab.board.parameters", seat, snapshot, lambda: Scene(CHECK, live(snapshot)))
    st.markdown(_WORDS["parameters_total"].format(count=total))


def _counts(record: Record) -> tuple[list[tuple[int, ...]], int]:
    return [each.shape for each in record.parameters], sum(each.count for each in record.parameters)


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", "{,}")


def _board(key: str, seat: LabSeat, snapshot: Snapshot, scene: Callable[[], Scene]) -> None:
    """Draw a board that shows the run alone, its bytes made once for all who look."""
    stamp = f"{seat.generation}.{snapshot.version}"
    show(key, seat.drawing(key, stamp, lambda: message(DESK, key, scene())))


def evaluation(seat: LabSeat, snapshot: Snapshot) -> None:
    """Draw step 5: the evaluation's code and what it gives, before training and now."""
    st.markdown(_WORDS["evaluate_text"])
    code, numbers = st.columns([3, 2])
    with code:
        st.code(code_of("evaluate"), language="python")
    first = seat.score(snapshot, is_start=True)
    with numbers:
        before, now = st.columns(2, wrap=False)
        with before:
            _metric(_WORDS["before"], first)
        with now:
            _now(seat, snapshot)
        st.latex(rf"\frac{{{_grouped(first.right)}}}{{{_grouped(first.count)}}}={tex(100 * first.accuracy)}\,\%")
        st.latex(rf"\text{{guessing: }}-\log\tfrac1{{10}}={tex(math.log(10), 3)}")


def _now(seat: LabSeat, snapshot: Snapshot) -> None:
    """Draw what the evaluation gives for the present weights; not while they change."""
    step = snapshot.lanes[0].records[-1].step
    if seat.is_going(snapshot) or not step:
        st.metric(_WORDS["later"], _WORDS["later_going" if seat.is_going(snapshot) else "later_value"])
    else:
        _metric(_WORDS["now"].format(step=step), seat.score(snapshot, is_start=False))


def _metric(label: str, score: Score) -> None:
    st.metric(label, f"{100 * score.accuracy:.2f} %")
    st.caption(_WORDS["right_of"].format(right=score.right, count=score.count, loss=f"{score.loss:.4f}"))


def training(seat: LabSeat, snapshot: Snapshot) -> None:
    """Draw step 6: the settings, the buttons, and the run as it goes."""
    st.markdown(_WORDS["train_text"])
    is_locked = DESK.is_locked
    with st.container(horizontal=True, key="lab.settings", vertical_alignment="bottom"):
        for name in ("lr", "batch", "epochs"):
            with st.container(width="content"):
                segments(DESK, name, is_off=is_locked)
        entry(DESK, "seed", is_off=is_locked)
    _buttons(seat, snapshot, is_locked)
    follow(_run, seat, snapshot, _FAST_S)


def _buttons(seat: LabSeat, snapshot: Snapshot, is_locked: bool) -> None:
    is_off = is_locked or not is_built(snapshot)
    is_over = snapshot.status.is_over
    with st.container(horizontal=True, key="lab.bar"):
        if seat.is_going(snapshot):
            _button("pause", ":material/pause:", is_off, is_primary=True)
        else:
            _button("play", ":material/play_arrow:", is_off, is_primary=True)
        _button("epoch", ":material/skip_next:", is_off or is_over)
        _button("reset", ":material/restart_alt:", is_off or not snapshot.lanes[0].step)


def _button(name: str, icon: str, is_off: bool, *, is_primary: bool = False) -> None:
    label, help_text = DESK.texts.knobs[name]
    st.button(
        label, key=f"lab.{name}", help=help_text, icon=icon, type="primary" if is_primary else "secondary",
        disabled=is_off, on_click=_press, args=(name, DESK.seat.id),
    )  # fmt: skip


def _press(name: str, seat_id: str) -> None:
    seat = hall().find_lab(seat_id)
    if seat is None:
        return
    if name == "reset":
        seat.restart(seat.spec, is_started=False)
    else:
        {"play": seat.play, "pause": seat.pause, "epoch": seat.epoch}[name]()


def _run(seat: LabSeat, snapshot: Snapshot) -> None:
    found = live(snapshot)
    spec, scene = snapshot.lanes[0].spec, snapshot.scene
    assert scene is not None
    count, updates = _grouped(scene.train_count), found.updates_in_epoch
    fraction = rf"\left\lceil\tfrac{{{count}}}{{{spec.batch_size}}}\right\rceil"
    st.latex(rf"{spec.epochs}\cdot{fraction}={_grouped(spec.epochs * updates)}\text{{ updates}}")
    _board(
        "lab.board.train",
        seat,
        snapshot,
        lambda: Scene(TRAINING, found, counters=counters(snapshot), status=_status(snapshot)),
    )
    reached = progress(snapshot)
    tasks(DESK, {name: TASKS[name](DESK.state, reached) for name in _TRAINED})


def _status(snapshot: Snapshot) -> tuple[str, str]:
    name = str(snapshot.status)
    return texts.STATUS_KIND.get(name, ""), snapshot.message or texts.STATUS[name]


def look_at_answers(seat: LabSeat, snapshot: Snapshot) -> None:
    """Draw step 7: test pictures with the network's answers."""
    assert snapshot.scene is not None
    count = pages(snapshot.scene.test_count)
    found = answers(seat.spec, snapshot.lanes[0].records[-1], DESK.state.sheet, DESK.state.chosen)
    st.markdown(_WORDS["answers_text"])
    action(DESK, "more", icon=":material/casino:", sheet=random.randrange(count))
    dial = {**DESK.dial("sheet"), "high": count - 1, "value": min(DESK.state.sheet, count - 1)}
    stage(DESK, "lab.board.answers", Scene(ANSWERS, found, dials=[dial]), on_place=lambda x, y: _choose(found, x, y))
    is_wrong = found.closer.is_chosen and not found.closer.is_right
    reached = progress(snapshot, is_chosen_wrong=is_wrong)
    tasks(DESK, {"wrong": TASKS["wrong"](DESK.state, reached)})


def _choose(found: Answers, x: float, y: float) -> None:
    _, rows, columns = found.images.shape
    place = place_at(x, y, (rows, columns), len(found.images))
    if place is not None:
        DESK.change(chosen=found.first + place)
