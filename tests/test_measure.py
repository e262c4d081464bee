from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from itertools import islice

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import accuracy_score, confusion_matrix
from torch import Tensor
from torch.nn import functional as F

from nnviz.catalog.models import MLP, MODELS
from nnviz.catalog.outputs import outputs_of
from nnviz.catalog.task import Task
from nnviz.records.run import Doubles, Record
from nnviz.records.shapes import Shares
from nnviz.runs.history import MOST as MOST_RECORDS
from nnviz.runs.history import History
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Experiment, train
from nnviz.training.arrays import histogram
from nnviz.training.curve import MOST as MOST_POINTS
from nnviz.training.curve import LossCurve
from nnviz.training.instruments.answers import counted as counted_pairs
from nnviz.training.instruments.plane import even_ends
from nnviz.training.measure import Observer
from nnviz.training.scene import scene
from tests.runs import arrays

DIGITS = ExperimentSpec(model=Choice.of("mlp", hidden="16,12"))
MOONS = ExperimentSpec(
    dataset=Choice.of("moons", size=200),
    model=Choice.of("mlp", hidden="5,3"),
    activation=Choice("tanh"),
    optimizer=Choice.of("sgd", lr=0.1),
    batch_size=16,
)
SINE = MOONS.with_(dataset=Choice("sine"), loss=Choice("gaussian_nll"))
SPECS = [DIGITS, MOONS, SINE]
NAMES = ["digits", "moons", "sine"]


def trained(spec: ExperimentSpec, updates: int = 30) -> Experiment:
    experiment = Experiment(spec)
    experiment.advance(updates)
    return experiment


def output_of(experiment: Experiment, x: Tensor) -> Tensor:
    """Evaluate layer by layer from the parameters' names, without the model's own forward."""
    state = experiment.model.state_dict()
    for number in (1, 2, 3):
        x = x @ state[f"lin_{number}.weight"].t() + state[f"lin_{number}.bias"]
        if number < 3:
            x = torch.relu(x) if experiment.spec.activation.name == "relu" else torch.tanh(x)
    return x


# ---- histograms


@pytest.mark.parametrize(
    "values",
    [
        np.arange(65.0),
        np.concatenate([np.zeros(7), np.full(5, 64.0), [1.0, 1.5, 31.999, 32.0, 63.0]]),
        np.array([-1.0, 1.0]),
        np.linspace(-4, 4, 513),
    ],
)
def test_a_histogram_counts_as_numpy_does(values: Doubles) -> None:
    counted = histogram(torch.tensor(values, dtype=torch.float32))
    expected, edges = np.histogram(values.astype(np.float32), 64)
    assert_array_equal(counted.counts, expected)
    assert (counted.low, counted.high) == (edges[0], edges[-1])


def test_a_histogram_of_random_numbers_counts_as_numpy_does_but_for_rounding_at_the_edges() -> None:
    values = torch.randn(30_000, generator=torch.Generator().manual_seed(1))
    counted = histogram(values)
    expected, _ = np.histogram(values.numpy(), 64, (counted.low, counted.high))
    assert counted.counts.sum() == len(values)
    assert np.abs(counted.counts - expected).max() <= 1


@pytest.mark.parametrize("value", [0.0, 3.5, -2.0, 3e38])
def test_equal_values_fall_into_one_bin(value: float) -> None:
    counted = histogram(torch.full((9, 2), value))
    assert (counted.low, counted.high) == pytest.approx((value, value), rel=1e-6)
    assert counted.counts.sum() == 18
    assert np.count_nonzero(counted.counts) == 1
    assert_array_equal(
        counted.counts, np.histogram(np.full(18, np.float32(value)), 64)[0] if value < 1e6 else counted.counts
    )


def test_a_histogram_counts_finite_values_only() -> None:
    values = torch.tensor([0.0, 1.0, float("nan"), 64.0, float("inf"), -float("inf"), 32.0])
    counted = histogram(values)
    assert (counted.low, counted.high) == (0.0, 64.0)
    assert_array_equal(counted.counts, np.histogram([0, 1, 64, 32], 64)[0])


@pytest.mark.parametrize("values", [[float("nan")] * 3, [float("inf"), -float("inf")], []])
def test_a_histogram_of_nothing_finite_is_empty(values: list[float]) -> None:
    counted = histogram(torch.tensor(values))
    assert counted.counts.shape == (64,)
    assert not counted.counts.any()


