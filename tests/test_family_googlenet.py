"""GoogLeNet's family: its modules are torchvision's, its auxiliary classifier the paper's, its branches add up."""

import copy
from statistics import median

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models.googlenet import Inception

from nnviz.catalog import MODELS
from nnviz.catalog.networks.googlenet import GoogLeNet
from nnviz.records.shapes import NOTHING, Bars
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.training import Detail, Experiment
from nnviz.training.instruments import INSTRUMENTS
from nnviz.training.instruments.branches import cost_of
from nnviz.training.measure import Observer
from nnviz.ui.families.models.googlenet import PAGE
from tests.seeds import FEW, accuracies, accuracy, claims, edited, loss, stories

FAMILY = MODELS["googlenet"]
USUAL = FAMILY.usual
SMALL = USUAL.with_(model=Choice.of("googlenet", width=16, blocks=2))
UPDATES = 4


def knobs(spec: ExperimentSpec, **values: str | int) -> ExperimentSpec:
    return spec.with_(model=spec.model.with_knobs(**values))


def bars(experiment: Experiment, name: str) -> Bars:
    experiment.model.eval()
    with torch.no_grad():
        found = INSTRUMENTS[name].take(experiment.look, NOTHING)
    assert isinstance(found, Bars)
    return found


def net_of(experiment: Experiment) -> GoogLeNet:
    assert isinstance(experiment.model, GoogLeNet)
    return experiment.model


# ---- the network


