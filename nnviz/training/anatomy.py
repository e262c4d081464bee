"""Dissect a network: let two examples through a bare copy and write down what torch does with them."""

import copy
from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from nnviz.catalog import MODELS
from nnviz.records.anatomy import Anatomy, Block, Edge, Holder, Role
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training.origin import outline

INPUT = "input"
_EXAMPLES = 2  # batch normalisation needs more than one
_LISTS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)  # what only holds others and is no block itself
_UNSEEN = (nn.Identity, nn.Flatten, nn.Unflatten)  # the same numbers come out

# The file of torch.nn that defines a layer tells what it is for.
_ROLES: dict[str, Role] = {
    "conv": "convolution",
    "linear": "dense",
    "rnn": "recurrent",
    "batchnorm": "norm",
    "instancenorm": "norm",
    "normalization": "norm",
    "activation": "activation",
    "pooling": "pooling",
}
# Functions that are told; all others (views, casts, rescaling by a constant) are taken as part of the way.
_FUNCTIONS: dict[str, Role] = {
    **dict.fromkeys(("add", "sub", "mul", "matmul", "cat", "concat", "stack"), "join"),
    **dict.fromkeys(("relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "softmax"), "activation"),
    **dict.fromkeys(("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "mean"), "pooling"),
    "interpolate": "other",
}


def anatomy(network: nn.Module, inputs: int, *, in_training: bool = False) -> Anatomy:
    """Dissect a network of flat inputs; in training also what only training uses, such as auxiliary classifiers.

    Nothing is read of the network's numbers, so that it may as well stand on the meta device.
    """
    bare = _bare(network, in_training)
    recorder = _Recorder(bare)
    with torch.no_grad(), recorder:
        x = torch.zeros(_EXAMPLES, inputs)
        recorder.start(x)
        bare(x)
    total = sum(parameter.numel() for parameter in network.parameters())
    return Anatomy(type(network).__name__, tuple(recorder.blocks), tuple(recorder.edges), total)


def dissected(spec: ExperimentSpec) -> list[tuple[str, Anatomy]]:
    """Dissect a spec's network, or each of its pieces with the piece's title, as it is in training."""
    model, data = outline(spec)
    pieces = MODELS[spec.model.name].pieces(model, data.inputs)
    return [(piece.title, anatomy(piece.module, piece.inputs, in_training=True)) for piece in pieces]


def _bare(network: nn.Module, in_training: bool) -> nn.Module:
    """Copy a network with zeros for weights, without its hooks and its dropout's draws."""
    bare = copy.deepcopy(network).to_empty(device="cpu").train(in_training)
    for tensor in (*bare.parameters(), *bare.buffers()):
        tensor.detach().zero_()
    for module in bare.modules():
        module._forward_hooks.clear()
        module._forward_pre_hooks.clear()
        if isinstance(module, nn.modules.dropout._DropoutNd):
            module.eval()
    return bare


class _Recorder(TorchFunctionMode):
    """Writes down each layer and each function that matters, and where its inputs came from."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.edges: list[Edge] = []
        self._names = {module: name for name, module in network.named_modules()}
        self._open: list[nn.Module] = []  # the modules that are being called, outermost first
        self._told: dict[str, int] = {}  # how often each path has been called
        self._origins: dict[int, tuple[str, ...]] = {}  # a tensor's id: the blocks that it comes from
        self._kept: list[Tensor] = []  # alive, so that no id is given twice
        for module in network.modules():
            module.register_forward_pre_hook(self._enter)
            module.register_forward_hook(self._leave, with_kwargs=True)

    def start(self, x: Tensor) -> None:
        """Name the network's input."""
        self.blocks.append(Block(INPUT, INPUT, "input", tuple(x.shape[1:]), 0, 0, 0))
        self._comes_from(x, (INPUT,))

    def __torch_function__(
        self, function: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        origins = self._origins_of((args, kwargs))
        output = function(*args, **(kwargs or {}))
        if self._open and not _is_leaf(self._open[-1]) and origins:
            self._comes_from(output, self._pass_function(function.__name__.strip("_"), output, origins))
        return output

    def _pass_function(self, name: str, output: Any, origins: tuple[str, ...]) -> tuple[str, ...]:
        role = _FUNCTIONS.get(name)
        if role is None or (role == "join" and len(origins) == 1):
            return origins
        return self._tell_function(name, role, output, origins)

    def _enter(self, module: nn.Module, args: tuple[Any, ...]) -> None:
        self._open.append(module)

    def _leave(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        if _is_leaf(module):
            origins = self._origins_of((args, kwargs))
            is_told = not isinstance(module, _UNSEEN)
            self._comes_from(output, self._tell_layer(module, args, output, origins) if is_told else origins)
        self._open.pop()

    def _tell_layer(
        self, module: nn.Module, args: tuple[Any, ...], output: Any, origins: tuple[str, ...]
    ) -> tuple[str, ...]:
        path = self._names[module] or type(module).__name__
        parameters = 0 if path in self._told else sum(each.numel() for each in module.parameters())
        first = next(_tensors(output))
        cost = _multiply_adds(module, next(_tensors(args)), first)
        depth = getattr(module, "num_layers", 1) if cost else 0
        block = Block(
            self._fresh(path),
            type(module).__name__,
            _role(module),
            tuple(first.shape[1:]),
            parameters,
            cost,
            depth,
            _detail(module),
            holders=self._holders(self._open[:-1]),
        )
        return self._tell(block, origins)

    def _tell_function(self, name: str, role: Role, output: Any, origins: tuple[str, ...]) -> tuple[str, ...]:
        path = f"{self._names[self._open[-1]]}.{name}".lstrip(".")
        shape = tuple(next(_tensors(output)).shape[1:])
        return self._tell(
            Block(self._fresh(path), name, role, shape, 0, 0, 0, holders=self._holders(self._open)), origins
        )

    def _tell(self, block: Block, origins: tuple[str, ...]) -> tuple[str, ...]:
        self.blocks.append(block)
        self.edges += [Edge(origin, block.name) for origin in origins]
        return (block.name,)

    def _fresh(self, path: str) -> str:
        """Number the second call of a layer and those after it, as in "relu@2"."""
        count = self._told[path] = self._told.get(path, 0) + 1
        return path if count == 1 else f"{path}@{count}"

    def _holders(self, modules: list[nn.Module]) -> tuple[Holder, ...]:
        """Name the modules of own classes inside the network."""
        own = (module for module in modules[1:] if type(module) not in _LISTS)
        return tuple(Holder(self._names[each], type(each).__name__, isinstance(each, nn.Sequential)) for each in own)

    def _comes_from(self, value: Any, origins: tuple[str, ...]) -> None:
        for tensor in _tensors(value):
            self._kept.append(tensor)
            self._origins[id(tensor)] = origins

    def _origins_of(self, value: Any) -> tuple[str, ...]:
        every = (self._origins.get(id(tensor), ()) for tensor in _tensors(value))
        return tuple(dict.fromkeys(name for origins in every for name in origins))


def _is_leaf(module: nn.Module) -> bool:
    return next(module.children(), None) is None


def _tensors(value: Any) -> Iterator[Tensor]:
    """Go through the tensors of nested tuples, lists and dictionaries."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _tensors(each)


def _role(module: nn.Module) -> Role:
    files = (kind.__module__.removeprefix("torch.nn.modules.") for kind in type(module).__mro__)
    return next((_ROLES[file] for file in files if file in _ROLES), "other")


def _detail(module: nn.Module) -> str:
    size = getattr(module, "kernel_size", None)
    if size is None:
        return ""
    sides = size if isinstance(size, tuple) else (size, size)
    stride = getattr(module, "stride", 1)
    step = stride[0] if isinstance(stride, tuple) else stride
    return "×".join(str(side) for side in sides) + (f" /{step}" if step != 1 else "")


def _multiply_adds(module: nn.Module, x: Tensor, output: Tensor) -> int:
    """Count how often one example uses the weights: biases, norms and activations are not counted."""
    weights = sum(each.numel() for each in module.parameters() if each.dim() > 1)
    if isinstance(module, nn.modules.conv._ConvTransposeNd):
        return weights * prod(x.shape[2:])
    if isinstance(module, nn.modules.conv._ConvNd):
        return weights * prod(output.shape[2:])
    if isinstance(module, nn.Linear):
        return weights * prod(output.shape[1:-1])
    if isinstance(module, nn.RNNBase):
        return weights * x.shape[1 if module.batch_first else 0]
    return 0
