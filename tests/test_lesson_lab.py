"""The lab: the code on the page against the run, an independent network, the page and its links."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import streamlit as st
import torch
from sklearn.datasets import load_digits
from streamlit.testing.v1 import AppTest
from torch import nn

from nnviz.lessons.lab.figures import ANSWERS, BUILD, CHECK, DATA, FORWARD, TRAINING, epoch_rows
from nnviz.lessons.lab.figures_sheets import place_at
from nnviz.lessons.lab.page_controller import CONTROLLER
from nnviz.lessons.lab.results import Progress
from nnviz.lessons.lab.state import SHEET, TASKS, USUAL_BATCH, State, changed_by, live, progress, settings_of, spec_of
from nnviz.lessons.lab.study_look import (
    answers,
    code_of,
    data_of,
    examples,
    fresh,
    model_of,
    passage,
    score,
    split,
    start,
)
from nnviz.lessons.lab.texts import TEXTS
from nnviz.records.moments import moments_of, until
from nnviz.records.run import Snapshot
from nnviz.runs.engine import Engine
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.run import Run
from nnviz.sessions.lab import LabSession
from nnviz.training import Detail, Experiment
from nnviz.ui.lesson_kit.seat import seats
from nnviz.ui.registry import registry
from tests.lesson_pages import boards, open_lesson
from tests.runs import PATIENT, wait_for

PAGE = "pages/46_Lab.py"
DIGITS = State(data="digits", batch="32", epochs="2")


def run_of(state: State) -> Run:
    return Run((LaneSpec(spec_of(state), "adam", 0, Detail.WHOLE, each_epoch=True),))


@pytest.fixture(scope="module")
def untrained() -> Snapshot:
    run = run_of(DIGITS)
    run.prepare()
    assert wait_for(lambda: run.snapshot().scene)
    snapshot = run.snapshot()
    run.stop()
    return snapshot


@pytest.fixture(scope="module")
def trained() -> Snapshot:
    run = run_of(DIGITS)
    run.start()
    assert run.join(PATIENT)
    return run.snapshot()


# ---- the code shown is the code run


def test_the_code_shown_runs_as_it_stands_and_builds_the_first_weights_of_the_run() -> None:
    names: dict[str, Any] = {"nn": nn, "torch": torch, "Tensor": torch.Tensor, "Generator": torch.Generator}
    exec(code_of("Net"), names)
    experiment = Experiment(spec_of(DIGITS))
    model = names["Net"](64, 256, 10, torch.Generator().manual_seed(DIGITS.seed))
    mine, theirs = dict(model.named_parameters()), dict(experiment.model.named_parameters())
    assert list(mine) == list(theirs) == ["lin_1.weight", "lin_1.bias", "lin_2.weight", "lin_2.bias"]
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)
    x = experiment.data.test_x[:25]
    assert torch.equal(model(x), experiment.model(x))


@pytest.mark.parametrize("seed", [0, 1, 999])
@pytest.mark.parametrize("hidden", ["16", "512"])
def test_the_fingerprints_of_code_and_run_are_equal_for_every_seed_and_width(seed: int, hidden: str) -> None:
    run = run_of(DIGITS.with_(seed=seed, hidden=hidden))
    run.prepare()
    assert wait_for(lambda: run.snapshot().scene)
    found = start(run.snapshot())
    run.stop()
    assert found.code_hash == found.run_hash
    assert found.hidden == int(hidden)


def test_building_by_the_code_draws_nothing_from_the_global_generator(untrained: Snapshot) -> None:
    before = torch.random.get_rng_state()
    fresh(untrained)
    model_of(untrained.lanes[0].records[-1])
    assert torch.equal(torch.random.get_rng_state(), before)


def test_the_first_weights_have_hes_spread(untrained: Snapshot) -> None:
    found = start(untrained)
    assert found.spreads == pytest.approx((math.sqrt(2 / 64), math.sqrt(2 / 256)))
    assert found.measured == pytest.approx(found.spreads, rel=0.05)
    biases = [each for each in untrained.lanes[0].records[0].parameters if each.name.endswith("bias")]
    assert all(each.norm == 0 for each in biases)


@pytest.mark.parametrize("when", ["untrained", "trained"])
def test_the_evaluation_on_the_page_gives_the_runs_own_numbers(when: str, request: pytest.FixtureRequest) -> None:
    snapshot: Snapshot = request.getfixturevalue(when)
    record = snapshot.lanes[0].records[-1]
    found = score(snapshot.lanes[0].spec, model_of(record), record.step)
    assert record.test_accuracy is not None
    assert found.right == round(record.test_accuracy * found.count)
    assert found.loss == pytest.approx(record.test_loss, rel=1e-6)


def test_the_evaluation_agrees_with_numpy_in_double_precision(trained: Snapshot) -> None:
    pixels, labels = load_digits(return_X_y=True)
    record, spec = trained.lanes[0].records[-1], trained.lanes[0].spec
    data, scale = data_of(spec), split(spec)
    assert record.values is not None
    w_1, b_1, w_2, b_2 = (value.astype(np.float64) for value in record.values)
    x = data.test_x.numpy().astype(np.float64)
    raw = np.rint(x * scale.spread + scale.shift)
    rows = {tuple(row): label for row, label in zip(pixels, labels, strict=True)}
    assert [
        rows[tuple(row)] for row in raw
    ] == data.test_y.tolist()  # the pictures are scikit-learn's, rightly labelled
    z = np.maximum(x @ w_1.T + b_1, 0) @ w_2.T + b_2
    z -= z.max(axis=1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    truth = data.test_y.numpy()
    found = score(spec, model_of(record), record.step)
    assert found.right == (z.argmax(axis=1) == truth).sum()
    assert found.loss == pytest.approx(-logs[np.arange(len(truth)), truth].mean(), rel=1e-5)


# ---- data, one picture, many pictures


def test_the_split_counts_every_picture_once() -> None:
    found = split(spec_of(DIGITS))
    assert (found.train_count, found.test_count) == (1437, 360)
    assert (found.train_classes + found.test_classes).tolist() == np.bincount(load_digits().target).tolist()
    assert found.low == pytest.approx((0 - found.shift) / found.spread, abs=1e-6)
    assert found.high == pytest.approx((16 - found.shift) / found.spread, abs=1e-6)


def test_pages_of_pictures_follow_each_other_to_the_end() -> None:
    spec = spec_of(DIGITS)
    data = data_of(spec)
    shown = [examples(spec, page) for page in range(58)]
    assert [len(each.truth) for each in shown] == [25] * 57 + [12]
    assert np.concatenate([each.truth for each in shown]).tolist() == data.train_y.tolist()
    assert examples(spec, 2399).first == shown[-1].first
    assert all(each.counts.sum() == len(each.truth) * 64 for each in shown)


def test_every_stage_of_one_picture_is_what_numpy_makes_of_it(trained: Snapshot) -> None:
    record, spec = trained.lanes[0].records[-1], trained.lanes[0].spec
    found = passage(spec, record, 17)
    assert record.values is not None
    w_1, b_1, w_2, b_2 = (value.astype(np.float64) for value in record.values)
    x = data_of(spec).test_x[17].numpy()
    before = w_1 @ x + b_1
    logits = w_2 @ np.maximum(before, 0) + b_2
    softmax = np.exp(logits) / np.exp(logits).sum()
    wanted = {"x": x, "lin_1": before, "relu": np.maximum(before, 0), "logits": logits, "softmax": softmax}
    assert list(found.stages) == list(wanted)
    for name, value in wanted.items():
        assert np.allclose(found.stages[name], value, atol=1e-5)
    assert [len(stage) for stage in found.stages.values()] == [64, 256, 256, 10, 10]
    assert found.loss == pytest.approx(-math.log(softmax[found.truth]), abs=1e-5)
    assert found.truth == data_of(spec).test_y[17]


def test_answers_are_those_of_the_runs_own_gallery(trained: Snapshot) -> None:
    record, spec = trained.lanes[0].records[-1], trained.lanes[0].spec
    found = answers(spec, record, 0, 30)
    assert record.sample is not None
    assert found.predicted.tolist() == record.sample.predicted.tolist()
    assert found.truth.tolist() == record.sample.truth.tolist()
    assert np.allclose(found.confidence, record.sample.confidence, atol=1e-6)
    closer, second = found.closer, answers(spec, record, 1, -1)
    assert (closer.index, closer.predicted, closer.truth) == (30, second.predicted[5], second.truth[5])
    assert closer.probabilities.max() == pytest.approx(second.confidence[5], abs=1e-6)
    assert closer.probabilities.sum() == pytest.approx(1, abs=1e-6)
    assert np.array_equal(closer.image, second.images[5])
    assert closer.is_chosen
    assert (second.closer.index, second.closer.is_chosen) == (25, False)
    last = answers(spec, record, 399, 9999)
    assert (last.first, len(last.truth), last.closer.index) == (350, 10, 359)


# ---- training


def test_there_is_a_row_for_each_epoch_with_the_numbers_of_its_end(trained: Snapshot) -> None:
    rows = epoch_rows(live(trained))
    assert [row[:2] for row in rows] == [("1", "45"), ("2", "90")]
    record = trained.lanes[0].records[-1]
    assert record.test_accuracy is not None
    assert rows[-1][4:6] == (f"{record.test_loss:.4f}", f"{100 * record.test_accuracy:.2f} %")
    assert live(trained).updates_in_epoch == 45


@pytest.mark.parametrize("name", ["lin_1.weight", "lin_1.bias", "lin_2.weight", "lin_2.bias"])
def test_every_parameter_moves_from_its_start(name: str, untrained: Snapshot, trained: Snapshot) -> None:
    first, last = (
        next(each for each in snapshot.lanes[0].records[-1].parameters if each.name == name)
        for snapshot in (untrained, trained)
    )
    assert first.moved == 0
    assert last.moved > 0


def test_the_small_digits_reach_their_goal_at_the_defaults() -> None:
    run = run_of(DIGITS.with_(epochs="10"))
    run.start()
    assert run.join(PATIENT)
    reached = progress(run.snapshot())
    assert reached.epochs == 10
    assert TASKS["goal"](DIGITS, reached)


def test_mnist_learns_for_an_epoch_and_is_evaluated_by_the_code(data_folder: Path) -> None:
    state = State(epochs="1")
    run = run_of(state)
    run.start()
    assert run.join(PATIENT)
    snapshot = run.snapshot()
    record = snapshot.lanes[0].records[-1]
    found = score(snapshot.lanes[0].spec, model_of(record), record.step)
    assert (record.step, found.count) == (235, 10_000)
    assert found.accuracy == pytest.approx(record.test_accuracy, abs=1e-6)
    assert found.accuracy > 0.94
    first = score(snapshot.lanes[0].spec, fresh(snapshot), 0)
    assert 0.08 < first.accuracy < 0.12  # the default seed guesses as one expects
    assert start(snapshot).code_hash == snapshot.lanes[0].start_hash
    looked = split(snapshot.lanes[0].spec)
    assert looked.train_classes.tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]  # LeCun's own
    assert (looked.shift / 255, looked.spread / 255) == pytest.approx((0.1307, 0.3081), abs=1e-4)


# ---- the tasks

GOOD = Progress("mnist", 203_530, 10.0, 0.979, 0.979, is_chosen_wrong=True)


@pytest.mark.parametrize(
    ("task", "state", "found", "is_right"),
    [
        ("goal", State(), GOOD, True),
        ("goal", State(), replace(GOOD, best=0.9779), False),
        ("goal", State(), replace(GOOD, data="digits", best=0.96), True),
        ("goal", State(), replace(GOOD, data="digits", best=0.959), False),
        ("small", State(), GOOD, False),
        ("small", State(hidden="48"), replace(GOOD, parameters=38_170, best=0.961), True),
        ("small", State(hidden="16"), replace(GOOD, parameters=12_730, best=0.95), False),
        ("small", DIGITS, replace(GOOD, data="digits", parameters=2_410, best=0.95), True),
        ("small", DIGITS, replace(GOOD, data="digits", parameters=4_810, best=0.97), False),
        ("wild", State(lr="1"), replace(GOOD, best=0.2), True),
        ("wild", State(lr="1"), replace(GOOD, best=0.2, epochs=0.5), False),
        ("wild", State(lr="1"), replace(GOOD, best=0.91), False),
        ("wild", State(lr="0.0001"), replace(GOOD, best=0.5), False),
        ("wrong", State(), GOOD, True),
        ("wrong", State(), replace(GOOD, accuracy=0.89), False),
        ("wrong", State(), replace(GOOD, is_chosen_wrong=False), False),
    ],
)
def test_a_task_is_marked_right_when_right_and_not_when_not(
    task: str, state: State, found: Progress, is_right: bool
) -> None:
    assert TASKS[task](state, found) == is_right


def test_no_task_is_done_before_training(untrained: Snapshot) -> None:
    found = progress(untrained, is_chosen_wrong=True)
    assert not any(is_solved(State(), found) for is_solved in TASKS.values())


def test_the_tasks_about_training_can_be_reached_on_the_small_digits() -> None:
    for task, state in {
        "small": DIGITS.with_(hidden="32", lr="0.01", epochs="10"),
        "wild": DIGITS.with_(lr="1"),
    }.items():
        run = run_of(state)
        run.start()
        assert run.join(PATIENT)
        assert TASKS[task](state, progress(run.snapshot()))


# ---- state and figures


def test_a_state_is_its_link_and_its_run() -> None:
    state = State(data="digits", hidden="64", lr="0.01", batch="64", epochs="5", seed=3, page=7, chosen=4)
    assert State.from_query(state.to_query()) == state
    assert State(**settings_of(spec_of(state)), page=7, chosen=4) == state
    assert not State().to_query()


def test_other_data_brings_its_usual_batch_and_is_looked_at_from_its_beginning() -> None:
    state = State(page=100, example=5000, sheet=300, lr="0.01")
    changed = state.with_(**changed_by(state, {"data": "digits"}))
    assert changed == State(data="digits", batch=USUAL_BATCH["digits"], lr="0.01")
    assert changed_by(state, {"lr": "0.1"}) == {"lr": "0.1"}


def test_every_figure_is_one_with_words_untrained_and_trained(untrained: Snapshot, trained: Snapshot) -> None:
    for snapshot in (untrained, trained):
        record, spec = snapshot.lanes[0].records[-1], snapshot.lanes[0].spec
        shown = examples(spec, 1)
        found = {"examples": shown, "values": shown, "class_counts": split(spec), "first_weights": start(snapshot)}
        found |= dict.fromkeys(FORWARD, passage(spec, record, 3))
        found |= dict.fromkeys({**CHECK, **TRAINING}, live(snapshot))
        found |= dict.fromkeys(ANSWERS, answers(spec, record, 2, 1)) | {"confusion": live(snapshot)}
        for name, picture in {**DATA, **BUILD, **FORWARD, **CHECK, **TRAINING, **ANSWERS}.items():
            figure = go.Figure(picture.draw(found[name], TEXTS.words))
            assert figure.data
            assert all(TEXTS.charts[name])


def test_at_every_moment_of_the_slider_weights_losses_and_mistakes_are_of_the_same_update(trained: Snapshot) -> None:
    moments = moments_of(trained)
    spec = trained.lanes[0].spec
    data = data_of(spec)
    assert {0, 45, 90} <= set(moments)
    for step in moments:
        record = until(trained, step).lanes[0].records[-1]
        with torch.no_grad():
            logits = model_of(record)(data.test_x)
        counts = np.zeros((10, 10), int)
        np.add.at(counts, (data.test_y.numpy(), logits.argmax(1).numpy()), 1)
        assert record.step == step
        assert record.confusion is not None
        assert np.array_equal(record.confusion, counts)
        assert nn.functional.cross_entropy(logits, data.test_y).item() == pytest.approx(record.test_loss, rel=1e-5)


@pytest.mark.usefixtures("own_registry")
def test_a_reader_who_looks_back_sees_all_steps_as_they_were_and_the_curves_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = open_lesson(PAGE, {"data": "digits", "batch": "32", "epochs": "1"})
    press(page, "Play")
    assert wait_for(lambda: boards(page.run())["lab.board.train"]["counters"][1]["value"] == "45")
    now, bar = boards(page), boards(page)["lab.board.past"]["past"]
    assert (bar["steps"][0], bar["steps"][-1], bar["seen"]) == (0, 45, 45)
    session = registry().find(page.session_state["lab.session"], LabSession)
    assert session is not None
    lines = {key: answer(board, 0) for key, board in now.items() if "want" in board}
    assert lines.keys() == now.keys() - {"lab.board.data", "lab.board.module"}
    page.session_state["past.moment"] = (session.id, session.generation, bar["run"], 0)
    then = boards(page.run())
    for key, drawn in lines.items():  # before the page knows of that moment
        assert {part: drawn[part] for part in drawn} == {part: then[key][part] for part in drawn}
    assert answer(now["lab.board.train"], None)["counters"] == now["lab.board.train"]["counters"]
    session.restart(session.spec.with_(seed=3), is_started=False)
    assert wait_for(lambda: session.glance().scene)
    assert answer(now["lab.board.train"], 45)["counters"][1]["value"] == "0"  # the page has not heard of the run yet
    assert {each["value"] for each in then["lab.board.train"]["counters"][:2]} == {"0.00 / 1", "0"}
    assert then["lab.board.past"]["past"]["seen"] == then["lab.board.train"]["past"]["cursor"] == 0
    assert len([each for each in page.caption if each.value.startswith("As it was after 0 updates")]) == 3
    same = {"lab.board.data", "lab.board.module"}
    assert {key for key in now if then[key]["charts"] == now[key]["charts"]} == {
        *same,
        "lab.board.past",
        "lab.board.train",
    }


def answer(board: dict[str, Any], at: int | None) -> dict[str, Any]:
    """Ask a board's line for a moment."""
    seat = seats().find(board["want"])
    assert seat is not None
    assert seat.ask(at, {})
    drawn = seat.drawn()
    assert drawn is not None
    return dict(json.loads(drawn.message()))


