"""The checks of a set-up: green where all is well, red where a fault is planted, and nothing else notices them."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from nnviz.catalog import ACTIVATIONS, LOSSES, MODELS, datasets_for, losses_for
from nnviz.catalog.data import Data
from nnviz.catalog.losses import Loss
from nnviz.records.checked import Checked, CheckList
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.setup_checks import check_list
from nnviz.sessions.session import Session
from nnviz.sessions.trials import check_setup
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training.checks import training
from nnviz.training.checks.chance import chance, guesses, share, surety
from nnviz.training.checks.gradients import WRONG, gradients
from nnviz.training.checks.training import by_heart, inputs
from nnviz.training.copied import Copied
from nnviz.training.origin import Origin
from nnviz.ui.setup_check import told
from nnviz.words.checks import CHECKED, CHECKS
from tests.homes import SMALLEST
from tests.runs import SMALL, replayed, threads, wait_for
from tests.seeds import SEEDS

USUAL = MODELS["mlp"].usual
SMALLER = {"resnet": SMALLEST["resnet"], "alexnet": MODELS["alexnet"].usual.model}
HARD = {"spiral": Choice.of("mlp", hidden="32,32")}  # what one layer cannot tell from chance


@pytest.fixture(autouse=True)
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let updates alone end a check: how fast this machine is decides nothing."""
    for module in ("training", "gradients"):
        monkeypatch.setattr(f"nnviz.training.checks.{module}.MOST_S", math.inf)


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up sooner on what never learns."""
    monkeypatch.setattr(training, "MOST_UPDATES", 500)


def usual_on(data: str, model: str = "mlp") -> ExperimentSpec:
    """Return a family's usual settings on a data set."""
    family = MODELS[model]
    usual = family.usual_for.get(data, family.usual)
    spec = usual.with_(dataset=usual.dataset if usual.dataset.name == data else Choice(data))
    offered = losses_for(spec.dataset, spec.model)
    return spec if spec.loss.name in offered else spec.with_(loss=Choice(offered[0]))


def last(steps: Iterator[Checked | float]) -> Checked:
    *_, found = steps
    assert isinstance(found, Checked)
    assert told(found)
    return found


def small_data(model: str) -> list[str]:
    return [name for name in datasets_for(MODELS[model].usual.model) if name not in ("mnist", "fashion_mnist")]


# ---- green


@pytest.mark.parametrize("data", small_data("mlp"))
def test_ten_examples_are_learnt_by_heart_of_every_data_set(data: str) -> None:
    found = last(by_heart(Copied(usual_on(data))))
    assert found.is_good, found
    assert float(found.values["left"]) < 5


# No layers can tell sums of a sequence from chance; what a recurrent network makes of them is seen below.
@pytest.mark.parametrize("data", [name for name in small_data("mlp") if name != "adding"])
def test_the_inputs_are_of_use_on_every_data_set(data: str) -> None:
    spec = usual_on(data)
    if data in HARD:
        spec = spec.with_(model=HARD[data])
    found = last(inputs(Copied(spec)))
    assert found.is_good, found


