"""What the notes of the data sets say of networks, over three seeds or more."""

from statistics import mean

import pytest
import torch

from nnviz.catalog import DATASETS
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Experiment
from tests.seeds import FEW, accuracy, claims, most, stories

# Their notes say what they are, and what test_datasets, test_sequences, test_lecture and the models' tests hold.
PLAIN = {"ring", "grid", "adding", "waves", "text", "digits", "mnist", "fashion_mnist"}


def flat(name: str, hidden: str, activation: str = "tanh") -> ExperimentSpec:
    return ExperimentSpec(
        dataset=Choice(name),
        model=Choice.of("mlp", hidden=hidden),
        activation=Choice(activation),
        initializer=Choice("glorot_normal"),
        optimizer=Choice.of("adam", lr=0.01),
        batch_size=32,
        epochs=0,
    )


def curve(name: str, hidden: str, activation: str = "tanh") -> ExperimentSpec:
    return flat(name, hidden, activation).with_(loss=Choice("mse"))


def reached(spec: ExperimentSpec, updates: int) -> float:
    return accuracy(stories(spec, updates, seeds=FEW)[0])


def test_every_note_of_a_data_set_is_held_or_plain() -> None:
    held = {name for test in list(globals().values()) for _, name in getattr(test, "claims", ())}
    assert held | PLAIN == set(DATASETS)
    assert not held & PLAIN


@claims("data", "circles", "xor")
@pytest.mark.parametrize(("name", "units", "updates"), [("circles", "3", 1500), ("xor", "8", 600)])
def test_no_straight_line_parts_them_and_a_few_hidden_units_can(name: str, units: str, updates: int) -> None:
    assert reached(flat(name, ""), 200) < 0.7
    assert most(record.test_accuracy is not None and record.test_accuracy > 0.9 for record in
                stories(flat(name, units), updates)[0])  # fmt: skip


@claims("data", "moons")
def test_a_straight_line_gets_most_of_the_moons_right_and_hidden_units_add_the_bend() -> None:
    line, bent = reached(flat("moons", ""), 400), reached(flat("moons", "16"), 400)
    assert 0.75 < line < bent - 0.04
    assert bent > 0.93


@claims("data", "spiral")
def test_the_spiral_takes_several_layers_and_patience() -> None:
    early, late = stories(flat("spiral", "8,8,8"), 200, 2000, seeds=FEW)
    assert accuracy(early) + 0.1 < accuracy(late)
    assert reached(flat("spiral", "3"), 1500) < 0.7 < 0.8 < accuracy(late)


@claims("data", "blobs")
def test_straight_borders_are_enough_for_blobs() -> None:
    line, bent = reached(flat("blobs", ""), 200), reached(flat("blobs", "16"), 200)
    assert line > 0.93
    assert line > bent - 0.02


@claims("data", "line")
def test_without_hidden_units_the_line_is_found_and_a_large_network_fits_the_noise() -> None:
    for seed in FEW:
        experiment = Experiment(curve("line", "").with_(seed=seed))
        experiment.advance(500)
        weight, bias = (parameter.item() for parameter in experiment.model.parameters())
        assert (weight, bias) == pytest.approx((0.5, 0.25), abs=0.1)
    small, large = (stories(curve("line", hidden, "relu"), 1500, seeds=FEW)[0] for hidden in ("", "64,64"))
    assert mean(record.train_loss for record in large) < mean(record.train_loss for record in small)


@claims("data", "sine")
def test_each_relu_adds_at_most_one_kink() -> None:
    for units in (1, 3):
        experiment = Experiment(curve("sine", str(units), "relu"))
        experiment.advance(500)
        x = torch.linspace(-4, 4, 4001)[:, None]
        with torch.no_grad():
            slopes = experiment.model(x).diff(dim=0)[:, 0] / x.diff(dim=0)[:, 0]
        turns = (slopes.diff().abs() > 0.02).nonzero()[:, 0]
        kinks = 1 + int((turns.diff() > 2).sum()) if len(turns) else 0
        assert 1 <= kinks <= units


@claims("data", "step")
def test_the_slope_at_the_jump_grows_steeper_and_steeper() -> None:
    def steepest(experiment: Experiment) -> float:
        x = torch.linspace(-0.5, 0.5, 201)[:, None]
        with torch.no_grad():
            return float((experiment.model(x).diff(dim=0) / x.diff(dim=0)).max())

    for seed in FEW:
        experiment, slopes = Experiment(curve("step", "16").with_(seed=seed)), []
        for updates in (50, 350, 800):
            experiment.advance(updates)
            slopes.append(steepest(experiment))
        assert slopes[0] < slopes[1] < slopes[2]


@claims("data", "cubic")
def test_at_the_steep_ends_of_the_cubic_the_error_is_larger_and_stays_so_for_a_while() -> None:
    found: list[list[float]] = []
    for seed in FEW:
        experiment = Experiment(curve("cubic", "32", "relu").with_(seed=seed))
        x, y = experiment.data.train_x, experiment.data.train_y
        is_end = x[:, 0].abs() > 0.7 * x.abs().max()
        for updates in (0, 60):
            experiment.advance(updates)
            with torch.no_grad():
                errors = (experiment.model(x) - y)[:, 0].square()
            found.append([errors[part].mean().item() for part in (is_end, ~is_end)])
    for moment in (0, 1):
        ends, middle = (mean(column) for column in zip(*found[moment::2], strict=True))
        assert ends > 1.4 * middle