def test_a_press_on_a_sheet_finds_its_picture_and_beside_it_none() -> None:
    assert place_at(4, 4, (8, 8), SHEET) == 0
    assert place_at(8 * 1.18 + 1, 8 * 1.44 * 2 + 1, (8, 8), SHEET) == 11
    assert place_at(5 * 8 * 1.18 + 1, 4, (8, 8), SHEET) is None
    assert place_at(4, -1, (8, 8), SHEET) is None
    assert place_at(4, 8 * 1.44 * 2 + 1, (8, 8), 10) is None


# ---- the page


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def choose(page: AppTest, place: int, value: str) -> None:
    menus: Any = page.get("button_group")
    menus[place].set_value(value).run()


def run_named(page: AppTest) -> str:
    value = page.query_params["run"]
    return str(value[0] if isinstance(value, list) else value)


def chart(page: AppTest, board: str, name: str) -> Any:
    return next(each for each in boards(page)[f"lab.board.{board}"]["charts"] if each["id"] == name)


@pytest.mark.usefixtures("own_registry")
def test_without_mnist_the_lab_opens_on_the_digits_and_says_so() -> None:
    page = open_lesson(PAGE)
    assert [note.value for note in page.info] == [TEXTS.words["not_here"]]
    assert "Digits 8x8" in next(text.value for text in page.markdown if text.value.startswith("Data in use"))
    assert len(boards(page)) == 6


