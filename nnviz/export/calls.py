"""How torch's own things are made, told from the things themselves: what is usual is not spelled out."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.made import made_with
from nnviz.export.borrowed import Borrowed
from nnviz.specs.experiment import Choice

_SIDES = frozenset({"kernel_size", "stride", "padding", "dilation", "output_padding"})  # a number means both sides
_CHOSEN_BY_TORCH = frozenset({"foreach"})  # how, not what: the same numbers


def layer(module: nn.Module, borrowed: Borrowed) -> list[str]:
    """Write the lines that make a module whose attributes are called as the arguments of its class."""
    if isinstance(module, nn.Sequential):
        return ["nn.Sequential(", *(f"    {line}" for line in layers(module.children(), borrowed)), ")"]
    return [_call(module, borrowed)]


def layers(modules: Iterable[nn.Module], borrowed: Borrowed) -> list[str]:
    """Write modules one below the other, each with a comma behind it."""
    found: list[str] = []
    for module in modules:
        *lines, last = layer(module, borrowed)
        found += [*lines, f"{last},"]
    return found


def _call(module: nn.Module, borrowed: Borrowed) -> str:
    kind = type(module)
    parameters = _parameters(kind)
    values = {name: _attribute(module, name) for name, each in parameters.items() if _is_told(module, each)}
    return f"{_name(kind, borrowed)}({_arguments(parameters, values, borrowed)})"


def network(module: nn.Module, borrowed: Borrowed) -> str:
    """Write the call of a network's own class with the arguments that it was given."""
    given = made_with(module)
    assert given is not None
    parameters = _parameters(type(module))
    return f"{borrowed.define(type(module))}({', '.join(_named(parameters, given, borrowed))})"


def optimizer(choice: Choice, parameters: str, *, is_near: bool = True) -> str:
    """Write the call that makes an optimizer for some parameters; its learning rate is always told.

    is_near: whether it works on the processor, where torch takes the loops by itself that the run has taken.
    """
    entry = OPTIMIZERS[choice.name]
    rule = entry.build([nn.Parameter(torch.zeros(1))], **entry.values(choice))
    known = _parameters(type(rule))
    left_out = _CHOSEN_BY_TORCH if is_near else frozenset()
    values = {name: value for name, value in rule.defaults.items() if name in known and name not in left_out}
    told = [f"lr={values['lr']!r}", *_named(known, {name: value for name, value in values.items() if name != "lr"})]
    return f"torch.optim.{type(rule).__name__}({', '.join([parameters, *told])})"


def _parameters(kind: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    found = inspect.signature(kind).parameters
    return {name: each for name, each in found.items() if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)}


def _arguments(parameters: Mapping[str, inspect.Parameter], values: Mapping[str, Any], borrowed: Borrowed) -> str:
    """Write what has to be given by place, then by name what is not usual."""
    by_place = [name for name, each in parameters.items() if each.default is each.empty]
    named = {name: value for name, value in values.items() if name not in by_place}
    words = [_word(values[name], borrowed) for name in by_place]
    return ", ".join([*words, *_named(parameters, named, borrowed)])


def _named(
    parameters: Mapping[str, inspect.Parameter], values: Mapping[str, Any], borrowed: Borrowed | None = None
) -> list[str]:
    unusual = {name: value for name, value in values.items() if value != parameters[name].default}
    return [f"{name}={_word(value, borrowed)}" for name, value in unusual.items()]


def _is_told(module: nn.Module, parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty or hasattr(module, parameter.name)


def _attribute(module: nn.Module, name: str) -> Any:
    """Return what an argument was: a pair of equal sides is one number, a bias that is there is `True`."""
    value = getattr(module, name)
    if name == "bias":
        return isinstance(value, Tensor)
    return value[0] if name in _SIDES and isinstance(value, tuple) and len(set(value)) == 1 else value


def _word(value: Any, borrowed: Borrowed | None) -> str:
    """Write a value; a function is one that makes a module."""
    if not callable(value) or borrowed is None:
        return repr(tuple(value)) if isinstance(value, tuple) else repr(value)
    call = _call(value(), borrowed)
    return call.removesuffix("()") if call.endswith("()") else f"lambda: {call}"


def _name(kind: type[nn.Module], borrowed: Borrowed) -> str:
    return f"nn.{kind.__name__}" if getattr(nn, kind.__name__, None) is kind else borrowed.define(kind)