@pytest.mark.parametrize("loss", ["cross_entropy", "mse", "binary_cross_entropy", "gaussian_nll"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_right_of_every_activation_and_loss(activation: str, loss: str) -> None:
    data = "sine" if loss == "gaussian_nll" else "moons"
    spec = SMALL.with_(dataset=Choice(data), loss=Choice(loss), activation=Choice(activation))
    found = last(gradients(Copied(spec)))
    assert found.is_good, found
    assert float(found.values["error"]) < WRONG / 10


FAMILIES = [(model, data) for model in ("lstm", "autoencoder") for data in small_data(model)]


@pytest.mark.parametrize(("model", "data"), [*FAMILIES, ("resnet", "digits"), ("alexnet", "digits")])
def test_all_three_are_green_of_a_family_on_every_data_set(
    model: str, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_LOOK", 1 / 160)  # every 25 updates, which take these long
    spec = usual_on(data, model)
    spec = spec.with_(model=SMALLER.get(model, spec.model))
    *_, found = check_list(Copied(spec), CheckList())
    assert [each.name for each in found.checks] == list(CHECKS)
    assert [each.name for each in found.checks if not each.is_good] == []


@pytest.mark.parametrize("model", ["densenet", "googlenet"])
def test_a_deep_family_learns_ten_examples_by_heart_and_its_gradients_are_right(model: str) -> None:
    copied = Copied(usual_on("digits", model).with_(model=SMALLEST[model]))
    assert last(by_heart(copied)).is_good
    assert last(gradients(copied)).is_good


def test_they_are_green_whatever_the_seed() -> None:
    for seed in SEEDS[:3]:
        for spec in (usual_on("digits"), usual_on("moons"), usual_on("sine")):
            *_, found = check_list(Copied(spec.with_(seed=seed)), CheckList())
            assert all(each.is_good for each in found.checks), (seed, spec, found.checks)


# ---- red


@pytest.mark.usefixtures("brief")
def test_weights_that_all_begin_at_zero_learn_nothing_by_heart() -> None:
    spec = usual_on("digits").with_(initializer=Choice("zeros"))
    found = last(by_heart(Copied(spec)))
    assert (found.is_good, found.told) == (False, "heart_stuck")


@pytest.mark.usefixtures("brief")
def test_a_rate_of_next_to_nothing_learns_nothing_by_heart() -> None:
    found = last(by_heart(Copied(usual_on("moons").with_(optimizer=Choice.of("sgd", lr=1e-6)))))
    assert (found.is_good, found.told) == (False, "heart_stuck")


def test_a_rate_far_too_high_is_told_to_have_exploded() -> None:
    spec = usual_on("sine").with_(optimizer=Choice.of("sgd", lr=1e4), activation=Choice("identity"))
    assert last(by_heart(Copied(spec))).told == "heart_diverged"
    assert last(inputs(Copied(spec))).told == "inputs_diverged"


def permuted(spec: ExperimentSpec) -> Copied:
    """Return a set-up whose training labels belong to other inputs."""
    origin = Origin.of(spec)
    order = torch.randperm(
        len(origin.targets), generator=torch.Generator().manual_seed(90 + spec.seed)
    )  # not the data's own draws
    return Copied(spec, replace(origin, targets=origin.targets[order]))


def look_often(monkeypatch: pytest.MonkeyPatch, updates: int) -> None:
    """Look every eight updates, as on a slow machine, however fast this one is."""
    for name, value in {"MOST_UPDATES": updates, "MOST_S": math.inf, "_EVERY": 8, "_LOOK": 8 / updates}.items():
        monkeypatch.setattr(training, name, value)


@pytest.mark.parametrize("data", ["digits", "blobs", "waves"])
def test_labels_that_belong_to_other_inputs_make_the_inputs_useless(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    look_often(monkeypatch, updates=800)
    for seed in SEEDS[:3]:
        spec = usual_on(data).with_(seed=seed)
        copied = permuted(spec.with_(dataset=Choice.of(data, size=2000) if data != "digits" else spec.dataset))
        found = last(inputs(copied))
        assert (found.is_good, found.told) == (False, "inputs_useless"), found
    if data == "digits":  # ten wrong labels can be learnt by heart as well
        assert last(by_heart(copied)).is_good


def test_what_knows_the_answer_without_its_inputs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "blanked", lambda data: data)
    monkeypatch.setattr(training, "MOST_UPDATES", 1000)
    found = last(inputs(Copied(usual_on("digits"))))
    assert (found.is_good, found.told) == (False, "inputs_leak")


def plant(monkeypatch: pytest.MonkeyPatch, catalogue: Any, name: str, **wrong: Any) -> None:
    entry = catalogue[name]
    planted = {**catalogue, name: replace(entry, build=lambda **knobs: replace(entry.build(**knobs), **wrong))}
    monkeypatch.setattr(
        "nnviz." + ("catalog.losses.LOSSES" if catalogue is LOSSES else "training.origin.ACTIVATIONS"), planted
    )


def test_a_wrong_backward_pass_of_an_activation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    copied = Copied(SMALL)
    assert last(gradients(copied)).is_good

    def backward(grad: Tensor, x: Tensor, out: Tensor, into: Tensor) -> object:
        return into.copy_(grad * (1 - out))  # instead of 1 - out * out

    plant(monkeypatch, ACTIVATIONS, "tanh", backward=backward)
    found = last(gradients(copied))
    assert (found.is_good, found.told, str(found.values["where"])[:5]) == (False, "gradients_wrong", "lin_1")


@pytest.mark.parametrize("factor", [0.5, -1.0, 1.05])
def test_a_wrong_backward_pass_of_a_loss_is_found(monkeypatch: pytest.MonkeyPatch, factor: float) -> None:
    right = LOSSES["cross_entropy"].build()
    assert right.backward is not None

    def backward(output: Tensor, target: Tensor, one: Tensor, into: Tensor) -> Tensor:
        found = right.backward(output, target, one, into)  # type: ignore[misc]
        into.mul_(factor)
        return found

    plant(monkeypatch, LOSSES, "cross_entropy", backward=backward)
    assert not last(gradients(Copied(SMALL))).is_good


def test_a_part_that_lets_no_gradient_through_is_found_in_a_family(monkeypatch: pytest.MonkeyPatch) -> None:
    def value(output: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(output, target) + (output.detach() ** 2).mean()

    plant(monkeypatch, LOSSES, "mse", value=value)
    assert not last(gradients(Copied(usual_on("waves", "lstm")))).is_good


def test_a_wrong_gradient_is_not_hidden_by_kinks_and_kinks_are_told() -> None:
    spec = SMALL.with_(activation=Choice("relu"), model=Choice.of("mlp", hidden="32"))
    origin = Origin.of(spec)
    data = replace(origin.data, train_x=torch.zeros_like(origin.data.train_x))  # and no biases: all units at their kink
    found = last(gradients(Copied(spec, replace(origin, data=data))))
    assert found.is_good
    assert float(found.values["kinks"]) > 0
    assert found.told == "gradients_good_kinks"


# ---- what a guess costs


def test_a_guess_costs_the_entropy_of_the_classes() -> None:
    target = torch.tensor([0] * 6 + [1] * 3 + [2])
    entropy = -sum(share * math.log(share) for share in (0.6, 0.3, 0.1))
    assert chance(LOSSES["cross_entropy"].build(), target, 3) == pytest.approx(entropy, rel=1e-5)
    at_steps = torch.stack([target, target.flip(0)], 1)
    assert chance(LOSSES["cross_entropy"].build(), at_steps, 3) == pytest.approx(entropy, rel=1e-5)
    two = (target[:9] == 0).float().unsqueeze(1)
    entropy = -sum(share * math.log(share) for share in (6 / 9, 3 / 9))
    assert chance(LOSSES["binary_cross_entropy"].build(), two, 1) == pytest.approx(entropy, rel=1e-5)


def test_a_guess_costs_the_variance_of_numbers_or_the_entropy_of_their_normal_distribution() -> None:
    y = torch.tensor([[1.0], [2.0], [4.0], [9.0]])
    variance = float(y.var(correction=0))
    assert chance(LOSSES["mse"].build(), y, 1) == pytest.approx(variance, rel=1e-5)
    entropy = 0.5 * math.log(2 * math.pi * math.e * variance)
    assert chance(LOSSES["gaussian_nll"].build(), y, 2) == pytest.approx(entropy, rel=1e-5)
    loss = LOSSES["gaussian_nll"].build()
    assert share(loss, entropy + 0.5 * math.log(0.1), entropy) == pytest.approx(0.1, rel=1e-5)


@pytest.mark.parametrize("name", [name for name, entry in LOSSES.items() if entry.build().versus is None])
def test_no_other_constant_answer_costs_less(name: str) -> None:
    loss: Loss = LOSSES[name].build()
    generator = torch.Generator().manual_seed(3)
    outputs = {"cross_entropy": 3, "binary_cross_entropy": 1, "mse": 2, "gaussian_nll": 4}[name]
    target = {
        "cross_entropy": torch.randint(0, 3, (50,), generator=generator),
        "binary_cross_entropy": torch.randint(0, 2, (50, 1), generator=generator).float(),
    }.get(name, torch.randn(50, 2, generator=generator))
    best = guesses(loss, target, outputs)
    for _ in range(30):
        other = best + 0.1 * torch.randn(1, outputs, generator=generator)
        assert loss.value(other, target) >= loss.value(best, target) - 1e-6


def test_surety_counts_standard_errors() -> None:
    loss = LOSSES["mse"].build()
    target, better = torch.zeros(4, 1), torch.zeros(4, 1)
    worse = torch.tensor([[1.0], [2.0], [1.0], [2.0]])
    gains = worse.flatten() ** 2
    assert surety(loss, better, worse, target) == pytest.approx(float(gains.mean() / (gains.std() / 2)), rel=1e-5)


def test_blank_inputs_are_all_the_same() -> None:
    data: Data = Origin.of(usual_on("digits")).data
    blank = training.blanked(data)
    assert torch.equal(blank.train_x[0], blank.test_x[-1])
    assert blank.train_x.shape == data.train_x.shape
    torch.testing.assert_close(blank.train_x[0], data.train_x.mean(0))


# ---- beside a run


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.close()
    assert wait_for(lambda: not threads())


def checked(session: Session) -> CheckList:
    check_setup(session)
    checks = session.stand.checks
    assert checks is not None
    assert wait_for(lambda: checks.state().status.is_over)
    return checks.state()


def test_a_run_that_goes_on_meanwhile_trains_as_if_it_were_alone(pool: Pool) -> None:
    session = Session(SMALL, "me", pool)
    session.play()
    found = checked(session)
    session.pause()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)
    lane = session.snapshot().lanes[0]
    assert found.status == Status.DONE
    assert len(found.checks) == len(CHECKS)
    assert lane.step > 0
    assert lane.curve.losses.tolist() == replayed(lane)


@pytest.mark.usefixtures("brief")
def test_the_settings_on_screen_are_checked_not_those_it_began_with(pool: Pool) -> None:
    session = Session(SMALL, "me", pool)
    session.run.step(3)
    session.turn("optimizer.lr", 1e-6)
    assert checked(session).checks[0].told == "heart_stuck"


def test_a_check_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MOST_S", 0.0)
    monkeypatch.setattr("nnviz.training.checks.gradients.MOST_S", 0.0)
    *_, found = check_list(Copied(usual_on("digits", "resnet")), CheckList())
    first, second, third = found.checks
    assert (first.values["updates"], second.values["updates"]) == (0, 0)
    assert float(third.values["count"]) < 5


def test_checks_end_with_their_run(pool: Pool) -> None:
    session = Session(SMALL, "me", pool)
    check_setup(session)
    checks = session.stand.checks
    session.restart(SMALL.with_(seed=2), is_started=False)
    assert checks is not None
    assert session.stand.checks is None
    assert wait_for(lambda: checks.state().status in (Status.STOPPED, Status.DONE))


def test_every_sentence_can_be_told() -> None:
    values = {"left": 3.0, "updates": 7.0, "seen": math.inf, "blind": 1.0, "count": 3.0, "kinks": 1.0, "error": 0.1}
    for words in CHECKED:
        assert told(Checked("by_heart", True, words, {**values, "where": "lin_1"}))
