"""AlexNet's family: what it learns, what its dropout does, and what is shown of its filters."""

import copy
from functools import cache
from math import isfinite
from operator import lt
from statistics import mean

import numpy as np
import pytest
import torch
import torchvision
from numpy.testing import assert_allclose, assert_array_equal
from torch import nn
from torch.nn import functional as F

from nnviz.catalog import MODELS
from nnviz.catalog.networks.alexnet import AlexNet
from nnviz.records.run import Record
from nnviz.records.shapes import NOTHING, Question, Sheet
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.training import Detail, Experiment
from nnviz.training.instruments import INSTRUMENTS
from nnviz.training.instruments.taking import taken
from nnviz.training.measure import Observer
from nnviz.training.origin import seed_of
from nnviz.training.pooling import pool_quickly
from nnviz.ui.families.models.alexnet import PAGE
from tests.seeds import FEW, SEEDS, accuracy, claims, edited, most

USUAL = MODELS["alexnet"].usual
TANH = MODELS["alexnet"].twins["tanh"].edit
MEASURED = MODELS["alexnet"].measured
MOST = 600  # updates to wait for a loss
DROPPING = USUAL.with_(model=Choice.of("alexnet", dropout="on"))


def net_of(experiment: Experiment) -> AlexNet:
    assert isinstance(experiment.model, AlexNet)
    return experiment.model


def losses(spec: ExperimentSpec, updates: int) -> list[float]:
    experiment = Experiment(spec)
    experiment.advance(updates)
    return [float(loss) for loss in experiment.curve.freeze().losses]


# ---- what it learns


def train_loss(experiment: Experiment) -> float:
    """Return the training loss that a record tells, without all else that it tells."""
    x, y = experiment.data.train_x[:MEASURED], experiment.data.train_y[:MEASURED]
    with torch.no_grad():
        loss = F.cross_entropy(net_of(experiment).eval()(x), y)
    experiment.model.train()
    return loss.item()


def is_far(experiment: Experiment, level: float) -> bool:
    """Tell whether the last ten batches had more than three times a loss: then nobody need look at other examples."""
    last: list[float] = experiment.curve.freeze().losses[-10:].tolist()
    return mean(last) > 3 * level


@cache
def trained_to(spec: ExperimentSpec, level: float) -> list[tuple[Experiment, int]]:
    """Train with a few seeds, and count the updates, in tens from 50 on, until the training loss is below a level."""
    found = []
    for experiment in (Experiment(spec.with_(seed=seed)) for seed in FEW):
        experiment.advance(50)
        while (is_far(experiment, level) or train_loss(experiment) > level) and experiment.step < MOST:
            experiment.advance(10)
        found.append((experiment, experiment.step))
    return found


def updates_to(spec: ExperimentSpec, level: float) -> list[int]:
    return [updates for _, updates in trained_to(spec, level)]


def test_19_of_20_digits_are_right_after_300_updates_and_the_first_filters_have_grown() -> None:
    after = []
    for experiment, _ in trained_to(USUAL, 0.1):
        experiment.advance(300 - experiment.step)
        after.append(Observer(experiment).measure(Detail.SCORES))
        assert after[-1].train_loss == pytest.approx(train_loss(experiment), rel=1e-5)
        noise = experiment.flat.views(experiment.start)[experiment.flat.names.index("features.0.weight")]
        assert net_of(experiment).first.weight.norm() > 1.1 * noise.norm()
    assert accuracy(after) > 0.95


@claims("alexnet", "idea", "ReLU against tanh")
def test_relu_gets_to_a_training_loss_in_far_fewer_updates_than_tanh_unless_the_rate_is_tripled() -> None:
    quotients = []
    for rate in (0.01, 0.03):
        own = USUAL.with_(optimizer=Choice.of("momentum", lr=rate))
        relu, tanh = (updates_to(spec, 0.1) for spec in (own, TANH(own)))
        quotients.append(mean(relu) / mean(tanh))
        assert rate == 0.03 or all(map(lt, relu, tanh))
        assert rate == 0.03 or (130 < mean(relu) < 210 and 230 < mean(tanh) < 300)
    assert quotients[0] < 0.75
    assert quotients[1] > quotients[0] + 0.1