@pytest.mark.parametrize(
    "values", [[-3e38, 0.0, 3e38], [0.0, 1e-45], [1.0, float(np.nextafter(np.float32(1), np.float32(2)))]]
)
def test_a_histogram_of_extreme_values_counts_each_once(values: list[float]) -> None:
    assert histogram(torch.tensor(values)).counts.sum() == len(values)


def test_layers_show_weights_last_gradients_and_outputs_after_the_activation() -> None:
    experiment = trained(MOONS)
    record = Observer(experiment).measure()
    x = experiment.data.test_x[:256]
    state = experiment.model.state_dict()
    for layer, name in zip(record.layers, ("lin_1", "lin_2", "lin_3"), strict=True):
        assert layer.name == name
        x = x @ state[f"{name}.weight"].t() + state[f"{name}.bias"]
        x = torch.tanh(x) if name != "lin_3" else x
        weight = state[f"{name}.weight"]
        assert layer.weight.counts.sum() == weight.numel()
        assert (layer.weight.low, layer.weight.high) == (weight.min().item(), weight.max().item())
        assert layer.activation.counts.sum() == x.numel()
        assert_allclose((layer.activation.low, layer.activation.high), (x.min(), x.max()), rtol=1e-5)
        assert layer.gradient is not None
        assert layer.gradient.counts.sum() == weight.numel()


def test_the_gradient_shown_is_that_of_the_last_update() -> None:
    experiment = trained(MOONS, 10)
    before = experiment.flat.parameter.detach().clone()
    experiment.advance(1)
    record = Observer(experiment).measure()
    step = (before - experiment.flat.parameter.detach()) / 0.1  # plain SGD at learning rate 0.1
    for layer, gradient in zip(record.layers, experiment.flat.views(step)[::2], strict=True):
        assert layer.gradient is not None
        assert_allclose(
            (layer.gradient.low, layer.gradient.high), (gradient.min(), gradient.max()), rtol=1e-3, atol=1e-6
        )


def test_before_the_first_update_there_is_neither_gradient_nor_ratio() -> None:
    record = Observer(Experiment(MOONS)).measure()
    assert all(layer.gradient is None for layer in record.layers)
    assert all(row.update_ratio is None and row.moved == 0 for row in record.parameters)


# ---- dead units


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_dead_units_are_those_that_a_loop_by_hand_finds_silent(activation: str) -> None:
    experiment = trained(DIGITS.with_(activation=Choice(activation)), 5)
    with torch.no_grad():
        experiment.model.state_dict()["lin_1.bias"][:3] = -1e6
        experiment.model.state_dict()["lin_2.bias"][4] = -1e6
    found = Observer(experiment).measure().readings.get("dead_units")
    if activation != "relu":
        assert found is None
        return
    assert isinstance(found, Shares)
    assert found.names == ("lin_1", "lin_2")
    state, x = experiment.model.state_dict(), experiment.data.test_x[:256]
    for name, share in zip(found.names, found.values, strict=True):
        x = (x @ state[f"{name}.weight"].t() + state[f"{name}.bias"]).clamp(min=0)
        silent = [unit for unit in range(x.shape[1]) if all(value == 0 for value in x[:, unit].tolist())]
        assert share == pytest.approx(len(silent) / x.shape[1])
    assert found.values[0] >= 3 / 16


def test_a_map_of_a_convolution_is_dead_where_it_is_zero_at_every_place() -> None:
    experiment = Experiment(MODELS["alexnet"].usual)
    first = experiment.layers[0]
    assert first.bias is not None
    with torch.no_grad():
        first.weight[0], first.bias[0] = 0.0, -1.0
        first.weight[1], first.bias[1] = 0.0, 1.0
    found = Observer(experiment).measure().readings["dead_units"]
    assert isinstance(found, Shares)
    output = outputs_of(experiment.model.eval(), [first.output], experiment.data.test_x[:256])[0]
    alive = [bool(output[:, unit].any()) for unit in range(output.shape[1])]
    assert alive[:2] == [False, True]
    assert found.values[0] == pytest.approx(alive.count(False) / len(alive))


# ---- the parameter check


