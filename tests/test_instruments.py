"""What is measured layer by layer: against closed forms, by hand, and without disturbing training."""

import math
import pickle
from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from nnviz.catalog import MODELS
from nnviz.charts import CHARTS
from nnviz.charts.layer_readings import gradient_norms
from nnviz.library.codec import Arrays, encode
from nnviz.records.run import Record
from nnviz.records.shapes import LayerNumbers
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Detail, Experiment, Observer
from nnviz.training.instruments import INSTRUMENTS
from nnviz.training.instruments.angles import cosine
from nnviz.training.instruments.instrument import Tier
from nnviz.training.measure import at_tier

ALL = at_tier(Detail.WHOLE, Tier.FULL)
DIGITS = ExperimentSpec(model=Choice.of("mlp", hidden="16,12"), optimizer=Choice.of("sgd", lr=0.1))
SINE = DIGITS.with_(dataset=Choice("sine"), loss=Choice("gaussian_nll"), activation=Choice("tanh"))
SPECS = {
    "digits": DIGITS,
    "sine": SINE,
    "adam": DIGITS.with_(optimizer=Choice.of("adam", lr=0.01)),
    **{name: family.usual for name, family in MODELS.items() if name != "mlp"},
}


def observed(spec: ExperimentSpec, updates: int = 0) -> Observer:
    """Train for some updates while the gradient before the last one is kept."""
    experiment = Experiment(spec)
    experiment.keep_former(True)
    experiment.advance(updates)
    return Observer(experiment)


def numbers(found: Record, name: str) -> LayerNumbers:
    return cast(LayerNumbers, found.readings[name])


def written(value: Any) -> tuple[Any, list[bytes]]:
    """Write a checkpoint or a reading as a saved run does, so that every bit can be compared."""
    arrays = Arrays()
    return encode(value, arrays), [array.tobytes() for array in arrays.values()]


def flat(parts: Iterable[torch.Tensor]) -> np.ndarray:
    return torch.cat([part.flatten() for part in parts]).double().numpy()


# ---- nothing is disturbed


@pytest.mark.parametrize("name", SPECS)
def test_measuring_all_there_is_after_every_update_changes_no_bit(name: str) -> None:
    spec = SPECS[name].with_(epochs=0)
    plain, watched = Experiment(spec), Experiment(spec)
    watched.keep_former(True)
    observer = Observer(watched)
    for _ in range(4):
        plain.advance(1)
        watched.advance(1)
        before = written(watched.checkpoint())
        observer.measure(ALL)
        assert written(watched.checkpoint()) == before
    assert plain.curve.freeze().losses.tolist() == watched.curve.freeze().losses.tolist()
    assert torch.equal(plain.flat.parameter, watched.flat.parameter)
    assert all(torch.equal(*pair) for pair in zip(plain.model.buffers(), watched.model.buffers(), strict=True))


def test_a_record_as_usual_holds_nothing_of_the_costlier_tiers() -> None:
    record = observed(DIGITS, 3).measure()
    assert {INSTRUMENTS[name].tier for name in record.readings} == {Tier.ECONOMY}


@pytest.mark.parametrize("name", SPECS)
def test_records_of_the_same_moment_hold_the_same_however_they_were_reached(name: str) -> None:
    spec = SPECS[name].with_(epochs=0)
    one, other = observed(spec, 3), observed(spec)
    for _ in range(3):
        other.experiment.advance(1)
        other.measure(ALL)
    back = observed(spec)
    back.experiment.restore(pickle.loads(pickle.dumps(one.experiment.checkpoint())))
    first, *others = [each.measure(ALL).readings for each in (one, other, back)]
    names = [key for key, each in first.items() if INSTRUMENTS[key].tier != Tier.ECONOMY]
    for found in others:
        assert found.keys() == first.keys()
        assert all(written(found[key]) == written(first[key]) for key in names)


def test_without_somebody_who_asks_no_second_gradient_is_kept() -> None:
    experiment = Experiment(DIGITS)
    assert experiment.former is None
    assert experiment.checkpoint().former is None
    assert "successive_gradients" not in Observer(experiment).measure(ALL).readings


# ---- gradients: how long they are, and where they point


