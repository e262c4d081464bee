"""What the cards of the Train page say, over five seeds, and what a press on one does."""

from math import log
from statistics import mean

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnviz.records.status import Status
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Detail, Experiment, Observer
from nnviz.ui.train_tries import TRIES, USUAL
from nnviz.words.tries import TRIES as WORDS
from tests.seeds import SEEDS, accuracies, claims, most, stories
from tests.test_pages import built, drawn, line_of, open_train, session_of, settled, warnings

GUESSING = log(2)  # the loss of two classes


def set_up(name: str) -> ExperimentSpec:
    return TRIES[name].edit(USUAL)


def hidden(spec: ExperimentSpec, units: str) -> ExperimentSpec:
    return spec.with_(model=Choice.of("mlp", hidden=units))


def test_every_card_has_its_own_words_and_settings() -> None:
    assert list(TRIES) == list(WORDS)
    assert len({str(set_up(name).to_query()) for name in TRIES}) == len(TRIES)
    assert len({label for label, _ in WORDS.values()}) == len(WORDS)


def test_every_card_is_held_by_a_test_over_five_seeds() -> None:
    assert {card for test in globals().values() for _, card in getattr(test, "claims", ())} == set(TRIES)


@claims("train", "small")
def test_two_units_cannot_close_the_ring_and_four_can() -> None:
    (few,) = stories(set_up("small"), 300)
    assert all(0.7 < (record.train_accuracy or 0) < 0.9 for record in few)
    (enough,) = stories(hidden(set_up("small"), "4"), 300)
    assert mean(accuracies(enough)) > 0.92


@claims("train", "rate")
def test_too_large_a_rate_lifts_the_loss_above_where_it_began() -> None:
    first, *later = stories(set_up("rate"), 0, *range(20, 101, 20))
    began = [record.train_loss for record in first]
    assert most(
        mean(record.train_loss for record in story) > 2 * start
        for start, story in zip(began, zip(*later, strict=True), strict=True)
    )


@claims("train", "overfit")
def test_twenty_points_are_learnt_by_heart_while_the_test_loss_turns_and_rises() -> None:
    *early, late = stories(set_up("overfit"), 10, 30, 100, 400)
    assert most(record.train_accuracy == 1 and record.train_loss < 0.02 for record in late)
    lowest = [min(record.test_loss for record in story) for story in zip(*early, strict=True)]
    assert most(record.test_loss > 1.3 * least for record, least in zip(late, lowest, strict=True))


@claims("train", "linear")
def test_without_a_bend_the_boundary_is_straight_and_the_rings_stay_mixed() -> None:
    (straight,) = stories(set_up("linear"), 300)
    assert all((record.train_accuracy or 0) < 0.7 for record in straight)
    (bent,) = stories(set_up("linear").with_(activation=Choice("tanh")), 300)
    assert mean(accuracies(bent)) > 0.92


@claims("train", "deep")
def test_deep_sigmoids_go_on_guessing_for_their_gradient_vanishes_and_tanh_learns() -> None:
    for seed in SEEDS:
        experiment = Experiment(set_up("deep").with_(seed=seed))
        experiment.advance(300)
        record = Observer(experiment).measure(Detail.FULL)
        norms = [each.gradient or 0.0 for each in record.parameters if each.name.endswith("weight")]
        assert abs(record.train_loss - GUESSING) < 0.05
        assert norms[0] < norms[-1] / 100
    (tanh,) = stories(set_up("deep").with_(activation=Choice("tanh")), 300)
    assert mean(accuracies(tanh)) > 0.85


@claims("train", "zeros")
def test_from_zero_weights_nothing_moves() -> None:
    for seed in SEEDS:
        experiment = Experiment(set_up("zeros").with_(seed=seed))
        experiment.advance(200)
        record = Observer(experiment).measure(Detail.FULL)
        assert abs(record.train_loss - GUESSING) < 0.02
        assert {each.norm for each in record.parameters if each.name.endswith("weight")} == {0.0}
    (drawn_at_random,) = stories(USUAL, 200)
    assert mean(accuracies(drawn_at_random)) > 0.85


@claims("train", "dead")
def test_dead_relus_go_on_guessing_at_a_lower_rate() -> None:
    held = []
    for seed in SEEDS:
        experiment = Experiment(set_up("dead").with_(seed=seed))
        experiment.advance(100)
        experiment.apply(Change(experiment.step, "optimizer.lr", 0.01))
        experiment.advance(200)
        record = Observer(experiment).measure(Detail.FULL)
        (counts,) = [record.layers[-2].activation]
        held.append(record.test_accuracy == 0.5 and counts.low == counts.high == 0)
    assert most(held)


@claims("train", "batch")
def test_batches_of_one_jag_the_loss_and_thirty_two_calm_it() -> None:
    for seed in SEEDS:
        experiment = Experiment(set_up("batch").with_(seed=seed))
        experiment.advance(400)
        experiment.apply(Change(experiment.step, "batch_size", 32))
        experiment.advance(200)
        losses = experiment.curve.freeze().losses
        assert np.std(losses[200:400]) > 2 * np.std(losses[-200:])


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize("name", list(TRIES))
def test_a_press_sets_it_up_plays_calls_to_the_charts_and_can_be_undone(name: str) -> None:
    page = built(open_train({"dataset": "xor"}))
    page.button(key="bar.step").click().run()
    before = session_of(page).spec
    calls = calls_of(page)
    page.button(key=f"try.{TRIES[name].label}").click().run()
    session = session_of(page)
    assert (session.spec, session.generation) == (set_up(name), 1)
    assert calls_of(page) == calls + 1
    settled(page, Status.RUNNING)
    assert warnings(page) == []
    assert len(line_of(page)) == 1
    page.button(key="fresh.undo").click().run()
    assert (session.spec, session.snapshot().lanes[0].step) == (before, 1)


def calls_of(page: AppTest) -> int:
    return int(drawn(page)["calls"])


@pytest.mark.usefixtures("own_registry")
def test_who_only_watches_reads_the_cards() -> None:
    owner = built(open_train({"dataset": "moons"}))
    session_of(owner).owner = "somebody"
    stranger = open_train({"run": session_of(owner).id})
    assert all(stranger.button(key=f"try.{each.label}").disabled for each in TRIES.values())
