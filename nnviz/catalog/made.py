"""A network that knows what it was made with, so that a script can make it again by the code of its class."""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, TypeVar

from torch import nn

Network = TypeVar("Network", bound=nn.Module)
_GIVEN = "made_with"


def made(network: Callable[..., Network], *given: Any, **named: Any) -> Network:
    """Make a network and write down the arguments that its class was given."""
    model = network(*given, **named)
    vars(model)[_GIVEN] = signature(network).bind(*given, **named).arguments
    return model


def made_with(model: nn.Module) -> Mapping[str, Any] | None:
    """Return the arguments by name; None for a network whose layers tell all that there is to it."""
    found: Mapping[str, Any] | None = vars(model).get(_GIVEN)
    return found
