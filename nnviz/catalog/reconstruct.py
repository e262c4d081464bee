"""The task of giving back what was put in, perhaps from a noisy copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from nnviz.catalog.data import Data
from nnviz.catalog.losses import Loss
from nnviz.catalog.noise import Noise
from nnviz.catalog.principal import principal_components
from nnviz.catalog.task import ModelContext, Task, UpdateStep, Verdict


@dataclass(frozen=True, slots=True)
class Reconstruct(Task):
    """Give the input back; with `noise` (standard deviation) added to what goes in, never to the target.

    Denoising: Vincent et al. 2008.  Scores: "pca" and "noisy", the errors of principal components and of the noisy
    input itself.
    """

    metric_name: str = "reconstruction_error"
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

    def turns(self, look: ModelContext) -> tuple[UpdateStep, ...]:
        """List the one step of an update."""
        spread = float(look.knobs["noise"])

        def value(x: Tensor, target: Tensor) -> Tensor:
            return look.loss.value(look.model(noisy(x, spread, look.noise)), target)

        return (UpdateStep("", value),)

    def evaluate(self, look: ModelContext, x: Tensor, y: Tensor, target: Tensor) -> Verdict:
        """Measure the error as training does, beside that of as many principal components as the code has numbers."""
        spread = float(look.knobs["noise"])
        seen = noisy(x, spread, look.noise)
        outputs = torch.cat([look.model(part) for part in torch.split(seen, self.chunk)])
        fitted = principal_components(look.data, int(look.knobs["bottleneck"]))
        scores = {"pca": look.loss.value(fitted.given_back(seen), target).item()}
        if spread:
            scores["noisy"] = look.loss.value(seen, target).item()
        return Verdict(look.loss.value(outputs, target).item(), scores=scores)


def noisy(x: Tensor, spread: float, noise: Noise) -> Tensor:
    """Add noise of a standard deviation to each number; none at all where it is 0."""
    return x + spread * noise.normal(*x.shape, like=x) if spread else x