def test_the_parameter_check_holds_numpys_numbers() -> None:
    experiment = trained(MOONS, 11)
    start = [value.clone().numpy() for value in experiment.flat.views(experiment.start)]
    before = {name: value.clone().numpy() for name, value in experiment.model.state_dict().items()}
    experiment.advance(1)
    now = {name: value.numpy() for name, value in experiment.model.state_dict().items()}
    rows = Observer(experiment).measure().parameters
    assert [row.name for row in rows] == list(now)
    for row, origin in zip(rows, start, strict=True):
        value = now[row.name]
        assert row.shape == value.shape
        assert row.count == value.size
        assert row.first == tuple(value.ravel()[:4].tolist())
        numbers = (row.mean, row.std, row.norm, row.moved)
        expected = (value.mean(), value.std(), np.linalg.norm(value), np.linalg.norm(value - origin))
        assert_allclose(numbers, expected, rtol=1e-4, atol=1e-7)
        ratio = np.linalg.norm(value - before[row.name]) / np.linalg.norm(before[row.name])
        assert row.update_ratio is not None
        assert_allclose(row.update_ratio, ratio, rtol=1e-4)
        assert row.moved > np.linalg.norm(value - before[row.name])  # from the start, not from the last update


def test_the_first_update_ratio_is_the_learning_rate_times_the_gradient_over_the_weights() -> None:
    experiment = Experiment(MOONS)
    weights = experiment.model.state_dict()["lin_1.weight"].clone()
    experiment.advance(1)
    (first, bias, *_) = Observer(experiment).measure().parameters
    gradient = experiment.flat.views(experiment.flat.gradient)[0]
    assert first.update_ratio is not None
    assert_allclose(first.update_ratio, 0.1 * np.linalg.norm(gradient) / np.linalg.norm(weights), rtol=1e-4)
    assert bias.update_ratio is None  # it was zero


@pytest.mark.parametrize("updates", [1, 7, 14, 1000])
def test_the_update_ratio_is_that_of_the_last_update_however_the_end_was_reached(updates: int) -> None:
    spec = MOONS.with_(epochs=2)  # 14 updates in all
    at_once, one_by_one = trained(spec, updates), Experiment(spec)
    for _ in range(updates):
        one_by_one.advance(1)
    assert Observer(at_once).measure().parameters == Observer(one_by_one).measure().parameters


def test_the_update_ratio_is_that_of_the_last_update_around_a_planned_change() -> None:
    records = []
    for stride in (1, 20):
        experiment = Experiment(MOONS.with_(epochs=2))
        experiment.apply(Change(9, "batch_size", 32.0))
        for _ in range(0, 20, stride):
            experiment.advance(stride)
        records.append(Observer(experiment).measure())
    assert records[0].step == records[1].step == 9 + 3
    assert records[0].parameters == records[1].parameters


# ---- losses, accuracy and confusion


@pytest.mark.parametrize("spec", [DIGITS, MOONS], ids=NAMES[:2])
def test_test_loss_and_accuracy_are_those_of_all_test_examples(spec: ExperimentSpec) -> None:
    experiment = trained(spec)
    record = Observer(experiment).measure()
    data = experiment.data
    output = output_of(experiment, data.test_x)
    assert_allclose(record.test_loss, F.cross_entropy(output, data.test_y), rtol=1e-5)
    assert record.test_accuracy == pytest.approx(accuracy_score(data.test_y, output.argmax(1)))
    output = output_of(experiment, data.train_x)
    assert_allclose(record.train_loss, F.cross_entropy(output, data.train_y), rtol=1e-5)
    assert record.train_accuracy == pytest.approx(accuracy_score(data.train_y, output.argmax(1)))


def test_a_regression_has_losses_but_no_accuracy() -> None:
    experiment = trained(SINE)
    record = Observer(experiment).measure()
    mean, log_variance = output_of(experiment, experiment.data.test_x).chunk(2, 1)
    expected = F.gaussian_nll_loss(mean, experiment.data.test_y, log_variance.exp(), full=True)
    assert_allclose(record.test_loss, expected, rtol=1e-5)
    assert record.test_accuracy is None
    assert record.train_accuracy is None
    assert record.confusion is None


