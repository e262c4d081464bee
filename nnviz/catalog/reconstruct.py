"""The task of giving back what was put in, perhaps from a noisy copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from nnviz.catalog.data import Data
from nnviz.catalog.losses import Loss
from nnviz.catalog.task import Look, Task, Turn, Verdict


@dataclass(frozen=True, slots=True)
class Reconstruct(Task):
    """Give the input back; in training with `noise` (standard deviation) added to what goes in, never to the target.

    Denoising: Vincent et al. 2008.
    """

    figure: str = "reconstruction error"
    is_scored: bool = False

    def losses(self, offered: Mapping[str, Loss], classes: int) -> list[str]:
        """Name the losses that compare numbers with numbers."""
        return ["mse"]

    def outputs(self, data: Data, loss: Loss) -> int:
        """Count the inputs: as many come out."""
        return data.inputs

    def target(self, x: Tensor, y: Tensor, data: Data, loss: Loss) -> Tensor:
        """Return the inputs."""
        return x

    def turns(self, look: Look) -> tuple[Turn, ...]:
        """List the one step of an update."""
        spread = float(look.knobs["noise"])

        def value(x: Tensor, target: Tensor) -> Tensor:
            seen = x + spread * look.noise.normal(*x.shape, like=x) if spread else x
            return look.loss.value(look.model(seen), target)

        return (Turn("", value),)

    def evaluate(self, look: Look, x: Tensor, y: Tensor, target: Tensor) -> Verdict:
        """Measure the error of clean inputs."""
        outputs = torch.cat([look.model(part) for part in torch.split(x, self.chunk)])
        return Verdict(look.loss.value(outputs, target).item())
