import math
import re
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor, nn

from nnviz.catalog import ACTIVATIONS, DATASETS, INITIALIZERS, LOSSES, OPTIMIZERS, check_spec, losses_for
from nnviz.catalog.data import Data
from nnviz.catalog.entry import Entry, Knob
from nnviz.catalog.links import read_experiment
from nnviz.catalog.optimizers import set_knob
from nnviz.records.run import Doubles
from nnviz.specs.experiment import Change, Choice, Value
from nnviz.training import Experiment
from nnviz.training.measure import Observer
from tests.homes import EVERYTHING, SMALL, at_home


def entries() -> list[tuple[str, str]]:
    return [(kind, name) for kind, catalogue in EVERYTHING.items() for name in catalogue]


def ends(knob: Knob) -> tuple[Value, ...]:
    """List the values at both ends of what a knob allows."""
    if knob.choices:
        return knob.choices
    if knob.check is not None:
        return ("", "O rose thou art sick. " * 20) if knob.lines else ("", "1", "1024,1024,2,2,2,2,2,2,2,2")
    assert knob.low is not None
    assert knob.high is not None
    return knob.low, knob.high


def knob_ends(*kinds: str) -> list[tuple[str, str, str, Value]]:
    named = [(kind, name, entry) for kind in kinds for name, entry in EVERYTHING[kind].items()]
    return [
        (kind, name, knob.name, value) for kind, name, entry in named for knob in entry.knobs for value in ends(knob)
    ]


@pytest.mark.parametrize(("kind", "name"), entries())
def test_every_entry_trains_for_a_while_to_finite_losses_at_its_defaults(
    kind: str, name: str, request: pytest.FixtureRequest
) -> None:
    if kind == "dataset" and DATASETS[name].download:
        request.getfixturevalue("data_folder")
    experiment = Experiment(at_home(kind, Choice(name)))
    updates = 5 if kind == "model" else 20  # a family's own network is large
    assert experiment.advance(updates) == updates
    losses = experiment.curve.freeze().losses
    assert len(losses) == updates
    assert np.isfinite(losses).all()
    record = Observer(experiment).measure()
    assert math.isfinite(record.train_loss + record.test_loss)


@pytest.mark.parametrize(
    ("kind", "name", "knob", "value"), knob_ends("model", "activation", "initializer", "optimizer", "schedule")
)
def test_both_ends_of_every_knob_build_and_do_an_update(kind: str, name: str, knob: str, value: Value) -> None:
    experiment = Experiment(at_home(kind, Choice(name, {knob: value})))
    assert experiment.advance(1) == 1
    assert experiment.step == 1


@pytest.mark.parametrize(("kind", "name", "knob", "value"), knob_ends("dataset"))
def test_both_ends_of_every_data_knob_are_accepted_in_a_spec(kind: str, name: str, knob: str, value: Value) -> None:
    spec = at_home(kind, Choice(name, {knob: value}))
    assert read_experiment(spec.to_query()) == spec


@pytest.mark.parametrize(("kind", "name"), entries())
def test_beyond_the_ends_of_a_knob_nothing_is_built(kind: str, name: str) -> None:
    for knob in EVERYTHING[kind][name].knobs:
        outside: list[Value] = ["nonesuch"]
        if knob.low is not None and knob.high is not None:
            outside += [knob.low - 1, knob.high + 1, *([knob.low + 0.5] if knob.whole else [])]
        for value in outside:
            with pytest.raises(ValueError, match=knob.name):
                check_spec(SMALL.with_(**{kind: Choice(name, {knob.name: value})}))


@pytest.mark.parametrize(("kind", "name"), entries())
def test_every_entry_and_every_knob_is_named_and_explained(kind: str, name: str) -> None:
    entry: Entry[Any] = EVERYTHING[kind][name]
    assert entry.label
    assert entry.note.rstrip().endswith((".", ")"))
    for knob in entry.knobs:
        assert knob.label
        assert knob.help.rstrip().endswith((".", ")"))
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", word) for word in [name, *(k.name for k in entry.knobs)])
    assert len({knob.name for knob in entry.knobs}) == len(entry.knobs)


@pytest.mark.parametrize(("kind", "name"), entries())
def test_a_knobs_default_and_its_menu_lie_within_its_range(kind: str, name: str) -> None:
    for knob in EVERYTHING[kind][name].knobs:
        knob.validate(knob.default)
        for value in knob.shown or ():
            knob.validate(value)