@claims("alexnet", "Dropout on 100 digits")
def test_with_dropout_100_digits_take_twice_as_many_updates_and_teach_more() -> None:
    dropping = edited(PAGE, "Dropout on 100 digits", USUAL)
    slow, late = learnt(dropping)
    quick, early = learnt(dropping.with_(model=Choice("alexnet")))
    assert 1.6 < slow / quick < 2.7
    assert accuracy(late) > accuracy(early) + 0.003
    assert mean(record.test_loss for record in late) < 0.9 * mean(record.test_loss for record in early)
    assert 0.88 < accuracy(late) < 0.94
    assert 0.87 < accuracy(early) < 0.92


def learnt(spec: ExperimentSpec) -> tuple[float, list[Record]]:
    """Return after how many updates, in twenties, a loss is below 0.1 on average, and records of 320 to 400 updates."""
    first, records = [], []
    for experiment in (Experiment(spec.with_(seed=seed)) for seed in FEW):
        experiment.advance(20)
        while train_loss(experiment) >= 0.1 and experiment.step < 320:
            experiment.advance(20)
        first.append(experiment.step)
        for step in range(320, 401, 20):
            experiment.advance(step - experiment.step)
            records.append(Observer(experiment).measure(Detail.SCORES))
    assert max(first) < 320
    return mean(first), records


@claims("alexnet", "Too large a step")
def test_after_too_large_a_step_it_guesses_and_a_smaller_rate_brings_nothing_back() -> None:
    losses = []
    for seed in SEEDS:
        experiment = Experiment(edited(PAGE, "Too large a step", USUAL).with_(seed=seed))
        experiment.apply(Change(60, "optimizer.lr", 0.01))
        for _ in range(2):
            experiment.advance(60)
            losses.append(Observer(experiment).measure(Detail.SCORES).train_loss)
    assert most(2.25 < loss < 2.5 for loss in losses)
    assert all(loss > 1.5 or not isfinite(loss) for loss in losses)


@pytest.mark.parametrize(("activation", "module"), [("relu", nn.ReLU), ("tanh", nn.Tanh)])
def test_it_learns_bit_for_bit_as_a_loop_by_hand_does(activation: str, module: type[nn.Module]) -> None:
    spec = USUAL.with_(activation=Choice(activation))
    experiment = Experiment(spec)
    model = AlexNet((8, 8), 10, module)
    model.load_state_dict(experiment.model.state_dict())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    x, y, seen = experiment.data.train_x, experiment.data.train_y, []
    order = torch.randperm(len(x), generator=experiment.origin.generator())
    for at in range(5):
        indices = order[64 * at : 64 * at + 64]
        loss = F.cross_entropy(model(x[indices]), y[indices])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        seen.append(loss.item())
    assert losses(spec, 5) == seen


@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (2, 1, 7, 5), (3, 4, 1, 1)])
@pytest.mark.parametrize(("size", "stride", "padding"), [(2, 2, 0), (3, 1, 1), (3, 2, 1)])
def test_maxima_found_the_quick_way_and_their_gradients_are_torchs_own_among_equals_too(
    shape: tuple[int, ...], size: int, stride: int, padding: int
) -> None:
    own, quick = (nn.MaxPool2d(size, stride, padding, ceil_mode=True) for _ in range(2))
    pool_quickly(quick)
    maps = torch.randint(-2, 3, shape, generator=torch.Generator().manual_seed(1)).float()
    found = []
    for pool in (own, quick):
        x = maps.clone().requires_grad_()
        pooled = pool(x)
        weights = torch.arange(1.0, pooled.numel() + 1).view(pooled.shape).sqrt()
        (pooled * weights).sum().backward()
        with torch.no_grad():
            found.append((pooled, x.grad, pool(maps)))
        assert pooled.is_contiguous()
    assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))


# ---- dropout


