"""The lesson on what learning is."""

import numpy as np
import pytest
import streamlit as st
import torch

from nnviz.lessons.learning.figures import PICTURES
from nnviz.lessons.learning.study import TASKS, State, spec_of, study
from nnviz.runs.timeline import Stream
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training import Experiment
from nnviz.training.measure import Observer
from nnviz.ui.registry import registry
from tests.lesson_pages import boards, open_lesson
from tests.runs import SMALL, WILD

PAGE = "pages/41_Learning.py"


# ---- the stream that lessons share


def test_a_stream_trains_on_from_where_it_stands_to_the_same_bits_as_in_one_go() -> None:
    stream = Stream()
    for updates in (3, 10, 7, 25):
        alone = Experiment(SMALL)
        alone.advance(updates)
        snapshot = stream.at(SMALL, updates)
        assert snapshot.lanes[0].curve.losses.tolist() == alone.curve.freeze().losses.tolist()
        assert snapshot.lanes[0].records[-1].test_loss == Observer(alone).measure().test_loss
        assert snapshot.lanes[0].step == updates


def test_a_stream_gives_the_same_snapshot_again_without_training() -> None:
    stream = Stream()
    assert stream.at(SMALL, 5) is stream.at(SMALL, 5)


def test_a_stream_stops_where_the_loss_is_no_number() -> None:
    snapshot = Stream().at(WILD, 400)
    assert snapshot.status == "diverged"
    assert snapshot.lanes[0].step < 400


def test_a_stream_has_a_record_at_the_start_and_at_the_end_and_views_only_there() -> None:
    records = Stream().at(SMALL, 100).lanes[0].records
    assert (records[0].step, records[-1].step) == (0, 100)
    assert records[-1].field is not None
    assert all(record.field is None for record in records[:-1])


# ---- the numbers


@pytest.mark.parametrize("kind", ["classes", "curve"])
def test_the_loss_shown_is_that_of_a_loop_by_hand(kind: str) -> None:
    state = State(updates=30, lr=0.2, hidden=5)
    experiment = Experiment(spec_of(state, kind))
    data, model = (
        experiment.data,
        torch.nn.Sequential(
            torch.nn.Linear(experiment.data.inputs, 5),
            torch.nn.Tanh(),
            torch.nn.Linear(5, 2 if kind == "classes" else 1),
        ),
    )
    with torch.no_grad():
        for mine, theirs in zip(model.parameters(), experiment.model.parameters(), strict=True):
            mine.copy_(theirs)
    loss = torch.nn.CrossEntropyLoss() if kind == "classes" else torch.nn.MSELoss()
    shown = study(State(updates=0, lr=0.2, hidden=5), Stream())[kind]
    assert shown.loss == pytest.approx(loss(model(data.train_x), data.train_y).item(), abs=1e-6)
    assert shown.parameters == sum(parameter.numel() for parameter in model.parameters())
    experiment.advance(30)
    trained = Observer(experiment).measure()
    assert study(state, Stream())[kind].loss == trained.train_loss


def test_the_first_example_shown_is_one_to_train_on() -> None:
    for kind, example in study(State(), Stream()).items():
        data = Experiment(spec_of(State(), kind)).data
        assert np.allclose(data.train_x[0].numpy(), example.x)
        assert float(data.train_y[0]) == pytest.approx(example.y)
        assert example.examples == len(data.train_x)


# ---- the tasks


@pytest.mark.parametrize(
    ("task", "right", "wrong"),
    [
        ("algorithm", State(updates=400, lr=1), State(updates=100)),
        ("model", State(updates=200, hidden=0), State(updates=200, hidden=1)),
        ("model", State(updates=400, hidden=0), State(updates=199, hidden=0)),
        ("lost", State(updates=50, lr=3), State(updates=50, lr=0.1)),
        ("lost", State(updates=50, lr=3), State(updates=0, lr=3)),
    ],
)
def test_a_task_is_marked_right_when_right_and_not_when_not(task: str, right: State, wrong: State) -> None:
    stream = Stream()
    assert TASKS[task](right, study(right, stream))
    assert not TASKS[task](wrong, study(wrong, stream))