def test_no_two_entries_of_a_menu_have_one_label() -> None:
    for catalogue in EVERYTHING.values():
        assert len({entry.label for entry in catalogue.values()}) == len(catalogue)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_live_knob_changes_live_and_is_used_by_the_next_update(name: str) -> None:
    for knob in OPTIMIZERS[name].knobs:
        if not knob.live:
            continue
        assert knob.high is not None
        target = f"optimizer.{knob.name}"
        value = float(knob.high if knob.default != knob.high else knob.low or 0)
        steered, plain = (
            Experiment(at_home("optimizer", Choice(name))),
            Experiment(at_home("optimizer", Choice(name))),
        )
        for experiment in (steered, plain):
            experiment.advance(8)
        steered.apply(Change(8, target, value))
        assert steered.knobs[target] == value
        assert plain.knobs[target] == float(knob.default)
        for experiment in (steered, plain):
            experiment.advance(2)
        assert not torch.equal(steered.flat.parameter, plain.flat.parameter), target


def moved(name: str, gradients: Sequence[float], *turns: tuple[int, str, float]) -> list[float]:
    """Give a rule of torch's these gradients one after the other, and return how far each update moved a weight."""
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = OPTIMIZERS[name].build([weight], **OPTIMIZERS[name].values(Choice(name)))
    steps = []
    for place, gradient in enumerate(gradients):
        for _, knob, value in (turn for turn in turns if turn[0] == place):
            set_knob(optimizer, knob, value)
        before = weight.item()
        weight.grad = torch.full_like(weight, gradient)
        optimizer.step()
        steps.append(before - weight.item())
    return steps


def help_of(name: str, knob: str) -> str:
    (found,) = (each.help for each in OPTIMIZERS[name].knobs if each.name == knob)
    return found


@pytest.mark.parametrize("gradient", [0.01, 1.0, 100.0])
def test_the_first_steps_of_rmsprop_and_adadelta_are_as_their_knobs_say(gradient: float) -> None:
    (first,) = moved("rmsprop", [gradient])
    assert_allclose(first, 10 * 0.003, rtol=1e-5)
    assert "ten rates at 0.99" in help_of("rmsprop", "lr")
    assert "ten rates at 0.99" in help_of("rmsprop", "alpha")
    steps = moved("adadelta", [gradient] * 200)
    assert_allclose(steps[0], math.sqrt(1e-6 / (1 - 0.9)), rtol=0.05)
    assert_allclose(steps[0], 0.003, atol=0.0005)
    assert steps[-1] > 1.5 * steps[0]  # they grow from there
    assert "by about 0.003 whatever the gradient" in OPTIMIZERS["adadelta"].note
    assert_allclose(moved("adadelta", [gradient], (0, "lr", 0.5))[0], steps[0] / 2)  # a plain factor
    assert "√(ε / (1 - rho))" in help_of("adadelta", "eps")


@pytest.mark.parametrize("name", ["momentum", "nag"])
def test_a_learning_rate_of_momentum_acts_on_all_of_the_velocity_at_once(name: str) -> None:
    rolling = moved(name, [1.0] * 50 + [0.0])
    assert_allclose(moved(name, [1.0] * 50 + [0.0], (50, "lr", 0.3))[-1], 10 * rolling[-1])
    assert_allclose(rolling[49], 10 * 0.03, rtol=0.01)  # up to ten times as far as the rate alone
    assert "whole velocity" in help_of(name, "lr")


@pytest.mark.parametrize("name", ["momentum", "rmsprop"])
def test_momentum_of_zero_forgets_the_velocity_for_good(name: str) -> None:
    turns = ((0, "momentum", 0.9), (5, "momentum", 0.0), (7, "momentum", 0.9))
    gone, still = (moved(name, [*first, 0.0, 0.0, 0.0], *turns) for first in ([1.0] * 5, [0.0] * 5))
    assert gone[:5] != still[:5]
    assert gone[5:] == [0.0, 0.0, 0.0]  # torch alone would roll on from the velocity of the fifth update
    assert "starts from rest" in help_of(name, "momentum")


