"""DenseNet's family: its blocks are torchvision's, and whom a layer listens to is read from its weights."""

import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torchvision.models.densenet import _DenseBlock, _Transition

from nnviz.catalog import MODELS
from nnviz.catalog.networks.densenet import DenseNet, layer_reads
from nnviz.records.shapes import NOTHING, Grids
from nnviz.specs.experiment import Choice
from nnviz.training import Detail, Experiment, Observer
from nnviz.training.instruments import INSTRUMENTS
from nnviz.ui.families.models.densenet import PAGE
from tests.seeds import FEW, accuracy, claims, edited, stories

USUAL = MODELS["densenet"].usual
SMALL = USUAL.with_(model=Choice.of("densenet", growth_rate=4, layers=3, blocks=2))


def net_of(experiment: Experiment) -> DenseNet:
    assert isinstance(experiment.model, DenseNet)
    return experiment.model


def tables(experiment: Experiment) -> Grids:
    found = INSTRUMENTS["layer_reads"].take(experiment.look, NOTHING)
    assert isinstance(found, Grids)
    return found


# ---- the network


def test_blocks_and_transitions_have_torchvisions_parameters() -> None:
    net = net_of(Experiment(SMALL))
    channels = 8
    theirs = [_DenseBlock(3, channels, 4, 4, 0.0), _Transition(20, 10), _DenseBlock(3, 10, 4, 4, 0.0)]
    assert [name for name, _ in net.features.named_children()] == ["denseblock1", "transition1", "denseblock2"]
    for own, their in zip(net.features, theirs, strict=True):
        shapes = [{key: value.shape for key, value in each.state_dict().items()} for each in (own, their)]
        assert shapes[0] == shapes[1]
    assert net.classifier.weight.shape == (10, 22)


def test_a_layer_reads_all_that_was_made_before_it_and_adds_its_own() -> None:
    experiment = Experiment(SMALL)
    net = net_of(experiment).eval()
    block = net.features.get_submodule("denseblock1")
    with torch.no_grad():
        known = net.stem(experiment.data.test_x[:5].view(-1, 1, 8, 8))
        out = block(known)
        for layer in block.children():
            known = torch.cat([known, layer(known)], 1)
    assert torch.equal(known, out)
    assert out.shape == (5, 8 + 3 * 4, 8, 8)


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_between_blocks_maps_and_picture_are_halved(blocks: int) -> None:
    net = net_of(Experiment(SMALL.with_(model=SMALL.model.with_knobs(blocks=blocks))))
    x = net.features(net.stem(torch.rand(2, 1, 8, 8)))
    side = 8 // 2 ** (blocks - 1)
    assert x.shape[2:] == (side, side)
    channels = 8
    for _ in range(blocks - 1):
        channels = (channels + 12) // 2
    assert x.shape[1] == channels + 12


# ---- who listens to whom


def test_listening_is_the_mean_size_of_the_weights_for_each_source() -> None:
    net = net_of(Experiment(SMALL))
    convolution = net.features.get_submodule("denseblock2.denselayer3.conv1")
    weight = convolution.weight
    assert isinstance(weight, torch.nn.Parameter)
    assert weight.shape == (16, 10 + 4 + 4, 1, 1)
    with torch.no_grad():
        weight.fill_(0.5)
        weight[:, 10:14] = -2.0
        weight[0, 14] = 8.5
    first, second = layer_reads(net)
    assert first.shape == second.shape == (3, 3)
    assert_allclose(second[2], [0.5, 2.0, 0.5 + 8.0 / 64])
    assert first.isnan().tolist() == [[False, True, True], [False, False, True], [False, False, False]]


def test_the_sight_tells_how_strongly_a_source_is_heard_beside_its_layers_average() -> None:
    experiment = Experiment(SMALL)
    weight = net_of(experiment).features.get_submodule("denseblock1.denselayer2.conv1").weight
    assert isinstance(weight, torch.nn.Parameter)
    with torch.no_grad():
        weight.fill_(1.0)
        weight[:, :8] = -3.0
    found = tables(experiment)
    assert_allclose(found.tables[0][1, :2], [150.0, 50.0], rtol=1e-5)
    assert_allclose([table[0, 0] for table in found.tables], 100, rtol=1e-5)
    assert tuple(map(str, found.rows)) == ("layer 1", "layer 2", "layer 3")
    assert tuple(map(str, found.columns)) == ("input", "layer 1", "layer 2")
    assert tuple(map(str, found.titles)) == ("block 1", "block 2")


def test_at_first_every_source_is_heard_alike_but_for_chance_and_learning_moves_it() -> None:
    experiment = Experiment(USUAL)
    first = np.stack(tables(experiment).tables)
    experiment.advance(20)
    after = np.stack(tables(experiment).tables)
    count = 32 * 8  # weights of the smallest source
    assert np.nanmax(np.abs(first - 100)) < 100 * 4.5 * math.sqrt(math.pi / 2 - 1) / math.sqrt(count)  # of |normal|
    assert np.nanmax(np.abs(after - first)) > 1


def test_many_layers_have_short_names() -> None:
    found = tables(Experiment(SMALL.with_(model=SMALL.model.with_knobs(layers=6))))
    assert tuple(map(str, found.rows)) == ("L1", "L2", "L3", "L4", "L5", "L6")
    assert tuple(map(str, found.columns)) == ("in", "L1", "L2", "L3", "L4", "L5")


# ---- what it reaches


@claims("densenet", "idea", "Four maps a layer")
def test_the_digits_are_learnt_in_100_updates_with_half_the_growth_rate_too() -> None:
    usual, (narrow,) = [], stories(edited(PAGE, "Four maps a layer", USUAL), 100, seeds=FEW)
    for seed in FEW:
        experiment = Experiment(USUAL.with_(seed=seed))
        experiment.advance(100)
        usual.append(Observer(experiment).measure(Detail.SCORES))
        heard = np.array([table[-1] for table in tables(experiment).tables])  # by the last layer of each block
        assert (abs(heard - 100) < 30).all()
    assert accuracy(usual) > 0.96
    assert 0.91 < accuracy(narrow) < 0.99


@claims("densenet", "Twelve layers a block", "One block")
def test_depth_is_no_trouble_and_one_block_needs_more_updates() -> None:
    deep, shallow = (edited(PAGE, label, USUAL) for label in ("Twelve layers a block", "One block"))
    (early,), (few, late) = stories(deep, 30, seeds=FEW), stories(shallow, 50, 100, seeds=FEW)
    assert accuracy(early) > 0.85
    assert accuracy(few) < 0.92 < 0.94 < accuracy(late)
