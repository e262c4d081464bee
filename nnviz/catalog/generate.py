"""The task of two networks against each other: one makes examples, the other tells them from real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from nnviz.catalog.data import Data
from nnviz.catalog.losses import Loss
from nnviz.catalog.modes import modes_covered
from nnviz.catalog.noise import Noise
from nnviz.catalog.task import ModelContext, Task, UpdateStep, Verdict

COMPARED = 500  # examples of each side in a distance


@dataclass(frozen=True, slots=True)
class Generate(Task):
    """Make examples like the data's: a generator from noise, and a discriminator that learns to catch it.

    An update is `d_steps` steps of the discriminator, each on a fresh batch, then one of the generator.  Records hold
    the energy distance (Szekely and Rizzo 2013) between made examples and the data's.
    """

    players: Mapping[str, str] = field(
        default_factory=lambda: {"optimizer": "generator", "second_optimizer": "discriminator"}
    )
    metric_name: str = "energy_distance"
    is_scored: bool = False

    def losses(self, offered: Mapping[str, Loss], classes: int) -> list[str]:
        """Name the losses for two players."""
        return [name for name, loss in offered.items() if loss.versus]

    def batches(self, knobs: Mapping[str, Any]) -> int:
        """Count the batches of one update: one for each step of the discriminator."""
        return int(knobs["d_steps"])

    def target(self, x: Tensor, y: Tensor, data: Data, loss: Loss) -> Tensor:
        """Return nothing of use: examples are compared with each other."""
        return x.new_zeros(len(x))

    def turns(self, look: ModelContext) -> tuple[UpdateStep, ...]:
        """List the discriminator's steps, then the generator's."""
        versus, model, noise = look.loss.versus, look.model, look.noise
        assert versus is not None

        def catch(x: Tensor, _: Tensor) -> Tensor:
            with torch.no_grad():
                made = make(model, len(x), noise, x)
            value = versus.critic(critic(model)(x), critic(model)(made))
            return value + versus.penalty * slope_penalty(model, x, made, noise) if versus.penalty else value

        def fool(x: Tensor, _: Tensor) -> Tensor:
            return versus.maker(critic(model)(make(model, len(x), noise, x)))

        return (
            *[UpdateStep("discriminator", catch)] * self.batches(look.knobs),
            UpdateStep("generator", fool, takes=False),
        )

    def send(self, look: ModelContext, x: Tensor) -> None:
        """Make as many examples as there are, and judge those that are there."""
        make(look.model, len(x), look.noise, x)
        critic(look.model)(x)

    def evaluate(self, look: ModelContext, x: Tensor, y: Tensor, target: Tensor) -> Verdict:
        """Measure how far examples made from fixed noise are from the data's, what they cover, and how many are caught.

        modes: of a density of clouds, those that are covered.  good: the share of examples within one of them.
        caught: the share of right verdicts, where a score has a sign.
        """
        versus, x = look.loss.versus, x[:COMPARED]
        assert versus is not None
        made = make(look.model, COMPARED, look.noise, x)
        scores = _covered(look.data, made)
        if versus.is_logit:
            scores["caught"] = _caught(critic(look.model)(x), critic(look.model)(made))
        return Verdict(energy_distance(x, made), scores=scores)


def _covered(data: Data, made: Tensor) -> dict[str, float]:
    if data.modes is None:
        return {}
    found = modes_covered(made, data.modes.to(made.device), data.spread)
    return {"modes": float(found.covered), "good": found.quality}


def _caught(real: Tensor, made: Tensor) -> float:
    return ((real > 0).float().mean().item() + (made < 0).float().mean().item()) / 2


def critic(model: nn.Module) -> nn.Module:
    """Return the network that scores examples."""
    return model.get_submodule("discriminator")


def make(model: nn.Module, count: int, noise: Noise, like: Tensor) -> Tensor:
    """Make examples from fresh noise."""
    latent: Any = model.latent
    made: Tensor = model.get_submodule("generator")(noise.normal(count, int(latent), like=like))
    return made


def slope_penalty(model: nn.Module, real: Tensor, made: Tensor, noise: Noise) -> Tensor:
    """Return the mean of (|slope| - 1)^2 of the scores on points between real and made ones (Gulrajani 2017, eq. 3)."""
    share = noise.uniform(len(real), 1, like=real)
    between = (share * real + (1 - share) * made).requires_grad_()
    scores = critic(model)(between)
    (slope,) = torch.autograd.grad(scores.sum(), between, create_graph=True)
    penalty: Tensor = (slope.norm(dim=1) - 1).square().mean()
    return penalty


def energy_distance(x: Tensor, y: Tensor) -> float:
    """Return 2 E|X - Y| - E|X - X'| - E|Y - Y'|: 0 for samples alike (Szekely and Rizzo 2013)."""
    between = torch.cdist(x, y).mean()
    return (2 * between - apart(x) - apart(y)).item()


def apart(x: Tensor) -> Tensor:
    """Return the mean distance of two different examples."""
    return torch.cdist(x, x).sum() / (len(x) * (len(x) - 1))
