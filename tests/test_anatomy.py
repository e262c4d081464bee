"""The anatomy of a network: what flows where, what it costs, and the diagram of it."""

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.models.densenet import _DenseBlock, _Transition
from torchvision.models.googlenet import Inception
from torchvision.models.resnet import BasicBlock

from nnviz.charts.diagram import amount, diagram
from nnviz.records.anatomy import Anatomy, Block, Edge, blocks, layers
from nnviz.training.anatomy import anatomy


class Plain(BasicBlock):  # type: ignore[misc]
    """A residual block without its shortcut."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))
        out: Tensor = self.relu(self.bn2(self.conv2(x)))
        return out


class Pictures(nn.Module):
    """A network of pictures around some blocks of four channels."""

    def __init__(self, *body: nn.Module, channels: int = 4, size: int = 8) -> None:
        super().__init__()
        self.size = size
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.body = nn.Sequential(*body)
        self.head = nn.Linear(channels, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(self.stem(x.view(len(x), 1, self.size, self.size)))
        out: Tensor = self.head(x.mean((2, 3)))
        return out


class Characters(nn.Module):
    """A network that reads indices of characters."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(5, 3, num_layers=2, batch_first=True)
        self.head = nn.Linear(3, 5)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.lstm(nn.functional.one_hot(x.long(), 5).float())
        out: Tensor = self.head(states).transpose(1, 2)
        return out