def test_the_test_loss_of_many_examples_is_their_mean_although_taken_in_parts() -> None:
    experiment = trained(DIGITS)
    whole = Observer(experiment).measure()
    experiment.task = Task(chunk=100)  # 360 test digits: three parts and a rest
    parts = Observer(experiment).measure()
    assert_allclose((parts.test_loss, parts.train_loss), (whole.test_loss, whole.train_loss), rtol=1e-6)
    assert parts.test_accuracy == whole.test_accuracy


def test_the_training_loss_is_of_the_first_examples_where_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "mlp", replace(MODELS["mlp"], measured=50))
    experiment = trained(DIGITS)
    x, y = experiment.data.train_x[:50], experiment.data.train_y[:50]
    assert_allclose(Observer(experiment).measure().train_loss, F.cross_entropy(output_of(experiment, x), y), rtol=1e-5)


def test_the_confusion_matrix_is_scikit_learns() -> None:
    generator = torch.Generator().manual_seed(4)
    truth, predicted = (torch.randint(0, 6, (500,), generator=generator) for _ in range(2))
    assert_array_equal(counted_pairs(truth, predicted, 6), confusion_matrix(truth, predicted))
    never = counted_pairs(torch.tensor([1, 1, 2]), torch.tensor([1, 3, 2]), 5)
    assert_array_equal(never, confusion_matrix([1, 1, 2], [1, 3, 2], labels=range(5)))


def test_a_record_has_the_confusion_of_all_test_examples() -> None:
    experiment = trained(DIGITS)
    record = Observer(experiment).measure()
    predicted = output_of(experiment, experiment.data.test_x).argmax(1)
    assert record.confusion is not None
    assert_array_equal(record.confusion, confusion_matrix(experiment.data.test_y, predicted, labels=range(10)))


# ---- views


@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, 47), (47, 0), (47, 47), (13, 31)])
def test_a_field_is_the_network_at_each_point_rows_bottom_to_top(loss: str, row: int, column: int) -> None:
    experiment = trained(MOONS.with_(loss=Choice(loss)), 100)
    field = Observer(experiment).measure().field
    assert field is not None
    point = torch.tensor([[np.linspace(*field.x, 48)[column], np.linspace(*field.y, 48)[row]]], dtype=torch.float32)
    output = output_of(experiment, point)
    expected = output.sigmoid()[0, 0] if loss == "binary_cross_entropy" else output.softmax(1)[0, 1]
    assert field.values.shape == (1, 48, 48)
    assert_allclose(field.values[0, row, column], expected, rtol=1e-4, atol=1e-6)


def test_a_field_of_several_classes_has_a_map_for_each_that_add_up_to_one() -> None:
    field = Observer(trained(MOONS.with_(dataset=Choice.of("blobs", blobs=4)))).measure().field
    assert field is not None
    assert field.values.shape == (4, 48, 48)
    assert_allclose(field.values.sum(0), np.ones((48, 48)), rtol=1e-5)


def test_hidden_units_have_maps_of_their_own_over_the_same_plane() -> None:
    experiment = trained(MOONS)
    field = Observer(experiment).measure().field
    assert field is not None
    assert [maps.shape for maps in field.hidden] == [(5, 24, 24), (3, 24, 24)]
    xs, ys = np.linspace(*field.x, 48)[::2], np.linspace(*field.y, 48)[::2]
    state = experiment.model.state_dict()
    point = torch.tensor([xs[5], ys[20]], dtype=torch.float32)
    expected = torch.tanh(state["lin_1.weight"] @ point + state["lin_1.bias"])
    assert_allclose(field.hidden[0][:, 20, 5], expected, rtol=1e-4, atol=1e-6)


def test_the_plane_has_room_around_all_points() -> None:
    experiment = Experiment(MOONS)
    field = Observer(experiment).measure().field
    assert field is not None
    points = torch.cat([experiment.data.train_x, experiment.data.test_x])
    low, high = points.min(0).values, points.max(0).values
    room = 0.1 * (high - low)
    for ends, least, most in zip((field.x, field.y), low - room, high + room, strict=True):
        assert ends[0] <= least + 1e-6 < most - 1e-6 <= ends[1]
        assert ends[1] - ends[0] <= 1.4 * float(most - least)
        assert [abs(20 * end - round(20 * end)) < 1e-4 for end in ends] == [True, True]  # even numbers


