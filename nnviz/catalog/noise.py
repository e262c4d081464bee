"""What a network draws while it learns: from the experiment's own generator, never from torch's global one."""

import torch
from torch import Generator, Tensor, nn

MEASURING = 20_000  # the seed of what measuring draws: the same at every moment of every run


class Noise:
    """Draws on the CPU, so that a seed gives the same numbers on every device."""

    def __init__(self, seed: int) -> None:
        self.generator = Generator().manual_seed(seed)

    @classmethod
    def fixed(cls) -> "Noise":
        """Return what measuring draws from: always the same numbers, and never those of training."""
        return cls(MEASURING)

    def normal(self, *shape: int, like: Tensor) -> Tensor:
        """Draw standard normal numbers on the device of `like`."""
        return torch.randn(shape, generator=self.generator).to(like.device)

    def uniform(self, *shape: int, like: Tensor) -> Tensor:
        """Draw numbers between 0 and 1 on the device of `like`."""
        return torch.rand(shape, generator=self.generator).to(like.device)

    @property
    def state(self) -> Tensor:
        """A copy of where the draws stand."""
        return self.generator.get_state()

    @state.setter
    def state(self, state: Tensor) -> None:
        self.generator.set_state(state)


class Dropout(nn.Dropout):
    """`nn.Dropout` that draws from an experiment's own noise: numbers stay with probability 1 - p, over 1 - p."""

    def __init__(self, p: float, noise: Noise) -> None:
        super().__init__(p)
        self._noise = noise

    def forward(self, input: Tensor) -> Tensor:
        """Drop in training, pass on in evaluation."""
        if not self.training or not self.p:
            return input
        is_kept = self._noise.uniform(*input.shape, like=input) >= self.p
        return input * is_kept / (1 - self.p)


def draw_from(model: nn.Module, noise: Noise) -> None:
    """Give every dropout of a model the experiment's own noise, in place."""
    for module in list(model.modules()):
        for name, child in module.named_children():
            if type(child) is nn.Dropout:
                setattr(module, name, Dropout(child.p, noise))
