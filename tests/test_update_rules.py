"""A lane of a race makes the updates of torch.optim, bit for bit, whatever its knobs and its neighbours are."""

from collections.abc import Callable, Mapping

import pytest
import torch
from torch import nn

from nnviz.catalog import OPTIMIZERS
from nnviz.records.run import Lane
from nnviz.records.status import Status
from nnviz.runs.run import Run
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.race import DEFAULT_LANES, LaneChange, RaceSpec
from nnviz.training import Experiment
from tests.reference import losses_by_hand, trained_by_hand
from tests.runs import PATIENT, WILD, threads, wait_for

UPDATES = 100
FEWER = 60  # where many are compared: more than an epoch of either
MOONS = ExperimentSpec(dataset=Choice("moons"), model=Choice.of("mlp", hidden="8"), activation=Choice("tanh"), epochs=0)
BASES = {"moons": MOONS, "digits": ExperimentSpec(epochs=0)}
BASE = pytest.mark.parametrize("base", BASES.values(), ids=list(BASES))
RATES = {
    "sgd": 0.1,
    "momentum": 0.03,
    "nag": 0.03,
    "adagrad": 0.03,
    "adadelta": 1.0,
    "rmsprop": 0.003,
    "adam": 0.003,
    "adamw": 0.003,
    "adamax": 0.003,
    "nadam": 0.003,
    "radam": 0.003,
}
Settings = tuple[dict[str, float], dict[str, float]]
ADAM: Settings = (
    {"lr": 0.01, "beta1": 0.5, "beta2": 0.9, "eps": 1e-4, "weight_decay": 0.001},
    {"lr": 0.0005, "beta1": 0.0, "beta2": 0.99, "eps": 0.01, "weight_decay": 0.1},
)
OTHERS: Mapping[str, Settings] = {
    "sgd": ({"lr": 0.5, "weight_decay": 0.001}, {"lr": 0.02, "weight_decay": 0.1}),
    "momentum": (
        {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.001},
        {"lr": 0.005, "momentum": 0.99, "weight_decay": 0.05},
    ),
    "nag": (
        {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.001},
        {"lr": 0.005, "momentum": 0.99, "weight_decay": 0.05},
    ),
    "adagrad": (
        {"lr": 0.1, "lr_decay": 0.01, "eps": 1e-6, "weight_decay": 0.001},
        {"lr": 0.3, "lr_decay": 0.2, "eps": 0.01, "weight_decay": 0.05},
    ),
    "adadelta": (
        {"lr": 3.0, "rho": 0.5, "eps": 1e-4, "weight_decay": 0.001},
        {"lr": 10.0, "rho": 0.99, "eps": 1e-8, "weight_decay": 0.05},
    ),
    "rmsprop": (
        {"lr": 0.01, "alpha": 0.9, "momentum": 0.5, "eps": 1e-4, "weight_decay": 0.001},
        {"lr": 0.001, "alpha": 0.5, "momentum": 0.9, "eps": 0.01, "weight_decay": 0.05},
    ),
    "adam": ADAM,
    "adamw": ADAM,
    "adamax": ADAM,
    "nadam": ({**ADAM[0], "momentum_decay": 0.02}, {**ADAM[1], "momentum_decay": 0.1}),
    "radam": ADAM,
}


def stepped(run: Run, updates: int = UPDATES) -> tuple[Lane, ...]:
    """Do that many updates with every lane that can, and end the run."""
    run.step(updates)
    assert wait_for(lambda: run.snapshot().status == Status.PAUSED)
    lanes = run.snapshot().lanes
    run.stop()
    assert run.join(PATIENT)
    assert wait_for(lambda: not threads())
    return lanes


def raced(race: RaceSpec) -> tuple[Lane, ...]:
    return stepped(Run.of_race(race, [str(place) for place in range(len(race.lanes))]))


def losses(lane: Lane) -> list[float]:
    found: list[float] = lane.curve.losses.tolist()
    return found


def losses_alone(spec: ExperimentSpec) -> list[float]:
    experiment = Experiment(spec)
    experiment.advance(UPDATES)
    found: list[float] = experiment.curve.freeze().losses.tolist()
    return found


def assert_weights_are(lane: Lane, model: nn.Sequential) -> None:
    """Compare what the last record tells of the weights: first values and norm, and all of a small network."""
    values = [value.detach() for value in model.parameters()]
    rows = lane.records[-1].parameters
    assert [row.first for row in rows] == [tuple(value.flatten()[:4].tolist()) for value in values]
    assert [row.norm for row in rows] == [torch.linalg.vector_norm(value).item() for value in values]
    weights = lane.records[-1].weights
    if weights is not None:
        assert [weight.tolist() for weight in weights] == [value.tolist() for value in values[::2]]


# ---- the table