@pytest.mark.parametrize("width", [16, 32, 64])
def test_a_module_has_torchvisions_parameters_and_as_many_maps_as_it_was_given(width: int) -> None:
    experiment = Experiment(knobs(SMALL, width=width))
    modules = [*net_of(experiment).early, *net_of(experiment).late]
    quarter = width // 4
    theirs = Inception(width, quarter, 6 * width // 16, 2 * quarter, width // 16, width // 8, width // 8)
    for module in modules:
        assert {key: value.shape for key, value in module.state_dict().items()} == {
            key: value.shape for key, value in theirs.state_dict().items()
        }
        assert module(torch.zeros(2, width, 8, 8)).shape == (2, width, 8, 8)


@pytest.mark.parametrize("blocks", [2, 3, 9])
def test_there_are_as_many_modules_as_asked_for_half_of_them_on_the_whole_picture(blocks: int) -> None:
    net = net_of(Experiment(knobs(SMALL, blocks=blocks)))
    assert (len(net.early), len(net.late)) == (blocks // 2, blocks - blocks // 2)
    x = net.middle(torch.zeros(2, 64))
    assert x.shape[2:] == (8, 8)
    assert net.late(net.pool(x)).shape[2:] == (4, 4)


def test_the_plain_twin_has_one_5x5_convolution_in_place_of_each_module() -> None:
    net = net_of(Experiment(FAMILY.twins["plain"].edit(SMALL)))
    for block in (*net.early, *net.late):
        (convolution,) = (module for module in block.modules() if isinstance(module, nn.Conv2d))
        assert convolution.weight.shape == (16, 16, 5, 5)


# ---- the auxiliary classifier


class Dropped(nn.Module):
    """Dropout written out, from a generator of its own."""

    def __init__(self, generator: torch.Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        return x * (torch.rand(x.shape, generator=self.generator) >= 0.7) / (1 - 0.7)


def by_hand(experiment: Experiment) -> list[float]:
    """Train a copy in a loop of its own; return the losses."""
    spec, model = experiment.spec, copy.deepcopy(net_of(experiment)).train()
    assert model.auxiliary is not None
    (place,) = (at for at, module in enumerate(model.auxiliary) if isinstance(module, nn.Dropout))
    model.auxiliary[place] = Dropped(experiment.origin.noise().generator)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    generator, seen = experiment.origin.generator(), []
    x, y = experiment.data.train_x, experiment.data.train_y
    for indices in torch.randperm(len(x), generator=generator).split(spec.batch_size)[:UPDATES]:  # type: ignore[no-untyped-call]
        scores, other = model(x[indices])
        loss = F.cross_entropy(scores, y[indices]) + 0.3 * F.cross_entropy(other, y[indices])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        seen.append(loss.item())
    return seen


def test_what_is_learnt_is_the_main_loss_and_three_tenths_of_the_auxiliarys_bit_for_bit() -> None:
    experiment = Experiment(knobs(SMALL, auxiliary="on"))
    expected = by_hand(experiment)
    experiment.advance(UPDATES)
    assert experiment.curve.freeze().losses.tolist() == expected


def test_nobody_asks_the_auxiliary_classifier_for_an_answer() -> None:
    experiment = Experiment(knobs(SMALL, auxiliary="on"))
    experiment.advance(2)
    before = Observer(experiment).measure(Detail.SCORES)
    auxiliary = net_of(experiment).auxiliary
    assert auxiliary is not None
    with torch.no_grad():
        for parameter in auxiliary.parameters():
            parameter.mul_(-3)
    after = Observer(experiment).measure(Detail.SCORES)
    assert (before.train_loss, before.test_loss) == (after.train_loss, after.test_loss)


def test_without_the_switch_there_is_no_auxiliary_classifier_and_one_answer() -> None:
    experiment = Experiment(SMALL)
    assert net_of(experiment).auxiliary is None
    assert isinstance(experiment.model.train()(experiment.data.train_x[:4]), Tensor)


def test_every_layer_of_the_auxiliary_classifier_is_told_in_a_record() -> None:
    experiment = Experiment(knobs(SMALL, auxiliary="on"))
    experiment.advance(1)
    layers = [layer for layer in Observer(experiment).measure().layers if layer.name.startswith("auxiliary")]
    assert len(layers) == 3
    assert all(layer.gradient is not None for layer in layers)


# ---- instruments


def test_the_shares_are_those_of_the_branches_called_one_by_one() -> None:
    experiment = Experiment(SMALL)
    experiment.advance(3)
    found = bars(experiment, "branch_shares")
    net = net_of(experiment)
    with torch.no_grad():
        x = net.stem(experiment.data.test_x[:256].view(-1, 1, 8, 8))
        for place, module in enumerate((*net.early, *net.late)):
            outputs = module._forward(x)
            sizes = np.array([float(output.abs().sum()) / output.numel() for output in outputs])
            assert_allclose(found.values[:, place], sizes / sizes.sum(), rtol=1e-4)
            x = net.pool(torch.cat(outputs, 1)) if place == 0 else torch.cat(outputs, 1)
    assert_allclose(found.values.sum(0), 1, rtol=1e-6)
    assert found.values.shape == (len(found.series), len(found.groups)) == (4, 2)
    assert found.is_share


def test_a_branch_that_falls_silent_has_no_share() -> None:
    experiment = Experiment(SMALL)
    norm = net_of(experiment).late.get_submodule("0.branch4.1.bn")
    with torch.no_grad():
        for parameter in norm.parameters():
            parameter.zero_()
    found = bars(experiment, "branch_shares").values
    assert found[3, 1] == 0
    assert found[3, 0] > 0


def test_the_plain_twin_has_no_branches_to_show_but_the_same_costs() -> None:
    own, plain = Experiment(SMALL), Experiment(FAMILY.twins["plain"].edit(SMALL))
    assert INSTRUMENTS["branch_shares"].take(plain.look, NOTHING) is None
    costs = [bars(each, "branch_costs") for each in (own, plain)]
    assert_allclose(costs[0].values, costs[1].values, rtol=0)
    assert costs[0].series == costs[1].series


@pytest.mark.parametrize("width", [16, 32, 64])
@pytest.mark.parametrize("picture", [(8, 8), (28, 28)])
def test_what_modules_cost_is_what_a_pencil_says(width: int, picture: tuple[int, int]) -> None:
    blocks, w = 4, width
    side = picture[0] if picture[0] <= 16 else picture[0] // 2
    places = 2 * side**2 + 2 * ((side + 1) // 2) ** 2  # two modules before the pooling, two behind it
    branches = [w * w / 4, w * w * 3 / 8 + 9 * (w * 3 / 8) * (w / 2), w * w / 16 + 9 * (w / 16) * (w / 8), w * w / 8]
    maps = [w / 4, w * 3 / 8 + w / 2, w / 16 + w / 8, w / 8]  # each has two numbers of batch normalisation
    for number, (weights, norms) in enumerate(zip(branches, maps, strict=True), 1):
        cost = cost_of(picture, w, blocks, part=f".branch{number}.")
        assert cost == (blocks * (weights + 2 * norms), places * weights)
    assert cost_of(picture, w, blocks) == (blocks * (sum(branches) + 2 * sum(maps)), places * sum(branches))
    assert cost_of(picture, w, blocks, is_plain=True) == (blocks * (25 * w * w + 2 * w), places * 25 * w * w)


def test_costs_are_drawn_in_per_cent_of_the_plain_network_and_say_what_a_hundred_is() -> None:
    found = bars(Experiment(USUAL), "branch_costs")
    own, plain = cost_of((8, 8), 32, 4), cost_of((8, 8), 32, 4, is_plain=True)
    assert tuple(map(str, found.groups[-2:])) == ("all four", "plain 5×5")
    assert_allclose(found.values[:, -1], 100)
    assert_allclose(found.values[:, -2], [100 * mine / its for mine, its in zip(own, plain, strict=True)], rtol=1e-6)
    assert_allclose(found.values[:, :4].sum(1), found.values[:, -2], rtol=1e-6)
    assert [f"{number:,}" in str(label) for number, label in zip(plain, found.series, strict=True)] == [True, True]
    assert found.values[:, -2].max() < 11  # the tenth of which the page speaks


def test_what_is_held_beside_the_modules_is_the_same_in_both_networks() -> None:
    sizes = [
        sum(value.numel() for value in Experiment(spec).model.parameters())
        for spec in (USUAL, FAMILY.twins["plain"].edit(USUAL))
    ]
    own, plain = cost_of((8, 8), 32, 4), cost_of((8, 8), 32, 4, is_plain=True)
    assert sizes[0] - own.parameters == sizes[1] - plain.parameters


# ---- what it reaches


@claims("googlenet", "idea", "Against plain 5×5 filters")
def test_plain_filters_learn_in_half_as_many_updates_and_modules_get_there_too() -> None:
    early, late = [], []
    for seed in FEW:
        experiment = Experiment(USUAL.with_(seed=seed))
        experiment.advance(50)
        early.append(Observer(experiment).measure(Detail.SCORES))
        experiment.advance(50)
        late.append(Observer(experiment).measure(Detail.SCORES))
        assert bars(experiment, "branch_shares").values.min() > 0.08  # training leaves no branch out
    (plain,) = stories(FAMILY.twins["plain"].edit(USUAL), 50, seeds=FEW)
    assert loss(late) < loss(plain) < 0.6 * loss(early)
    assert accuracy(late) > 0.95


@claims("googlenet", "Three thousand weights")
def test_three_thousand_weights_are_enough_for_nine_digits_out_of_ten() -> None:
    narrow = edited(PAGE, "Three thousand weights", USUAL)
    assert sum(value.numel() for value in Experiment(narrow).model.parameters()) == 3162
    (after,) = stories(narrow, 200, seeds=FEW)
    assert 0.91 < median(accuracies(after)) < 0.985  # one of many may have just stumbled