def test_its_dropout_is_drawn_from_the_experiments_own_noise_and_scaled_as_torchs() -> None:
    experiment = Experiment(DROPPING)
    net = copy.deepcopy(net_of(experiment)).train()
    x, y = experiment.data.train_x, experiment.data.train_y
    indices = torch.randperm(len(x), generator=experiment.origin.generator())[:64]
    draws = torch.Generator().manual_seed(seed_of(DROPPING, "noise"))
    found = net.features(x[indices].view(-1, 1, 8, 8)).flatten(1)
    for place in (1, 4):
        found = found * (torch.rand(found.shape, generator=draws) >= 0.5) / 0.5
        found = net.classifier[place](found)
        found = net.classifier[2](found) if place == 1 else found
    assert losses(DROPPING, 1) == [F.cross_entropy(found, y[indices]).item()]


def test_equal_specs_drop_the_same_numbers_whatever_torchs_own_generator_says() -> None:
    torch.manual_seed(1)
    first = losses(DROPPING, 10)
    torch.manual_seed(2)
    assert losses(DROPPING, 10) == first
    assert losses(DROPPING.with_(seed=2), 10) != first


def test_nothing_is_dropped_while_measuring() -> None:
    with_it, without = Observer(Experiment(DROPPING)).measure(), Observer(Experiment(USUAL)).measure()
    assert (with_it.train_loss, with_it.test_accuracy) == (without.train_loss, without.test_accuracy)


def test_its_parameters_have_torchvisions_names_but_for_its_smaller_depth() -> None:
    ours = set(Experiment(USUAL).model.state_dict())
    theirs = torchvision.models.AlexNet()
    assert {name for name in ours if name.startswith("classifier")} < set(theirs.state_dict())
    assert ours & set(theirs.state_dict()) >= {"features.0.weight", "features.3.weight", "classifier.4.weight"}
    kinds = [type(module) for module in net_of(Experiment(USUAL)).features]
    assert kinds[:6] == [type(module) for module in theirs.features][:6]


# ---- what is shown


def test_the_first_filters_are_the_weights_of_the_first_convolution() -> None:
    experiment = Experiment(USUAL)
    experiment.advance(3)
    sheet = Observer(experiment).measure().readings["first_filters"]
    assert isinstance(sheet, Sheet)
    assert sheet.is_signed
    assert_array_equal(sheet.images, net_of(experiment).first.weight.detach()[:, 0])


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_the_maps_are_those_of_the_chosen_picture_after_each_activation(activation: str) -> None:
    experiment = Experiment(USUAL.with_(activation=Choice(activation)))
    experiment.model.eval()
    with torch.no_grad():
        sheet = INSTRUMENTS["feature_maps"].take(experiment.look, Question(picture=7))
        assert isinstance(sheet, Sheet)
        maps = experiment.data.test_x[7].view(1, 1, 8, 8)
        lines = np.split(np.asarray(sheet.images, np.float32), 3)
        assert_allclose(lines[0][0], spread(maps[0])[0], atol=1e-6)
        for number, (layers, line) in enumerate(zip((slice(2), slice(2, 5), slice(5, 8)), lines, strict=True)):
            maps = net_of(experiment).features[layers](maps)
            shown = line[1:] if number == 0 else line
            expected = spread(maps[0, :8]).repeat_interleave(2**number, 1).repeat_interleave(2**number, 2)
            assert_allclose(shown, expected[: len(shown)].numpy(), atol=1e-6)


def spread(maps: torch.Tensor) -> torch.Tensor:
    return (maps - maps.min()) / (maps.max() - maps.min())


def test_few_filters_leave_black_places_and_a_late_picture_is_the_last_one() -> None:
    experiment = Experiment(USUAL.with_(model=Choice.of("alexnet", channels=4)))
    with torch.no_grad():
        sheet = INSTRUMENTS["feature_maps"].take(experiment.look, Question(picture=10_000))
    assert isinstance(sheet, Sheet)
    assert sheet.images.shape == (24, 8, 8)
    assert not sheet.images[5:8].any()
    assert_allclose(sheet.images[0].ravel(), spread(experiment.data.test_x[-1]), atol=1e-6)


def test_a_reader_who_asks_for_nothing_sees_the_first_picture() -> None:
    look = Experiment(USUAL).look
    with torch.no_grad():
        asked = INSTRUMENTS["feature_maps"].take(look, NOTHING)
        found = taken(("feature_maps",), look)["feature_maps"]
    assert isinstance(asked, Sheet)
    assert isinstance(found, Sheet)
    assert_array_equal(found.images, asked.images)
