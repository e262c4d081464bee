"""A network's layers as readers see them: those with a weight of two dimensions or more."""

from collections.abc import Iterator
from typing import NamedTuple

from torch import Tensor, nn

_ACTIVATIONS = "torch.nn.modules.activation"
_PASSES_ON = (nn.Identity, nn.Dropout, nn.modules.batchnorm._BatchNorm)  # what may stand between layer and activation


class Part(NamedTuple):
    """One layer: its name, its parameters and the module whose output is its activation."""

    name: str
    weight: Tensor
    bias: Tensor | None
    output: nn.Module


def parts_of(model: nn.Module) -> list[Part]:
    """List a network's weights in the order of its parameters, recurrent ones by their own names."""
    found: list[Part] = []
    for parent_name, parent in model.named_modules():
        if isinstance(parent, nn.RNNBase):
            found += _recurrent(parent_name, parent)
        for name, child in parent.named_children():
            path = f"{parent_name}.{name}".lstrip(".")
            weight, bias = getattr(child, "weight", None), getattr(child, "bias", None)
            if isinstance(weight, Tensor) and weight.dim() >= 2:
                found.append(Part(path, weight, bias, _activation(parent, child)))
    order = {name: place for place, (name, _) in enumerate(model.named_parameters())}
    return sorted(found, key=lambda part: order.get(f"{part.name}.weight", order.get(part.name, 0)))


def _recurrent(path: str, module: nn.RNNBase) -> Iterator[Part]:
    for name, weight in module.named_parameters():
        if name.startswith("weight"):
            bias = getattr(module, name.replace("weight", "bias"), None)
            yield Part(f"{path}.{name}".lstrip("."), weight, bias, module)


def _activation(parent: nn.Module, layer: nn.Module) -> nn.Module:
    """Return the activation that follows a layer in its sequence, or the layer itself."""
    if not isinstance(parent, nn.Sequential):
        return layer
    modules = list(parent)
    for module in modules[modules.index(layer) + 1 :]:
        if type(module).__module__ == _ACTIVATIONS or isinstance(module, nn.Identity):
            return module
        if not isinstance(module, _PASSES_ON):
            break
    return layer