def test_no_task_is_done_where_the_lesson_begins() -> None:
    found = study(State(), Stream())
    assert not any(is_solved(State(), found) for is_solved in TASKS.values())


# ---- the page


@pytest.mark.usefixtures("own_registry")
def test_the_page_opens_in_the_state_of_its_link() -> None:
    page = open_lesson(PAGE, {"updates": "40", "hidden": "3"})
    dials = {dial["id"]: dial["value"] for dial in boards(page)["learning"]["dials"]}
    assert dials == {"updates": 40, "lr": 0.1, "hidden": 3}


@pytest.mark.usefixtures("own_registry")
def test_one_step_trains_one_update_and_reset_goes_back() -> None:
    page = open_lesson(PAGE)
    before = boards(page)["learning"]["charts"]
    next(button for button in page.button if button.label == "One step").click().run()
    assert dict(page.query_params)["updates"] in ("1", ["1"])
    assert boards(page)["learning"]["charts"] != before
    next(button for button in page.button if button.label == "Reset").click().run()
    assert "updates" not in page.query_params
    assert boards(page)["learning"]["charts"] == before


@pytest.mark.usefixtures("own_registry")
def test_each_part_links_to_its_place_on_train_with_the_same_settings() -> None:
    page = open_lesson(PAGE, {"hidden": "4"})
    links = [link.proto.page + link.proto.query_string for link in page.get("page_link")]
    into_train = [link for link in links if "part=" in link]
    assert len(into_train) == 8
    assert all("hidden%3D4" in link or "hidden=4" in link for link in into_train)
    assert {part for link in into_train for part in ("data", "network", "training") if f"part={part}" in link} == {
        "data", "network", "training"
    }  # fmt: skip


@pytest.mark.usefixtures("own_registry")
def test_a_solved_task_turns_green_and_stays_so() -> None:
    page = open_lesson(PAGE, {"updates": "400", "lr": "1"})
    green = [text.value for text in page.markdown if "check_circle" in text.value]
    assert len(green) == 2  # the classifier is done, the curve is lost
    next(button for button in page.button if button.label == "Reset").click().run()
    assert [text.value for text in page.markdown if "check_circle" in text.value] == green
    next(button for button in page.button if button.label == "Start over").click().run()
    assert not [text.value for text in page.markdown if "check_circle" in text.value]


def test_a_train_page_points_at_the_part_that_the_link_names() -> None:
    spec = ExperimentSpec()
    page = open_lesson("pages/1_Train.py", {**spec.to_query(), "part": "network"})
    assert not page.exception
    marked = [title.value for title in page.sidebar.subheader if "background" in title.value]
    assert len(marked) == 1
    assert "Network" in marked[0]
    registry().close()
    st.cache_resource.clear()


@pytest.mark.parametrize("lr", [3.0, 10.0])
def test_a_note_of_a_divergence_stands_where_the_chart_has_room(lr: float) -> None:
    found = study(State(lr=lr, updates=400), Stream())["curve"]
    lane = found.snapshot.lanes[0]
    assert lane.status == "diverged"
    drawn = PICTURES["curve_loss"].draw(found, {})["layout"]
    (word,) = [each for each in drawn["annotations"] if each["xref"] == "x"]
    side = "right" if lane.step > found.most_updates / 2 else "left"
    assert (word["x"], word["xanchor"], word["align"]) == (lane.step, side, side)
    assert drawn["xaxis"]["range"] == [0, found.most_updates]
    losses = lane.curve.losses
    assert drawn["yaxis"]["type"] == "log"
    assert drawn["yaxis"]["range"][1] >= np.log10(losses[np.isfinite(losses)].max())