def test_a_plane_ends_at_even_numbers_that_other_noise_leaves_alone() -> None:
    found = {
        observed.x + observed.y
        for noise in (0.1, 0.12, 0.14, 0.16, 0.18, 0.2)
        if (observed := Observer(Experiment(MOONS.with_(dataset=Choice.of("moons", noise=noise)))).measure().field)
    }
    assert len(found) <= 3  # of six
    low, high = even_ends(torch.tensor([-3.01, -2.6, 0.0, -9.0]), torch.tensor([3.3, 3.3, 0.072, 3.0]))
    assert_allclose(low, [-3.5, -3.5, 0.0, -9.0])  # what is nearly even on both sides is so
    assert_allclose(high, [3.5, 3.5, 0.075, 3.0], rtol=1e-6)


def test_a_fit_is_the_networks_mean_and_deviation_along_the_line() -> None:
    experiment = trained(SINE)
    fit = Observer(experiment).measure().fit
    assert fit is not None
    output = output_of(experiment, torch.tensor(fit.x).unsqueeze(1))
    assert_allclose(fit.mean, output[:, 0], rtol=1e-4, atol=1e-6)
    assert fit.sigma is not None
    assert_allclose(fit.sigma, (output[:, 1] / 2).exp(), rtol=1e-4)
    assert (np.diff(fit.x) > 0).all()
    assert fit.x[0] < experiment.data.test_x.min()
    assert fit.x[-1] > experiment.data.test_x.max()


def test_a_fit_by_squared_error_knows_no_deviation() -> None:
    fit = Observer(trained(SINE.with_(loss=Choice("mse")))).measure().fit
    assert fit is not None
    assert fit.sigma is None


def test_the_gallery_shows_the_worst_answers_worst_first() -> None:
    experiment = trained(DIGITS, 60)
    gallery = Observer(experiment).measure().gallery
    assert gallery is not None
    assert len(gallery.truth) == 25
    p = output_of(experiment, experiment.data.test_x).softmax(1)
    given_to_truth = p[torch.arange(len(p)), experiment.data.test_y]
    by_badness = given_to_truth.argsort(stable=True)
    worst = [place for place in by_badness.tolist() if p[place].argmax() != experiment.data.test_y[place]][:25]
    assert_array_equal(gallery.truth, experiment.data.test_y[worst])
    assert_array_equal(gallery.predicted, p[worst].argmax(1))
    assert_allclose(gallery.confidence, p[worst].max(1).values, rtol=1e-4)
    pixels = experiment.data.test_x[worst] * experiment.data.scale + experiment.data.offset
    assert_allclose(gallery.images, pixels.clamp(0, 1).reshape(25, 8, 8), atol=1e-6)


def test_the_sample_is_the_same_pictures_in_the_same_order_always() -> None:
    experiment = Experiment(DIGITS)
    first = Observer(experiment).measure().sample
    experiment.advance(80)
    later = Observer(experiment).measure().sample
    assert first is not None
    assert later is not None
    assert_array_equal(first.images, later.images)
    assert_array_equal(first.truth, experiment.data.test_y[:25])
    assert_array_equal(later.truth, first.truth)
    assert (later.predicted == later.truth).sum() > (first.predicted == first.truth).sum()


def test_the_filters_are_the_first_layers_weights_as_pictures() -> None:
    experiment = trained(DIGITS)
    filters = Observer(experiment).measure().filters
    assert filters is not None
    assert_array_equal(filters, experiment.model.state_dict()["lin_1.weight"].view(16, 8, 8))


def test_only_mistakes_are_among_the_worst_mistakes_and_in_the_end_none() -> None:
    experiment = Experiment(DIGITS.with_(optimizer=Choice.of("adam", lr=0.01), epochs=0))
    counts = []
    for updates in (400, 600):
        experiment.advance(updates)
        gallery, confusion = Observer(experiment).measure().gallery, Observer(experiment).measure().confusion
        assert gallery is not None
        assert confusion is not None
        assert (gallery.truth != gallery.predicted).all()
        assert len(gallery.truth) == min(25, confusion.sum() - confusion.trace())
        counts.append(len(gallery.truth))
    assert counts[1] < 25  # right answers filled the sheet up before