def test_momentum_turned_on_live_in_rmsprop_starts_from_a_velocity_of_zero() -> None:
    experiment = Experiment(at_home("optimizer", Choice("rmsprop")))
    experiment.advance(5)
    moment = experiment.optimizer.state[experiment.flat.parameter]["square_avg"].clone()
    experiment.apply(Change(5, "optimizer.momentum", 0.9))
    state = experiment.optimizer.state[experiment.flat.parameter]
    assert torch.equal(state["square_avg"], moment)
    assert not state["momentum_buffer"].any()
    plain = Experiment(at_home("optimizer", Choice("rmsprop")))
    for other in (experiment, plain):
        other.advance(6 - other.step)
    # the first velocity is the step itself
    assert_allclose(experiment.flat.parameter.detach(), plain.flat.parameter.detach(), atol=1e-6)
    for other in (experiment, plain):
        other.advance(1)
    assert not torch.allclose(experiment.flat.parameter, plain.flat.parameter, atol=1e-5)


def test_every_optimizer_has_a_live_learning_rate_and_weight_decay() -> None:
    for entry in OPTIMIZERS.values():
        assert {"lr", "weight_decay"} <= {knob.name for knob in entry.knobs if knob.live}


def test_the_live_targets_of_an_experiment_are_its_live_knobs_and_the_batch_size() -> None:
    for name, entry in OPTIMIZERS.items():
        knobs = Experiment(at_home("optimizer", Choice(name))).knobs
        assert set(knobs) == {f"optimizer.{knob.name}" for knob in entry.knobs if knob.live} | {"batch_size"}
        defaults = {f"optimizer.{knob.name}": knob.default for knob in entry.knobs if knob.live}
        assert {target: knobs[target] for target in defaults} == defaults


# ---- initialisers: a layer of 400 inputs and 600 units; the standard error of its sample deviation is 0.15 %

INPUTS, UNITS = 400, 600
VARIANCES = {
    "torch_default": 1 / (3 * INPUTS),
    "he_normal": 2 / INPUTS,
    "he_uniform": 2 / INPUTS,
    "glorot_normal": 2 / (INPUTS + UNITS),
    "glorot_uniform": 2 / (INPUTS + UNITS),
    "normal": 0.1**2,
    "orthogonal": 1 / UNITS,
    "zeros": 0.0,
}


def filled(name: str, rows: int = UNITS, columns: int = INPUTS, **knobs: Value) -> tuple[Tensor, Tensor]:
    weight, bias = torch.full((rows, columns), 7.0), torch.full((rows,), 7.0)
    entry = INITIALIZERS[name]
    entry.build(**entry.values(Choice.of(name, **knobs)))(weight, bias, torch.Generator().manual_seed(3))
    return weight, bias


@pytest.mark.parametrize("name", INITIALIZERS)
def test_an_initialiser_has_the_spread_of_its_formula_and_mean_zero(name: str) -> None:
    weight, _ = filled(name)
    deviation = math.sqrt(VARIANCES[name])
    assert_allclose(weight.std(correction=0), deviation, rtol=0.01)
    assert abs(weight.mean()) <= 5 * deviation / math.sqrt(weight.numel())


@pytest.mark.parametrize("name", ["he_normal", "glorot_normal", "normal"])
def test_a_normal_start_has_normal_tails(name: str) -> None:
    weight, _ = filled(name)
    beyond_two = (weight.abs() > 2 * weight.std()).float().mean()
    assert_allclose(beyond_two, 1 - math.erf(math.sqrt(2)), rtol=0.05)


@pytest.mark.parametrize("name", ["he_uniform", "glorot_uniform", "torch_default"])
def test_a_uniform_start_ends_at_its_bound(name: str) -> None:
    weight, _ = filled(name)
    bound = math.sqrt(3 * VARIANCES[name])
    assert_allclose([weight.min(), weight.max()], [-bound, bound], rtol=0.001)
    assert weight.abs().max() <= bound * (1 + 1e-6)


@pytest.mark.parametrize(("rows", "columns"), [(64, 20), (20, 64), (32, 32)])
def test_an_orthogonal_start_has_rows_or_columns_of_length_one_at_right_angles(rows: int, columns: int) -> None:
    weight, _ = filled("orthogonal", rows, columns)
    product = weight @ weight.t() if rows <= columns else weight.t() @ weight
    assert_allclose(product, np.eye(min(rows, columns)), atol=1e-5)


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if name != "torch_default"])
def test_biases_start_at_zero(name: str) -> None:
    assert not filled(name)[1].any()


