"""What is measured layer by layer: against closed forms, by hand, and without disturbing training."""

import json
import math
import pickle
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from nnviz.catalog import ACTIVATIONS, MODELS
from nnviz.charts import CHARTS, View
from nnviz.charts.bins import stacked
from nnviz.charts.layer_readings import distances, gradient_norms
from nnviz.charts.summary import moments, summary
from nnviz.library.codec import Arrays, decode, encode
from nnviz.records.run import Curve, Lane, Record, Snapshot
from nnviz.records.shapes import LayerNumbers, Lines
from nnviz.records.status import Status
from nnviz.records.tier import Tier
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Detail, Experiment, Observer
from nnviz.training.arrays import histogram
from nnviz.training.instruments import INSTRUMENTS
from nnviz.training.instruments.angles import cosine
from nnviz.training.instruments.hessian_trace import hessian_trace
from nnviz.training.instruments.quality import simple_noise_scale, step_quality
from nnviz.training.instruments.slopes import Slope
from nnviz.training.instruments.spectra import rank_of
from nnviz.training.instruments.units import ENDS, is_near, is_twin
from nnviz.training.measure import at_tier
from nnviz.training.scene import scene
from tests.homes import smallest
from tests.snapshots import running

ALL = at_tier(Detail.WHOLE, Tier.FULL)
DIGITS = ExperimentSpec(model=Choice.of("mlp", hidden="16,12"), optimizer=Choice.of("sgd", lr=0.1))
SINE = DIGITS.with_(dataset=Choice("sine"), loss=Choice("gaussian_nll"), activation=Choice("tanh"))
MOONS = ExperimentSpec(dataset=Choice("moons"), optimizer=Choice.of("sgd", lr=0.1))
LINE = ExperimentSpec(
    dataset=Choice.of("line", size=100), model=Choice.of("mlp", hidden=""), loss=Choice("mse"), batch_size=1000,
    activation=Choice("identity"),
)  # fmt: skip


def small(spec: ExperimentSpec) -> ExperimentSpec:
    """Take fewer pictures: networks of many layers are measured sooner, and alike."""
    few = Choice.of("digits", train_size=64)
    return spec.with_(dataset=few, batch_size=32) if spec.dataset.name == "digits" else spec