def test_the_table_has_every_optimizer_of_the_catalogue() -> None:
    assert set(RATES) == set(OTHERS) == set(OPTIMIZERS)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_table_turns_every_knob_twice(name: str) -> None:
    one, other = OTHERS[name]
    knobs = OPTIMIZERS[name].knobs
    assert one.keys() == other.keys() == {knob.name for knob in knobs}
    assert all(len({knob.default, one[knob.name], other[knob.name]}) == 3 for knob in knobs)


# ---- the same bits


@BASE
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_lanes_of_an_optimizer_are_loops_by_hand_at_defaults_and_two_other_settings(
    name: str, base: ExperimentSpec
) -> None:
    race = RaceSpec(base, (Choice(name), *(Choice(name, knobs) for knobs in OTHERS[name])))
    lanes = stepped(Run(race.specs), FEWER)
    for lane, knobs in zip(lanes, ({"lr": RATES[name]}, *OTHERS[name]), strict=True):
        by_hand, model = trained_by_hand(base.with_(optimizer=Choice(name, knobs)), FEWER)
        assert losses(lane) == by_hand
        assert_weights_are(lane, model)
    assert len({losses(lane)[-1] for lane in lanes}) == 3
    assert (lanes[0].records[-1].weights is None) == (base is not MOONS)


@BASE
def test_the_usual_race_with_two_seeds_is_sixteen_loops_by_hand(base: ExperimentSpec) -> None:
    lanes = raced(RaceSpec(base, DEFAULT_LANES, seeds=2))
    assert len(lanes) == 16
    for lane in lanes:
        name = lane.spec.optimizer.name
        by_hand = base.with_(optimizer=Choice.of(name, lr=RATES[name]), seed=lane.spec.seed)
        assert losses(lane) == losses_by_hand(by_hand, UPDATES)
    assert {lane.spec.seed for lane in lanes} == {base.seed, base.seed + 1}


# ---- neighbours


def regression() -> RaceSpec:
    """Build a race in which a learning rate of 10,000 makes SGD diverge, and no default does."""
    return RaceSpec(WILD, (Choice.of("sgd", lr=0.01), Choice.of("sgd", lr=1e4), Choice("adam"), Choice("nag")))


def deep() -> RaceSpec:
    base = ExperimentSpec(activation=Choice("identity"), model=Choice.of("mlp", hidden="32,32"), epochs=0)
    return RaceSpec(base, (Choice("sgd"), Choice.of("momentum", lr=1e4), Choice("adam"), Choice("adagrad")), seeds=2)


@pytest.mark.parametrize("make", [regression, deep])
def test_a_lane_that_diverges_leaves_the_losses_of_the_others_as_they_are(make: Callable[[], RaceSpec]) -> None:
    lanes = raced(make())
    wild = [lane for lane in lanes if lane.spec.optimizer.knobs.get("lr") == 1e4]
    calm = [lane for lane in lanes if lane not in wild]
    assert {lane.status for lane in wild} == {Status.DIVERGED}
    assert all(f"at update {lane.step:,}" in str(lane.message) and lane.step < UPDATES for lane in wild)
    assert {lane.step for lane in calm} == {UPDATES}
    assert [losses(lane) for lane in calm] == [losses_alone(lane.spec) for lane in calm]


@BASE
def test_a_live_change_of_one_lane_leaves_the_losses_of_the_others_as_they_are(base: ExperimentSpec) -> None:
    lanes = (Choice("momentum"), Choice("adam"), Choice("rmsprop"))
    straight = raced(RaceSpec(base, lanes))
    turned = raced(RaceSpec(base, lanes, journal=(LaneChange(1, Change(50, "optimizer.lr", 0.1)),)))
    assert [losses(turned[place]) for place in (0, 2)] == [losses(straight[place]) for place in (0, 2)]
    spec = base.with_(optimizer=Choice.of("adam", lr=RATES["adam"]))
    assert losses(turned[1]) == losses_by_hand(spec, UPDATES, {50: 0.1})
    assert losses(turned[1])[:51] == losses(straight[1])[:51]
    assert losses(turned[1])[51] != losses(straight[1])[51]


def test_a_change_while_the_race_goes_on_leaves_the_others_as_they_are() -> None:
    race = RaceSpec(MOONS, (Choice("sgd"), Choice("adam"), Choice("nag")))
    run = Run.of_race(race, ["SGD", "Adam", "NAG"], pace=0.001)
    run.start()
    assert wait_for(lambda: run.snapshot().lanes[0].step > 20)
    run.apply(Change(0, "optimizer.lr", 1e4), race.places(0))
    assert wait_for(lambda: run.snapshot().lanes[1].step > UPDATES)
    run.stop()
    assert run.join(PATIENT)
    turned, *others = run.snapshot().lanes
    (change,) = turned.journal
    assert losses(turned)[: change.step + 1] == losses_alone(race.specs[0])[: change.step + 1]
    for lane in others:
        assert lane.journal == ()
        assert losses(lane)[:UPDATES] == losses_alone(lane.spec)