@pytest.mark.usefixtures("own_registry")
def test_mnist_chosen_where_it_is_missing_offers_the_download_and_the_way_back() -> None:
    page = open_lesson(PAGE)
    choose(page, 0, "mnist")
    assert not page.exception
    assert any(button.label == "Download MNIST" for button in page.button)
    assert not boards(page)
    assert next(button for button in page.button if button.label == "Play").disabled
    choose(page, 0, "digits")
    assert len(boards(page)) == 6


@pytest.mark.usefixtures("own_registry")
def test_the_lab_trains_to_its_end_and_a_second_tab_sees_the_same_run() -> None:
    page = open_lesson(PAGE, {"data": "digits", "batch": "32", "epochs": "2"})
    session = registry().find(run_named(page), LabSession)
    assert session is not None
    press(page, "Play")
    assert wait_for(lambda: session.snapshot().status == "done")
    page.run()
    assert chart(page, "train", "epochs")["figure"]["data"][0]["cells"]["values"][0] == ["1", "2"]
    assert page.metric[1].label == TEXTS.words["now"].format(step=90)
    accuracy = session.snapshot().lanes[0].records[-1].test_accuracy
    assert accuracy is not None
    assert page.metric[1].value == f"{100 * accuracy:.2f} %"
    press(page, "Play again")
    assert (session.generation, session.changed) == (1, [])
    press(page, "Undo")
    assert session.snapshot().status == "done"
    session.owner = "somebody"
    other = open_lesson(PAGE, {"run": run_named(page)})
    assert run_named(other) == run_named(page)
    assert chart(other, "train", "epochs") == chart(page, "train", "epochs")
    assert [note.value for note in other.info if note.value == TEXTS.words["watching"]]
    assert next(button for button in other.button if button.label == "Play again").disabled
    menus: Any = other.get("button_group")
    assert len(menus) == 5
    assert all(menu.disabled for menu in menus)
    press(other, TEXTS.knobs["copy"][0])
    assert run_named(other) != run_named(page)
    assert chart(other, "train", "epochs")["figure"]["data"][0]["cells"]["values"][0] == []