def test_gradient_norms_are_those_of_a_loop_by_hand() -> None:
    observer = observed(DIGITS, 7)
    gradients = observer.experiment.flat.views(observer.experiment.flat.gradient)
    found = gradient_norms(observer.measure())
    assert found is not None
    assert found.names == ("lin_1", "lin_2", "lin_3")
    assert_allclose(found.values, [np.linalg.norm(flat([each])) for each in gradients[::2]], rtol=1e-5)
    assert found.whole == pytest.approx(np.linalg.norm(flat(gradients)), rel=1e-5)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([[3.0, 0.0]], [[0.0, 2.0]], 0.0),
        ([[1.0, 1.0], [2.0]], [[-2.0, -2.0], [-4.0]], -1.0),
        ([[1.0], [0.0]], [[1.0], [1.0]], math.sqrt(0.5)),
        ([[1e-25], [1e-25]], [[1e-25], [0.0]], math.sqrt(0.5)),
        ([[0.0]], [[1.0]], math.nan),
        ([[math.inf]], [[1.0]], math.nan),
    ],
)
def test_the_cosine_of_gradients_made_by_hand(one: list[list[float]], other: list[list[float]], expected: float) -> None:
    found = cosine([torch.tensor(each) for each in one], [torch.tensor(each) for each in other])
    assert found == pytest.approx(expected, nan_ok=True, abs=1e-12)


def test_the_cosine_of_successive_gradients_is_that_of_the_last_two() -> None:
    experiment = Experiment(DIGITS)
    experiment.keep_former(True)
    observer, seen = Observer(experiment), []
    for _ in range(9):
        experiment.advance(1)
        seen.append([part.clone() for part in experiment.flat.views(experiment.flat.gradient)])
    far = observed(DIGITS, 9)  # in one go
    for record in (observer.measure(ALL), far.measure(ALL)):
        found = numbers(record, "successive_gradients")
        a, b = map(flat, seen[-2:])
        assert found.whole == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b), rel=1e-5)
        for value, old, new in zip(found.values, seen[-2][::2], seen[-1][::2], strict=True):
            a, b = flat([old]), flat([new])
            assert value == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b), rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_plain_sgd_goes_straight_against_the_gradient_and_momentum_does_not(seed: int) -> None:
    plain = numbers(observed(DIGITS.with_(seed=seed), 20).measure(ALL), "gradient_update")
    assert_allclose([plain.whole, *plain.values], -1, atol=1e-4)
    other = DIGITS.with_(seed=seed, optimizer=Choice.of("momentum", lr=0.1))
    assert -0.99 < numbers(observed(other, 20).measure(ALL), "gradient_update").whole < 0


@pytest.mark.parametrize("seed", range(5))
def test_on_whole_batches_small_steps_agree_and_too_large_ones_jump_back_and_forth(seed: int) -> None:
    line = ExperimentSpec(
        dataset=Choice.of("line", size=100), model=Choice.of("mlp", hidden=""), loss=Choice("mse"), batch_size=1000,
        activation=Choice("identity"), seed=seed,
    )  # fmt: skip
    small, large = (
        numbers(observed(line.with_(optimizer=Choice.of("sgd", lr=rate)), 30).measure(ALL), "successive_gradients")
        for rate in (0.01, 1.2)
    )
    assert small.whole > 0.9
    assert large.whole < -0.9


def test_where_several_players_learn_no_gradient_has_a_direction() -> None:
    found = observed(MODELS["gan"].usual, 3).measure(ALL)
    assert not {"successive_gradients", "gradient_update"} & found.readings.keys()
    assert gradient_norms(found) is not None


def test_weights_set_by_hand_and_other_batch_sizes_are_measured_on() -> None:
    observer = observed(DIGITS, 3)
    observer.experiment.apply(Change(3, "batch_size", 7.0))
    observer.experiment.advance(2)
    last = observer.experiment.batches.last()
    assert last is not None
    assert len(last[0]) == 7
    assert numbers(observer.measure(ALL), "successive_gradients").names == ("lin_1", "lin_2", "lin_3")


def test_the_charts_stand_in_groups() -> None:
    order = [chart.group for chart in CHARTS.values()]
    groups = list(dict.fromkeys(order))
    assert groups[:3] == ["", "Step size", "Gradients"]
    assert order == sorted(order, key=groups.index)