class TwoHeads(nn.Module):
    """A network with a head that only training uses, and one that depends on what flows."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk, self.drop = nn.Linear(6, 4), nn.Dropout(0.5)
        self.norm, self.main, self.auxiliary = nn.BatchNorm1d(4), nn.Linear(4, 3), nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        x = self.norm(self.drop(self.trunk(x)))
        if float(x.sum()) > 1e9:
            x = x * 0
        return (self.main(x), self.auxiliary(x)) if self.training else self.main(x)


def residual(**kwargs: int) -> Pictures:
    return Pictures(*(BasicBlock(4, 4) for _ in range(kwargs.get("count", 1))))


def inception() -> Pictures:
    return Pictures(Inception(4, 2, 2, 3, 2, 4, 5), channels=14)


def dense() -> Pictures:
    return Pictures(_DenseBlock(3, 4, 2, 2, 0.0), _Transition(10, 5), channels=5)


def mlp() -> nn.Module:
    return nn.Sequential(nn.Linear(64, 8), nn.Tanh(), nn.Linear(8, 2))


MAKERS: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "mlp": (mlp, 64),
    "residual": (residual, 64),
    "plain": (lambda: Pictures(Plain(4, 4)), 64),
    "inception": (inception, 64),
    "dense": (dense, 64),
    "characters": (Characters, 7),
    "two heads": (TwoHeads, 6),
}
EVERY = pytest.mark.parametrize(("make", "inputs"), MAKERS.values(), ids=list(MAKERS))


def block(found: Anatomy, name: str) -> Block:
    return next(block for block in found.blocks if block.name == name)


def test_a_dense_layer_costs_its_weights_and_biases_and_one_multiply_add_for_each_weight() -> None:
    layer = block(anatomy(mlp(), 64), "0")
    assert (layer.kind, layer.role, layer.shape) == ("Linear", "dense", (8,))
    assert (layer.parameters, layer.multiply_adds) == (64 * 8 + 8, 64 * 8)


def test_a_convolution_uses_its_weights_at_every_place_of_its_output() -> None:
    network = nn.Sequential(nn.Unflatten(1, (2, 8, 8)), nn.Conv2d(2, 6, 3, stride=2, padding=1, groups=2))
    layer = block(anatomy(network, 128), "1")
    assert (layer.shape, layer.detail) == ((6, 4, 4), "3×3 /2")
    assert (layer.parameters, layer.multiply_adds) == (6 * 1 * 9 + 6, 6 * 1 * 9 * 4 * 4)


def test_a_transposed_convolution_uses_its_weights_at_every_place_of_its_input() -> None:
    network = nn.Sequential(nn.Unflatten(1, (2, 4, 4)), nn.ConvTranspose2d(2, 3, 4, stride=2, padding=1))
    layer = block(anatomy(network, 32), "1")
    assert (layer.shape, layer.multiply_adds) == ((3, 8, 8), 2 * 3 * 16 * 4 * 4)


def test_an_lstm_uses_the_weights_of_all_its_gates_at_every_step() -> None:
    lstm = block(anatomy(Characters(), 7), "lstm")
    weights = 4 * 3 * (5 + 3) + 4 * 3 * (3 + 3)
    assert (lstm.kind, lstm.role, lstm.shape, lstm.depth) == ("LSTM", "recurrent", (7, 3), 2)
    assert (lstm.parameters, lstm.multiply_adds) == (weights + 2 * 2 * 4 * 3, weights * 7)


def test_a_head_at_every_step_is_counted_at_every_step() -> None:
    assert block(anatomy(Characters(), 7), "head").multiply_adds == 3 * 5 * 7


@pytest.mark.parametrize("make", [mlp, residual, inception, dense])
def test_multiply_adds_are_half_of_what_torch_counts_as_operations(make: Callable[[], nn.Module]) -> None:
    network = make().eval()
    with FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 64))
    assert 2 * anatomy(network, 64).multiply_adds == counter.get_total_flops()


@EVERY
def test_every_telling_adds_up_to_the_same(make: Callable[[], nn.Module], inputs: int) -> None:
    network = make()
    found = anatomy(network, inputs)
    assert found.parameters == sum(parameter.numel() for parameter in network.parameters())
    for told in (layers(found), blocks(found)):
        assert (told.multiply_adds, told.depth, told.parameters) == (
            found.multiply_adds,
            found.depth,
            found.parameters,
        )
        assert sum(each.parameters for each in told.blocks) == sum(each.parameters for each in found.blocks)


@EVERY
def test_edges_lead_forward_between_blocks_that_there_are(make: Callable[[], nn.Module], inputs: int) -> None:
    found = anatomy(make(), inputs)
    for told in (found, layers(found), blocks(found)):
        places = {each.name: place for place, each in enumerate(told.blocks)}
        assert len(places) == len(told.blocks)
        assert all(places[edge.source] < places[edge.target] for edge in told.edges)
        assert all(told.sources(each.name) for each in told.blocks[1:])


def test_a_residual_block_adds_what_came_in() -> None:
    found = anatomy(residual(), 64)
    assert set(found.sources("body.0.add")) == {"body.0.bn2", "stem"}
    assert set(layers(found).sources("body.0.add")) == {"body.0.conv2", "stem"}


def test_its_plain_twin_adds_nothing() -> None:
    found = anatomy(Pictures(Plain(4, 4)), 64)
    assert not any(each.role == "join" for each in found.blocks)
    assert all(len(found.sources(each.name)) == 1 for each in found.blocks[1:])


def test_a_projection_is_a_way_of_its_own() -> None:
    shortcut = nn.Sequential(nn.Conv2d(4, 6, 1, 2), nn.BatchNorm2d(6))
    told = layers(anatomy(Pictures(BasicBlock(4, 6, 2, shortcut), channels=6), 64))
    assert set(told.sources("body.0.add")) == {"body.0.conv2", "body.0.downsample.0"}
    assert told.sources("body.0.downsample.0") == ("stem",)


def test_four_branches_of_an_inception_module_meet_in_one_concatenation() -> None:
    told = layers(anatomy(inception(), 64))
    branches = {f"body.0.branch{end}" for end in ("1", "2.1", "3.1", "4.1")}
    assert set(told.sources("body.0.cat")) == branches
    assert block(told, "body.0.cat").shape == (2 + 3 + 4 + 5, 8, 8)
    assert sum(edge.source == "stem" for edge in told.edges) == 4


def test_a_dense_layer_takes_the_outputs_of_all_before_it() -> None:
    told = layers(anatomy(dense(), 64))
    before = {"stem", "body.0.denselayer1", "body.0.denselayer2"}
    assert set(told.sources("body.0.denselayer3")) == before
    assert set(told.sources("body.0.cat")) == {*before, "body.0.denselayer3"}


def test_norms_and_activations_are_told_with_their_layer() -> None:
    told = layers(anatomy(residual(), 64))
    assert block(told, "body.0.conv1").then == ("BatchNorm2d", "ReLU")
    assert block(told, "body.0.add").then == ("ReLU",)


def test_a_module_of_an_own_class_is_one_block() -> None:
    names = [each.name for each in blocks(anatomy(dense(), 64)).blocks]
    assert names == ["input", "stem", "body.0", "body.1", "mean", "head"]


def test_a_layer_that_runs_twice_is_named_twice_and_its_parameters_counted_once() -> None:
    layer = nn.Linear(4, 4)
    found = anatomy(nn.Sequential(layer, nn.Tanh(), layer), 4)
    assert [each.name for each in found.blocks] == ["input", "0", "1", "0@2"]
    assert sum(each.parameters for each in found.blocks) == found.parameters
    assert found.multiply_adds == 2 * 16


def test_depth_counts_layers_with_weights_on_the_longest_way() -> None:
    assert anatomy(residual(count=3), 64).depth == 1 + 3 * 2 + 1
    assert anatomy(inception(), 64).depth == 1 + 2 + 1
    assert anatomy(Characters(), 7).depth == 2 + 1


def test_what_only_training_uses_is_seen_when_asked_for() -> None:
    assert "auxiliary" not in {each.name for each in anatomy(TwoHeads(), 6).blocks}
    assert "auxiliary" in {each.name for each in anatomy(TwoHeads(), 6, in_training=True).blocks}


@EVERY
def test_dissecting_changes_nothing_and_draws_nothing(make: Callable[[], nn.Module], inputs: int) -> None:
    network = make().train()
    called: list[nn.Module] = []
    network.register_forward_hook(lambda module, *_: called.append(module))
    before, random = copy.deepcopy(network.state_dict()), torch.get_rng_state()
    anatomy(network, inputs, in_training=True)
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())
    assert all(module.training for module in network.modules())
    assert called == []
    assert sum(len(module._forward_hooks) + len(module._forward_pre_hooks) for module in network.modules()) == 1


@EVERY
def test_a_network_without_numbers_has_the_same_anatomy(make: Callable[[], nn.Module], inputs: int) -> None:
    with torch.device("meta"):
        empty = make()
    assert anatomy(empty, inputs) == anatomy(make(), inputs)


def found_in(dot: str, pattern: str) -> list[str]:
    """Find lines of a diagram, and of each the NAME in it."""
    names = re.findall("^\\s*" + pattern.replace("NAME", r'("[^"]+"|\w+)'), dot, re.MULTILINE)
    return [name.strip('"') for name in names]


@EVERY
def test_the_diagram_names_every_block_and_every_way(make: Callable[[], nn.Module], inputs: int) -> None:
    found = anatomy(make(), inputs)
    for told in (found, layers(found), blocks(found)):
        dot = diagram(told)
        assert {each.name for each in told.blocks} <= set(found_in(dot, r"NAME \[.*label="))
        assert {edge.target for edge in told.edges} <= set(found_in(dot, r".+ -> NAME \["))
        assert dot.count("{") == dot.count("}")


def test_equal_blocks_in_a_row_are_drawn_once_with_their_number() -> None:
    dot = diagram(layers(anatomy(residual(count=5), 64)))
    assert "body.0 … body.4, × 5" in dot
    assert '"body.1.conv1"' not in dot
    assert '"body.0.add" -> mean ' in dot


def test_a_block_whose_output_is_used_elsewhere_is_no_repetition() -> None:
    found = layers(anatomy(residual(count=3), 64))
    tapped = replace(found, edges=(*found.edges, Edge("body.1.add", "head")))
    assert {"body.0 … body.1, × 2", "body.2"} <= set(re.findall("<b>([^<]+)</b>", diagram(tapped)))


def test_a_long_network_is_broken_into_rows_with_the_same_number_at_both_ends() -> None:
    widths = [2, *range(3, 16)]
    network = nn.Sequential(*(nn.Linear(*pair) for pair in pairwise(widths)))
    dot = diagram(layers(anatomy(network, 2)))
    assert re.findall(r"\[label=(\d+) .*shape=circle", dot) == ["1", "1", "2", "2"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (950, "950"), (1234, "1.2 k"), (9960, "10 k"), (37_120, "37 k"), (999_600, "1.0 M"), (5.2e7, "52 M")],
)
def test_amounts_are_written_short(number: int, text: str) -> None:
    assert amount(int(number)) == text