@pytest.mark.usefixtures("own_registry")
def test_only_who_began_a_run_may_change_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    session = registry().open(LabSession, spec_of(DIGITS), "somebody")
    monkeypatch.setattr(st, "session_state", {"lab.session": session.id, "lesson.lab": DIGITS, "visitor": "another"})
    CONTROLLER.change(hidden="16", example=3)
    assert session.spec == spec_of(DIGITS)
    assert CONTROLLER.state == DIGITS
    CONTROLLER.change(example=3)
    assert CONTROLLER.state == DIGITS.with_(example=3)
    monkeypatch.setitem(st.session_state, "visitor", "somebody")
    CONTROLLER.change(hidden="16")
    assert session.spec == spec_of(DIGITS.with_(hidden="16"))


@pytest.mark.usefixtures("own_registry")
def test_a_setting_begins_a_fresh_run_of_the_same_session_and_reset_goes_back() -> None:
    page = open_lesson(PAGE, {"data": "digits", "batch": "32"})
    session = registry().find(run_named(page), LabSession)
    assert session is not None
    before = chart(page, "parameters", "parameters")
    choose(page, 1, "32")
    assert session.spec.model.knobs["hidden"] == 32
    assert page.query_params["hidden"] in ("32", ["32"])
    assert chart(page, "parameters", "parameters") != before
    press(page, "One epoch")
    assert wait_for(lambda: session.snapshot().lanes[0].step == 45 and session.snapshot().status == "paused")
    page.run()
    assert len(chart(page, "train", "epochs")["figure"]["data"][0]["cells"]["values"][0]) == 1
    press(page, "Reset")
    assert session.snapshot().lanes[0].step == 0


