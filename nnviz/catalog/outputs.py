"""What single modules gave while the whole network ran."""

from collections.abc import Callable

from torch import Tensor, nn


def outputs_of(run: Callable[[Tensor], object], modules: list[nn.Module], x: Tensor) -> list[Tensor]:
    """Run a network, or what sends x through its parts, once and return what each of the modules gave."""
    caught: dict[nn.Module, Tensor] = {}
    hooks = [
        module.register_forward_hook(lambda module, inputs, output: caught.__setitem__(module, _first(output)))
        for module in modules
    ]
    try:
        run(x)
    finally:
        for hook in hooks:
            hook.remove()
    return [caught[module] for module in modules]


def _first(output: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Return what a module gave; of several tensors, such as a recurrent one's outputs and last state, the first."""
    return output if isinstance(output, Tensor) else output[0]