@pytest.mark.parametrize("std", [0.001, 0.5, 3.0])
def test_the_normal_start_has_the_spread_asked_for(std: float) -> None:
    assert_allclose(filled("normal", std=std)[0].std(), std, rtol=0.01)


def test_torchs_default_is_a_linear_layer_under_the_same_seed() -> None:
    torch.manual_seed(3)
    linear = nn.Linear(INPUTS, UNITS)
    weight, bias = filled("torch_default")
    assert torch.equal(weight, linear.weight)
    assert torch.equal(bias, linear.bias)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_start_leaves_torchs_own_generator_alone(name: str) -> None:
    torch.manual_seed(9)
    before = torch.get_rng_state()
    filled(name)
    assert torch.equal(torch.get_rng_state(), before)


# ---- activations against numpy


def erf(x: Doubles) -> Doubles:
    return np.asarray([math.erf(value) for value in x])


CLOSED_FORMS: dict[str, Callable[[Doubles], Doubles]] = {
    "identity": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "gelu": lambda x: x * (1 + erf(x / np.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
}
POINTS = np.linspace(-6, 6, 49) + 0.01  # none of them at a kink


def test_every_activation_has_a_closed_form_here() -> None:
    assert set(CLOSED_FORMS) == set(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_closed_form_as_a_call_and_as_a_module(name: str) -> None:
    entry = ACTIVATIONS[name]
    activation = entry.build(**entry.values(Choice(name)))
    x = torch.tensor(POINTS, dtype=torch.float32)
    assert_allclose(activation.forward(x), CLOSED_FORMS[name](POINTS), rtol=1e-5, atol=1e-6)
    assert torch.equal(activation.forward(x), activation.module()(x))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activations_gradient_is_the_slope_of_its_closed_form(name: str) -> None:
    entry = ACTIVATIONS[name]
    activation = entry.build(**entry.values(Choice(name)))
    x = torch.tensor(POINTS, dtype=torch.float32)
    into, incoming = torch.empty_like(x), torch.linspace(-2, 2, len(x))
    activation.backward(incoming, x, activation.forward(x), into)
    slope = (CLOSED_FORMS[name](POINTS + 1e-5) - CLOSED_FORMS[name](POINTS - 1e-5)) / 2e-5
    assert_allclose(into, incoming.numpy() * slope, rtol=1e-4, atol=1e-5)


def test_the_knobs_of_activations_bend_them() -> None:
    x = torch.tensor([-2.0, 3.0])
    assert_allclose(ACTIVATIONS["leaky_relu"].build(slope=0.25).forward(x), [-0.5, 3.0])
    assert_allclose(ACTIVATIONS["elu"].build(alpha=2.0).forward(x), [2 * math.expm1(-2), 3.0], rtol=1e-6)


# ---- losses by hand

OUTPUT = torch.tensor([[2.0, -1.0, 0.5], [0.0, 0.0, 3.0], [-2.0, 1.0, 1.0], [5.0, -5.0, 0.1]])
LABELS = torch.tensor([0, 1, 2, 1])


def data(classes: int, targets: int = 1) -> Data:
    y = torch.zeros(4, dtype=torch.int64) if classes else torch.zeros(4, targets)
    return Data(torch.zeros(4, 2), y, torch.zeros(4, 2), y, tuple("abcdefghij"[:classes]))


def softmax(output: Tensor) -> Doubles:
    powers = np.exp(output.double().numpy())
    return np.asarray(powers / powers.sum(1, keepdims=True))


def test_cross_entropy_is_minus_the_mean_log_probability_of_the_right_class() -> None:
    loss = LOSSES["cross_entropy"].build()
    p = softmax(OUTPUT)
    by_hand = -np.mean([math.log(p[row, label]) for row, label in enumerate(LABELS.tolist())])
    assert_allclose(loss.value(OUTPUT, loss.target(LABELS, data(3))), by_hand, rtol=1e-6)
    assert_allclose(loss.answer(OUTPUT), p, rtol=1e-6)
    assert loss.outputs(data(3)) == 3


def test_squared_error_on_classes_is_the_mean_over_all_entries_of_one_hot() -> None:
    loss = LOSSES["mse"].build()
    by_hand = np.mean((OUTPUT.numpy() - np.eye(3)[LABELS.numpy()]) ** 2)
    assert_allclose(loss.value(OUTPUT, loss.target(LABELS, data(3))), by_hand, rtol=1e-6)
    assert loss.outputs(data(3)) == 3


def test_squared_error_on_numbers_is_the_mean_of_the_squares() -> None:
    loss = LOSSES["mse"].build()
    y = torch.tensor([[1.0], [0.0], [-1.0], [4.0]])
    assert_allclose(loss.value(OUTPUT[:, :1], loss.target(y, data(0))), (1 + 0 + 1 + 1) / 4)
    assert loss.outputs(data(0)) == 1


def test_binary_cross_entropy_is_minus_the_mean_log_probability_of_the_right_one() -> None:
    loss = LOSSES["binary_cross_entropy"].build()
    labels, output = torch.tensor([1, 0, 1, 0]), OUTPUT[:, :1]
    p = 1 / (1 + np.exp(-output.double().numpy()[:, 0]))
    by_hand = -np.mean(np.log(np.where(labels.numpy() == 1, p, 1 - p)))
    assert_allclose(loss.value(output, loss.target(labels, data(2))), by_hand, rtol=1e-6)
    assert_allclose(loss.answer(output), np.stack([1 - p, p], 1), rtol=1e-5)
    assert loss.outputs(data(2)) == 1


def test_gaussian_likelihood_is_its_closed_form_with_a_log_variance() -> None:
    loss = LOSSES["gaussian_nll"].build()
    y, output = torch.tensor([[1.0], [0.5], [-1.0], [4.0]]), OUTPUT[:, :2]
    mean, log_variance = output.double().numpy().T
    squares = (y.double().numpy()[:, 0] - mean) ** 2
    by_hand = np.mean(0.5 * (math.log(2 * math.pi) + log_variance + squares / np.exp(log_variance)))
    assert_allclose(loss.value(output, loss.target(y, data(0))), by_hand, rtol=1e-6)
    assert loss.outputs(data(0)) == 2
    assert_allclose(loss.answer(output)[:, 0], mean)
    assert loss.sigma is not None
    assert_allclose(loss.sigma(output)[:, 0], np.exp(log_variance / 2), rtol=1e-6)


@pytest.mark.parametrize("name", [name for name, entry in LOSSES.items() if entry.build().backward])
def test_the_gradient_of_a_loss_is_the_slope_of_its_value(name: str) -> None:
    loss = LOSSES[name].build()
    assert loss.backward is not None
    kinds = {"classes": data(3), "two classes": data(2), "anything": data(3)}[loss.needs]
    output = OUTPUT[:, : loss.outputs(kinds)].contiguous()
    target = loss.target(LABELS.clamp(max=loss.outputs(kinds) - 1 or 1), kinds)
    into = torch.empty_like(output)
    value = loss.backward(output, target, torch.ones(()), into)
    assert torch.equal(value, loss.value(output, target))
    exact, size = output.double(), 1e-5
    wanted = target.double() if target.is_floating_point() else target
    for place in zip(*np.unravel_index(range(output.numel()), tuple(output.shape)), strict=True):
        shift = torch.zeros_like(exact)
        shift[place] = size
        slope = (loss.value(exact + shift, wanted) - loss.value(exact - shift, wanted)) / (2 * size)
        assert_allclose(into[place], slope, rtol=1e-4, atol=1e-6)


def test_losses_are_offered_where_they_fit() -> None:
    assert losses_for(Choice("digits")) == ["cross_entropy", "mse"]
    assert losses_for(Choice("moons")) == ["cross_entropy", "mse", "binary_cross_entropy"]
    assert losses_for(Choice("sine")) == ["mse", "gaussian_nll"]
    assert losses_for(Choice.of("blobs", blobs=2)) == losses_for(Choice("moons"))
    assert losses_for(Choice.of("blobs", blobs=4)) == losses_for(Choice("digits"))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_makes_the_loss_of_moons_smaller(name: str) -> None:
    experiment = Experiment(at_home("optimizer", Choice(name)))
    start = Observer(experiment).measure().train_loss
    for _ in count():
        experiment.advance(40)
        if Observer(experiment).measure().train_loss < 0.8 * start or experiment.step > 2000:
            break
    assert experiment.step <= 2000