@pytest.mark.usefixtures("own_registry")
def test_a_link_says_what_is_looked_at_and_another_x_changes_it() -> None:
    page = open_lesson(PAGE, {"data": "digits", "batch": "32", "example": "9999", "sheet": "3"})
    dials = {dial["id"]: dial for board in boards(page).values() for dial in board.get("dials") or ()}
    assert dials["example"]["value"] == dials["example"]["high"] == 359
    assert (dials["sheet"]["value"], dials["sheet"]["high"], dials["page"]["high"]) == (3, 14, 57)
    before = chart(page, "forward", "path")["stamp"]
    page = press(page, TEXTS.knobs["another"][0])
    assert chart(page, "forward", "path")["stamp"] != before


@pytest.mark.usefixtures("own_registry")
def test_a_run_that_is_gone_leaves_a_sentence_and_its_settings() -> None:
    page = open_lesson(PAGE, {"data": "digits", "batch": "64", "lr": "0.01", "run": "gone"})
    assert len(page.warning) == 1
    session = registry().find(run_named(page), LabSession)
    assert session is not None
    assert (session.spec.batch_size, session.spec.optimizer.knobs["lr"]) == (64, 0.01)


@pytest.mark.usefixtures("own_registry")
def test_data_that_has_just_arrived_is_looked_at_before_it_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.sessions.session.missing", lambda name: "It is not here.")
    session = registry().open(LabSession, spec_of(DIGITS), "somebody")
    session.begin(is_started=False)
    assert session.is_waiting_for_data
    monkeypatch.setattr("nnviz.sessions.session.missing", lambda name: None)
    session.begin(is_started=True)  # as the download's end does
    assert wait_for(lambda: session.snapshot().scene)
    assert not session.is_going(session.snapshot())
    session.play()
    assert wait_for(lambda: session.snapshot().lanes[0].step)


@pytest.mark.usefixtures("own_registry")
def test_a_lab_that_cannot_be_built_says_why_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(engine: Engine) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "build", fail)
        page = open_lesson(PAGE, {"data": "digits"})
        assert wait_for(lambda: page.run().error)
    assert "OSError" in page.error[0].value
    assert not boards(page)
    press(page, "Play again")
    assert wait_for(lambda: len(boards(page.run())) >= 6)  # and the slider, once there is something to go back to
    assert not page.error