@pytest.mark.parametrize("layers", [1, 6])
def test_a_network_of_layers_of_up_to_32_units_shows_all_its_weights(layers: int) -> None:
    experiment = trained(MOONS.with_(model=Choice.of("mlp", hidden=",".join(["32"] * layers))))
    weights = Observer(experiment).measure().weights
    assert weights is not None
    assert isinstance(experiment.model, MLP)
    for shown, linear in zip(weights, experiment.model.linears, strict=True):
        assert_array_equal(shown, linear.weight.detach())
    assert Observer(trained(DIGITS, 1)).measure().weights is None
    assert Observer(trained(MOONS.with_(model=Choice.of("mlp", hidden="33,33")), 1)).measure().weights is None


def test_a_view_is_absent_where_it_does_not_fit_the_data() -> None:
    digits, moons, sine = (Observer(Experiment(spec)).measure() for spec in SPECS)
    assert (digits.field, digits.fit) == (None, None)
    assert (moons.fit, moons.gallery, moons.sample, moons.filters) == (None, None, None, None)
    assert (sine.field, sine.gallery, sine.sample, sine.filters, sine.confusion) == (None,) * 5


# ---- measuring does not disturb


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_measuring_leaves_everything_as_it_was(spec: ExperimentSpec) -> None:
    experiment = trained(spec, 12)
    torch.manual_seed(2)
    own, shared = experiment.generator.get_state(), torch.get_rng_state()
    before = experiment.checkpoint()
    modes = [module.training for module in experiment.model.modules()]
    Observer(experiment).measure()
    assert torch.equal(experiment.generator.get_state(), own)
    assert torch.equal(torch.get_rng_state(), shared)
    assert [module.training for module in experiment.model.modules()] == modes == [True] * len(modes)
    assert torch.equal(experiment.flat.parameter, before.parameters)
    assert torch.equal(experiment.flat.gradient, before.gradients)
    assert torch.equal(experiment.before, before.before)
    assert all(torch.equal(a, b) for a, b in zip(states(experiment), states_of(before.optimizers[0]), strict=True))
    assert (experiment.step, experiment.epoch) == (12, before.place.seen / len(experiment.data.train_x))
    assert not any(module._forward_hooks for module in experiment.model.modules())
    assert torch.is_grad_enabled()


def states(experiment: Experiment) -> list[Tensor]:
    return states_of(experiment.optimizer.state_dict())


def states_of(state_dict: dict[str, dict[int, dict[str, Tensor]]]) -> list[Tensor]:
    return [value.clone() for state in state_dict["state"].values() for value in state.values()]


def test_measuring_is_done_in_evaluation_mode() -> None:
    experiment = trained(DIGITS, 1)
    modes: list[bool] = []
    handle = experiment.model.register_forward_hook(lambda model, inputs, output: modes.append(model.training))
    Observer(experiment).measure()
    handle.remove()
    assert modes
    assert not any(modes)


def test_a_failed_measurement_leaves_training_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = trained(MOONS, 1)

    def fail(values: Tensor) -> None:
        raise RuntimeError("no histogram today")

    monkeypatch.setattr(import_module("nnviz.training.instruments.layers"), "histogram", fail)
    with pytest.raises(RuntimeError):
        Observer(experiment).measure()
    assert experiment.model.training
    assert torch.is_grad_enabled()
    assert not any(module._forward_hooks for module in experiment.model.modules())


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_measured_arrays_cannot_be_written_to(spec: ExperimentSpec) -> None:
    experiment = trained(spec, 3)
    found = [*arrays(Observer(experiment).measure()), *arrays(scene(experiment)), *arrays(experiment.curve.freeze())]
    assert len(found) > 10
    for array in found:
        assert not array.flags.writeable


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_a_record_does_not_change_when_training_goes_on(spec: ExperimentSpec) -> None:
    experiment = trained(spec, 3)
    record, curve = Observer(experiment).measure(), experiment.curve.freeze()
    before = [array.copy() for part in (record, curve) for array in arrays(part)]
    experiment.advance(20)
    Observer(experiment).measure()
    for array, old in zip([array for part in (record, curve) for array in arrays(part)], before, strict=True):
        assert_array_equal(array, old)


# ---- the scene