SPECS = {
    "digits": DIGITS,
    "sine": SINE,
    "adam": DIGITS.with_(optimizer=Choice.of("adam", lr=0.01)),
    **{name: small(smallest(name)) for name in MODELS if name != "mlp"},
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


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look in three directions where many are usual: of large networks each takes a while."""
    monkeypatch.setitem(hessian_trace.__globals__, "MANY", 3)


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("name", SPECS)
def test_measuring_all_there_is_changes_no_bit_and_finds_the_same_however_a_moment_was_reached(name: str) -> None:
    spec = SPECS[name].with_(epochs=0)
    plain, one, other = Experiment(spec), observed(spec, 2), observed(spec)
    plain.advance(2)
    watched = other.experiment
    for _ in range(2):
        watched.advance(1)
        before = written(watched.checkpoint())
        last = other.measure(ALL).readings
        assert written(watched.checkpoint()) == before
    assert plain.curve.freeze().losses.tolist() == watched.curve.freeze().losses.tolist()
    assert torch.equal(plain.flat.parameter, watched.flat.parameter)
    assert all(torch.equal(*pair) for pair in zip(plain.model.buffers(), watched.model.buffers(), strict=True))
    back = observed(spec)
    back.experiment.restore(pickle.loads(pickle.dumps(one.experiment.checkpoint())))
    names = [key for key in last if INSTRUMENTS[key].tier != Tier.ECONOMY]
    for found in (each.measure(ALL).readings for each in (one, back)):
        assert found.keys() == last.keys()
        assert all(written(found[key]) == written(last[key]) for key in names)


def test_a_record_as_usual_holds_nothing_of_the_costlier_tiers() -> None:
    record = observed(DIGITS, 3).measure()
    assert {INSTRUMENTS[name].tier for name in record.readings} == {Tier.ECONOMY}


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
def test_the_cosine_of_gradients_made_by_hand(
    one: list[list[float]], other: list[list[float]], expected: float
) -> None:
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
    small, large = (
        numbers(
            observed(LINE.with_(seed=seed, optimizer=Choice.of("sgd", lr=rate)), 30).measure(ALL),
            "successive_gradients",
        )
        for rate in (0.01, 1.2)
    )
    assert small.whole > 0.9
    assert large.whole < -0.9


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


# ---- units


class Built:
    """A network of affine layers with weights that are set by hand."""

    def __init__(self, activation: str = "tanh", hidden: str = "10") -> None:
        model = Choice.of("mlp", hidden=hidden)
        self.experiment = Experiment(MOONS.with_(activation=Choice(activation), model=model))
        self.state = self.experiment.model.state_dict()

    def numbers(self, name: str) -> LayerNumbers:
        return numbers(Observer(self.experiment).measure(ALL), name)


@pytest.mark.parametrize("count", [0, 3, 10])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_a_network_built_with_so_many_saturated_units_has_them(activation: str, count: int) -> None:
    built = Built(activation)
    built.state["lin_1.weight"].zero_()
    built.state["lin_1.bias"].zero_()
    built.state["lin_1.bias"][:count] = torch.tensor([50.0, -50.0] * 5)[:count]  # at either end
    found = built.numbers("saturated_units")
    assert found.names == ("lin_1",)
    assert_allclose([found.whole, *found.values], count / 10, rtol=1e-6)


@pytest.mark.parametrize(
    ("value", "is_saturated"), [(0.9801, True), (0.9799, False), (-0.9801, True), (-0.9799, False), (0.0, False)]
)
def test_a_value_of_tanh_is_saturated_within_a_hundredth_of_its_range(value: float, is_saturated: bool) -> None:
    assert is_near(torch.tensor([value]), -1, 1).tolist() == [is_saturated]
    assert is_near(torch.tensor([(value + 1) / 2]), 0, 1).tolist() == [is_saturated]


def test_every_activation_with_two_ends_reaches_them_and_stays_between() -> None:
    x = torch.linspace(-1e4, 1e4, 10_001)
    for kind, (low, high) in ENDS.items():
        y: torch.Tensor = kind()(x)
        assert y.min().item() == pytest.approx(low, abs=1e-3), kind
        assert y.max().item() == pytest.approx(high, abs=1e-3), kind
    modules = [entry.build(**entry.values(Choice(name))).module() for name, entry in ACTIVATIONS.items()]
    assert {type(module) for module in modules if module(x).abs().max() < 100} == {torch.nn.Sigmoid, torch.nn.Tanh}


def test_relu_has_no_saturated_units() -> None:
    assert "saturated_units" not in Observer(Built("relu").experiment).measure(ALL).readings


@pytest.mark.parametrize("groups", [(), (2,), (3, 2), (10,)])
def test_a_network_built_with_so_many_twins_has_them(groups: tuple[int, ...]) -> None:
    built, at = Built(), 0
    for size in groups:
        for name in ("lin_1.weight", "lin_1.bias"):
            built.state[name][at : at + size] = built.state[name][at].clone()
        at += size
    order = torch.randperm(10, generator=torch.Generator().manual_seed(3))  # twins need not stand beside each other
    for name in ("lin_1.weight", "lin_1.bias"):
        built.state[name].copy_(built.state[name][order].clone())
    found = built.numbers("twin_units")
    assert_allclose(found.values, [at / 10, 0], rtol=1e-6)
    assert found.whole == pytest.approx(at / (10 + len(built.state["lin_2.weight"])))


def test_twins_are_alike_but_for_rounding_and_need_the_same_bias() -> None:
    unit = torch.randn(50, generator=torch.Generator().manual_seed(1))
    rounded = unit * (1 + 1e-7)
    assert is_twin(torch.stack([unit, torch.ones(50), rounded])).tolist() == [True, False, True]
    assert not is_twin(torch.stack([unit, unit + 1e-3 * torch.eye(50)[49]])).any()
    assert not is_twin(unit.unsqueeze(0)).any()
    assert is_twin(torch.zeros(3, 4)).all()


def test_twins_are_those_that_a_loop_over_all_pairs_finds() -> None:
    drawn = torch.randint(-1, 2, (60, 4), generator=torch.Generator().manual_seed(0)).float()
    expected = [any(i != j and torch.equal(drawn[i], drawn[j]) for j in range(60)) for i in range(60)]
    assert 0 < sum(expected) < 60
    assert is_twin(drawn).tolist() == expected


@pytest.mark.parametrize("seed", range(5))
def test_equal_first_weights_make_twins_that_stay_as_long_as_what_they_lead_to_is_equal_too(seed: int) -> None:
    built = Built()
    experiment = Experiment(built.experiment.spec.with_(seed=seed))
    state = experiment.model.state_dict()
    for name in ("lin_1.weight", "lin_2.weight"):
        state[name].fill_(0.3)
    experiment.advance(30)
    assert numbers(Observer(experiment).measure(ALL), "twin_units").values[0] == 1
    state["lin_2.weight"][0, 0] += 0.1
    experiment.advance(30)
    assert numbers(Observer(experiment).measure(ALL), "twin_units").values[0] == pytest.approx(0.9)


def test_a_unit_of_a_transposed_convolution_is_one_of_its_maps() -> None:
    experiment = Experiment(MODELS["gan"].usual.with_(dataset=Choice("digits"), model=Choice.of("gan", kind="conv")))
    modules = dict(experiment.model.named_modules())
    name = next(name for name, each in modules.items() if isinstance(each, torch.nn.ConvTranspose2d))
    layer = cast(torch.nn.ConvTranspose2d, modules[name])
    with torch.no_grad():
        layer.weight[:, 1] = layer.weight[:, 0]
        if layer.bias is not None:
            layer.bias[1] = layer.bias[0]
    found = numbers(Observer(experiment).measure(ALL), "twin_units")
    assert found.values[found.names.index(name)] == pytest.approx(2 / layer.weight.shape[1])


# ---- step quality


@pytest.mark.parametrize("bend", [0.3, 5.0])
@pytest.mark.parametrize("reached", [0.1, 0.5, 1.0, 1.5, 2.0, 3.0])
def test_step_quality_on_a_parabola_of_known_minimum(reached: float, bend: float) -> None:
    """The step covers `reached` of the way to the minimum of bend * (t - 1)² / 2."""
    losses = [bend * (t - 1) ** 2 / 2 for t in (0, reached)]
    slopes = [bend * (t - 1) * reached for t in (0, reached)]
    found = step_quality(losses[0], slopes[0], losses[1], slopes[1])
    assert found == pytest.approx(reached - 1)


def test_step_quality_fits_by_least_squares_where_it_is_no_parabola() -> None:
    rows = np.array([[1.0, 0, 0], [1, 1, 1], [0, 1, 0], [0, 1, 2]])
    told = np.array([2.0, 1.7, -1.3, 0.4])
    _, slope, bend = np.linalg.lstsq(rows, told, rcond=None)[0]
    assert step_quality(2.0, -1.3, 1.7, 0.4) == pytest.approx(-2 * bend / slope - 1)
    assert math.isnan(step_quality(1.0, 0.5, 2.0, 0.7))  # uphill
    assert math.isnan(step_quality(1.0, -0.5, math.inf, 0.7))
    assert step_quality(1.0, -1.0, -0.5, -2.0) < -1  # ever steeper: no minimum in sight


@pytest.mark.parametrize("rate", [0.05, 0.5, 1.0, 1.5, 1.9])
def test_the_step_quality_of_a_linear_model_with_a_known_minimum(rate: float) -> None:
    """One input of variance 1 and mean squared error: a full step of rate 1 (times 1/2 for the 2 of d/dw) is exact."""
    spec = LINE.with_(optimizer=Choice.of("sgd", lr=0.01))
    experiment = Experiment(spec)
    x, target = experiment.data.train_x.double(), experiment.targets.double()
    rows = torch.cat([x, torch.ones_like(x)], 1)
    hessian = 2 * rows.t() @ rows / len(x)
    state = experiment.model.state_dict()
    weights = torch.cat([state["lin_1.weight"].flatten(), state["lin_1.bias"]]).double()
    gradient = hessian @ weights - 2 * (rows.t() @ target).flatten() / len(x)
    exact = (gradient @ gradient / (gradient @ hessian @ gradient)).item()  # the rate that reaches the minimum
    experiment.apply(Change(0, "optimizer.lr", rate * exact))
    experiment.advance(1)
    found = numbers(Observer(experiment).measure(ALL), "alpha")
    assert found.whole == pytest.approx(rate - 1, abs=2e-3)


@pytest.mark.parametrize("seed", range(5))
def test_between_minus_one_and_one_the_step_has_made_the_loss_of_its_batch_smaller(seed: int) -> None:
    def loss_of(experiment: Experiment, x: torch.Tensor, target: torch.Tensor) -> float:
        with torch.no_grad():
            return experiment.loss.value(experiment.model(x), target).item()

    seen = []
    for rate in (0.05, 0.5, 3.0):
        experiment = Experiment(SINE.with_(seed=seed, loss=Choice("mse"), optimizer=Choice.of("sgd", lr=rate)))
        experiment.advance(20)
        before = experiment.checkpoint()
        experiment.advance(1)
        batch = experiment.batches.last()
        assert batch is not None
        after = loss_of(experiment, *batch)
        found = Observer(experiment).measure(ALL).readings.get("alpha")
        experiment.restore(before)
        if isinstance(found, LayerNumbers) and abs(abs(found.whole) - 1) > 0.2:
            seen.append((after < loss_of(experiment, *batch), abs(found.whole) < 1))
    assert seen
    assert all(is_less == is_inside for is_less, is_inside in seen)


# ---- gradient noise


def test_the_noise_scale_of_gradients_made_by_hand() -> None:
    """Of micro-batches of one example it is the unbiased variance over the unbiased square of the mean."""
    drawn = np.random.default_rng(0).normal([3.0, -1.0, 0.5], [1.0, 2.0, 0.1], (64, 3))
    found = simple_noise_scale([Slope(0.0, (torch.tensor(row[:2]), torch.tensor(row[2:]))) for row in drawn], 1)
    trace = drawn.var(0, ddof=1).sum()
    assert found == pytest.approx(trace / (drawn.mean(0) @ drawn.mean(0) - trace / 64), rel=1e-9)


def test_the_noise_scale_does_not_depend_on_the_size_of_micro_batches_but_by_chance() -> None:
    rng = np.random.default_rng(1)
    by_size = {}
    for size in (1, 4, 16):
        rows = rng.normal([1.0, 0.5], 2.0, (4096, 2)).reshape(-1, size, 2).mean(1)
        by_size[size] = simple_noise_scale([Slope(0.0, (torch.tensor(row),)) for row in rows], size)
    assert_allclose(list(by_size.values()), 8 / 1.25, rtol=0.15)  # tr(Σ) = 2 · 2², |G|² = 1 + ¼


def test_the_noise_scale_of_a_linear_model_is_that_of_its_gradients_in_closed_form() -> None:
    experiment = Experiment(LINE)
    found = numbers(Observer(experiment).measure(ALL), "noise_scale").whole
    x, target = (part[:256].double() for part in (experiment.data.train_x, experiment.targets))
    size = len(x) // 16
    x, target = x[: 16 * size], target[: 16 * size]
    state = experiment.model.state_dict()
    wrong = x @ state["lin_1.weight"].double().t() + state["lin_1.bias"].double() - target
    each = torch.cat([2 * wrong * x, 2 * wrong], 1).view(16, size, 2).mean(1).numpy()  # of each micro-batch
    trace = size * each.var(0, ddof=1).sum()
    signal = each.mean(0) @ each.mean(0) - trace / len(x)
    assert found == pytest.approx(trace / signal, rel=1e-4)


def test_a_gradient_that_drowns_in_noise_has_no_noise_scale() -> None:
    rows = [[1.0], [-1.0], [1.0], [-1.0]]
    assert math.isnan(simple_noise_scale([Slope(0.0, (torch.tensor(row),)) for row in rows], 4))


# ---- weights and answers


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1.0, 1.0, 1.0, 1.0], 4.0), ([7.0, 0.0, 0.0], 1.0), ([0.0, 0.0], 0.0), ([3.0, 1.0], 4 / 3**0.75)],
)
def test_the_effective_rank_of_a_known_spectrum(values: list[float], expected: float) -> None:
    assert rank_of(torch.tensor(values)) == pytest.approx(expected)


def test_spectrum_and_rank_are_those_of_the_weights() -> None:
    built = Built(hidden="6")
    q, _ = torch.linalg.qr(torch.randn(6, 2, generator=torch.Generator().manual_seed(2)))
    built.state["lin_1.weight"].copy_(q @ torch.diag(torch.tensor([5.0, 5.0])))
    record = Observer(built.experiment).measure(ALL)
    assert numbers(record, "effective_rank").values[0] == pytest.approx(2, rel=1e-5)
    assert_allclose(cast(Lines, record.readings["spectrum"]).y[0], 5, rtol=1e-5)


def test_the_distance_from_the_start_is_that_of_the_weights() -> None:
    observer = observed(DIGITS, 9)
    experiment = observer.experiment
    apart = [now - then for now, then in zip(*map(experiment.flat.views, (experiment.flat.parameter.detach(),
                                                                         experiment.start)), strict=True)]  # fmt: skip
    found = distances(observer.measure())
    assert found is not None
    assert_allclose(found.values, [np.linalg.norm(flat([each])) for each in apart[::2]], rtol=1e-4)
    assert found.whole == pytest.approx(np.linalg.norm(flat(apart)), rel=1e-4)


def test_the_eight_answers_are_the_probabilities_of_the_truth() -> None:
    experiment = observed(DIGITS, 40).experiment
    found = numbers(Observer(experiment).measure(ALL), "witnesses")
    with torch.no_grad():
        given = experiment.model(experiment.data.test_x[:8]).softmax(1)
    truth = experiment.data.test_y[:8]
    assert_allclose(found.values, [row[at] for row, at in zip(given, truth, strict=True)], rtol=1e-4)
    assert [str(name) for name in found.names] == [f"{at}: {int(each)}" for at, each in enumerate(truth, 1)]


def test_of_a_regression_the_eight_answers_are_its_numbers() -> None:
    experiment = observed(SINE.with_(loss=Choice("mse")), 40).experiment
    found = numbers(Observer(experiment).measure(ALL), "witnesses")
    with torch.no_grad():
        given = experiment.model(experiment.data.test_x[:8])
    assert_allclose(found.values, given.flatten(), rtol=1e-4, atol=1e-6)


# ---- the charts of them


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("name", ["digits", "sine", "tanh", "resnet", "gan"])
def test_what_is_measured_is_drawn_and_saved(name: str) -> None:
    spec = {**SPECS, "tanh": DIGITS.with_(activation=Choice("tanh"))}[name].with_(epochs=0)
    observer = observed(spec)
    records = [observer.measure(ALL)]
    for _ in range(2):
        observer.experiment.advance(2)
        records.append(observer.measure(ALL))
    arrays = Arrays()
    again = decode(json.loads(json.dumps(encode(tuple(records), arrays))), arrays)
    lane = Lane("one", spec, Status.RUNNING, None, 4, 0.1, 0.1, Curve.empty(), again, knobs=observer.experiment.knobs)
    snapshot = Snapshot(1, Status.RUNNING, None, (lane,), scene(observer.experiment))
    drawn = {name: chart.draw(snapshot, View()) for name, chart in CHARTS.items() if chart.fits(snapshot)}
    told = {key for key, each in INSTRUMENTS.items() if each.tier != Tier.ECONOMY and key in records[-1].readings}
    assert told <= drawn.keys()
    assert all(drawn[key]["data"] for key in told)


@pytest.mark.parametrize("values", [np.random.default_rng(0).gamma(2.0, 1.0, 5000), np.full(9, 3.5)])
def test_mean_deviation_and_percentiles_of_a_histogram_are_numpys_but_for_its_bins(values: Any) -> None:
    found = histogram(torch.tensor(np.asarray(values)))
    stack = stacked([found])
    room = 1.01 * (found.high - found.low) / 64
    mean, std = (part.item() for part in moments(stack))
    assert mean == pytest.approx(np.mean(values), abs=room)
    assert std == pytest.approx(np.std(values), abs=room)
    lines = summary([found], np.zeros(1, np.float32))
    assert len(lines) == 4
    for line, share in zip(lines[1:], (5, 50, 95), strict=True):
        assert line["y"][0] == pytest.approx(np.percentile(values, share), abs=2 * room)


def test_updates_are_drawn_over_time_and_summed_up_where_more_is_asked_for() -> None:
    snapshot = running("digits")
    assert not CHARTS["update_histograms"].fits(snapshot)
    assert len(CHARTS["weights"].draw(snapshot, View())["data"]) == 1
    close = replace(snapshot, tier=Tier.BUSINESS)
    assert CHARTS["update_histograms"].fits(close)
    for name in ("update_histograms", "weights", "gradients", "activations"):
        drawn = CHARTS[name].draw(close, View())["data"]
        assert [trace["type"] for trace in drawn] == ["heatmap", *["scatter"] * 4]
