"""All parameters of a network in one buffer, so that an optimizer steps once for all of them."""

import torch
from torch import Tensor, nn

ALIGNMENT = 16  # float32 numbers in 64 bytes: kernels may round differently on unaligned rows


class Flat:
    """Moves a module's parameters and gradients into two flat buffers; the module sees views of them.

    Every update rule in use is elementwise, so one step on the buffer gives the bits of a step per parameter.
    Gaps between parameters hold zeros and stay zero.
    """

    def __init__(self, module: nn.Module) -> None:
        self.names = [name for name, _ in module.named_parameters()]
        originals = list(module.parameters())
        starts, size = [], 0
        for original in originals:
            starts.append(size)
            size += -(-original.numel() // ALIGNMENT) * ALIGNMENT
        device = originals[0].device
        self.parameter = nn.Parameter(torch.zeros(size, device=device))
        self.gradient = torch.zeros(size, device=device)
        self.parameter.grad = self.gradient
        self._slices = [(start, original.shape) for start, original in zip(starts, originals, strict=True)]
        for original, value, grad in zip(
            originals, self.views(self.parameter.data), self.views(self.gradient), strict=True
        ):
            value.copy_(original.data)
            original.data = value
            original.grad = grad

    def span(self, prefix: str) -> slice:
        """Return where the parameters of a child lie, gaps included; "" is all of them."""
        if not prefix:
            return slice(0, self.parameter.numel())
        mine = [place for place, name in enumerate(self.names) if name.startswith(f"{prefix}.")]
        ends = [start for start, _ in self._slices] + [self.parameter.numel()]
        return slice(ends[mine[0]], ends[mine[-1] + 1])

    def views(self, buffer: Tensor) -> list[Tensor]:
        """Cut a buffer of this layout into one view for each parameter, in order."""
        return [buffer[start : start + shape.numel()].view(shape) for start, shape in self._slices]