def test_the_scene_holds_the_points_and_which_are_kept_for_testing() -> None:
    experiment = Experiment(MOONS)
    view, data = scene(experiment), experiment.data
    assert view.points is not None
    assert view.targets is not None
    assert view.is_test is not None
    assert_array_equal(view.points[~view.is_test], data.train_x)
    assert_array_equal(view.points[view.is_test], data.test_x)
    assert_array_equal(view.targets, torch.cat([data.train_y, data.test_y]))
    assert (view.train_count, view.test_count, view.inputs, view.outputs) == (100, 100, 2, 2)


def test_the_scene_of_pictures_holds_some_of_them() -> None:
    experiment = Experiment(DIGITS)
    view = scene(experiment)
    assert view.image is not None
    sample = Observer(experiment).measure().sample
    assert sample is not None
    assert_array_equal(view.image, sample.images)
    assert view.picture == (8, 8)
    assert view.points is None
    assert len(view.classes) == view.outputs == 10


# ---- the stream


def test_training_without_an_end_goes_on_for_whoever_pulls() -> None:
    records = list(islice(train(MOONS.with_(epochs=0)), 3))
    assert [(record.step, record.epoch) for record in records] == [(0, 0.0), (7, 1.0), (14, 2.0)]


@pytest.mark.parametrize(
    ("every", "steps"), [(5, [0, 5, 10, 14]), (7, [0, 7, 14]), (1000, [0, 14]), (None, [0, 7, 14])]
)
def test_records_come_every_so_many_updates_and_at_the_end(every: int | None, steps: list[int]) -> None:
    records = list(train(MOONS.with_(epochs=2), every=every))
    assert [record.step for record in records] == steps
    assert records[-1].epoch == 2.0


@pytest.mark.parametrize("every", [0, -3])
def test_records_cannot_come_more_often_than_updates(every: int) -> None:
    with pytest.raises(ValueError, match=str(every)):
        next(train(MOONS, every=every))


def test_records_come_at_the_end_of_each_epoch_although_the_batch_size_changes_within() -> None:
    journal = (Change(3, "batch_size", 4.0), Change(30, "batch_size", 100.0), Change(40, "batch_size", 16.0))
    records = list(train(MOONS.with_(epochs=5), journal))
    assert [record.epoch for record in records] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_a_stream_ends_where_the_loss_is_no_longer_finite() -> None:
    records = list(
        train(SINE.with_(loss=Choice("mse"), activation=Choice("identity"), optimizer=Choice.of("sgd", lr=1e4)))
    )
    assert records[-1].epoch < SINE.epochs
    assert not np.isfinite(records[-1].train_loss)


def test_a_change_that_comes_too_late_is_refused() -> None:
    experiment = trained(MOONS, 10)
    with pytest.raises(ValueError, match="before update 9 comes too late: 10 updates"):
        experiment.apply(Change(9, "optimizer.lr", 0.1))


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("optimizer.lr", 0.0),
        ("optimizer.lr", float("nan")),
        ("optimizer.lr", float("inf")),
        ("optimizer.beta1", 0.5),
        ("optimizer.name", 1.0),
        ("lr", 0.1),
        ("batch_size", 0.0),
        ("batch_size", 2.5),
        ("batch_size", 5000.0),
        ("batch_size", float("nan")),
        ("batch_size", float("inf")),
        ("epochs", 3.0),
        ("", 1.0),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_leaves_no_trace(target: str, value: float) -> None:
    experiment = trained(MOONS, 5)
    with pytest.raises(ValueError, match=target.rpartition(".")[2] or "''"):
        experiment.apply(Change(5, target, value))
    experiment.advance(5)
    assert experiment.journal == ()
    assert_array_equal(experiment.curve.freeze().losses, trained(MOONS, 10).curve.freeze().losses)


def test_marks_say_what_changed_where() -> None:
    experiment = trained(MOONS, 7)
    experiment.apply(Change(7, "optimizer.lr", 0.03))
    experiment.apply(Change(9, "batch_size", 50.0))
    experiment.advance(5)
    assert [(mark.step, str(mark.text)) for mark in experiment.marks] == [
        (7, "Learning rate 0.1 → 0.03"),
        (9, "Batch size 16 → 50"),
    ]
    assert experiment.marks[0].epoch == 1.0
    assert experiment.journal == (Change(7, "optimizer.lr", 0.03), Change(9, "batch_size", 50.0))


# ---- long runs


def added(count: int) -> tuple[LossCurve, list[int]]:
    """Add that many losses as training does: only multiples of the stride are kept."""
    curve, lengths = LossCurve(), []
    for step in range(1, count + 1):
        note(curve, step, step * 0.5)
        lengths.append(len(curve.freeze().steps) if step % 500 == 0 else 0)
    return curve, lengths


def note(curve: LossCurve, step: int, *losses: float) -> None:
    if step % curve.stride == 0:
        curve.add(step, step / 10, step / 100, *losses)
    else:
        curve.skip(losses)


@pytest.mark.parametrize("count", [1, 4096, 4097, 8195, 30_001])
def test_no_loss_that_a_curve_leaves_out_lies_outside_of_its_band(count: int) -> None:
    losses = np.random.default_rng(count).lognormal(0, 3, (count, 2))
    curve = LossCurve(2)
    for step, pair in enumerate(losses.tolist(), 1):
        note(curve, step, *pair)
    points = curve.freeze()
    ends = np.minimum(np.append(points.steps[:-1], count), count).astype(int)  # the last stands for all that follow
    starts = np.append(0, ends[:-1])
    for player, (low, high) in enumerate(zip(points.lows, points.highs, strict=True)):
        own = [losses[start:end, player] for start, end in zip(starts, ends, strict=True)]
        assert_array_equal(low, [part.min() for part in own])
        assert_array_equal(high, [part.max() for part in own])


@pytest.mark.parametrize("count", [1, 4095, 4096, 4097, 8192, 8194, 20_000])
def test_a_curve_keeps_exactly_the_multiples_of_its_stride(count: int) -> None:
    curve, lengths = added(count)
    points = curve.freeze()
    assert_array_equal(points.steps, np.arange(points.stride, count + 1, points.stride))
    assert_array_equal(points.losses, points.steps * 0.5)
    assert_allclose(points.epochs, points.steps / 10)
    assert_allclose(points.seconds, points.steps / 100)
    assert max(lengths) <= MOST_POINTS
    assert len(points.steps) <= MOST_POINTS
    assert points.stride == {1: 1, 4095: 1, 4096: 1, 4097: 2, 8192: 2, 8194: 4, 20_000: 8}[count]


def test_an_experiment_keeps_the_same_losses_whatever_it_drops() -> None:
    spec = MOONS.with_(dataset=Choice.of("moons", size=40), batch_size=20, epochs=0)
    losses: list[float] = []
    experiment = Experiment(spec)
    for _ in range(9):
        experiment.advance(500)
        curve = experiment.curve.freeze()
        if curve.stride == 1:
            losses = curve.losses.tolist()
    assert curve.stride == 2
    assert curve.losses.tolist()[: len(losses) // 2] == losses[1::2]
    assert_array_equal(curve.steps, np.arange(2, 4501, 2))


def test_a_copied_curve_goes_its_own_way() -> None:
    curve, _ = added(10)
    other = curve.copy()
    other.add(11, 0, 0, 0)
    assert len(curve.freeze().steps) == 10


@pytest.fixture(scope="module")
def record() -> Record:
    return Observer(trained(MOONS, 1)).measure()


@pytest.mark.parametrize(
    "steps", [lambda n: n, lambda n: 7 * n, lambda n: n * n // 50 + n, lambda n: n + 5000 * (n > 300)]
)
def test_a_history_stays_short_and_keeps_the_first_and_the_latest(record: Record, steps: Callable[[int], int]) -> None:
    history = History()
    for number in range(10_000):
        latest = replace(record, step=steps(number))
        history.add(latest)
        kept = history.records
        assert len(kept) <= MOST_RECORDS
        assert kept[-1] is latest
        assert kept[0].step == steps(0)
    assert (np.diff([kept.step for kept in history.records]) > 0).all()
    assert history.records[-1].field is record.field
    assert len(history.records) > MOST_RECORDS // 4


def test_a_history_is_spread_over_the_whole_run(record: Record) -> None:
    history = History()
    for number in range(10_000):
        history.add(replace(record, step=number))
    gaps = np.diff([kept.step for kept in history.records])[:-1]  # the last one is still on its way
    assert gaps.max() <= 4 * 10_000 / MOST_RECORDS
    assert gaps.max() <= 2 * gaps.min()
