"""Sequences that a recurrent network goes on with by itself: each answer is its next input."""

import torch
from torch import Generator, Tensor

from nnviz.catalog.networks.recurrent import Recurrent


@torch.no_grad()
def continue_text(net: Recurrent, start: Tensor, count: int, generator: Generator, temperature: float) -> list[int]:
    """Draw `count` character indices that go on after `start` (steps,), each from softmax(logits / temperature).

    A temperature of 0 always takes the likeliest character. The state is carried on, never begun anew.
    """
    read, state, drawn = start[None], None, []
    for _ in range(count):
        states, state = net.rnn(net.sequence(read.to(net.head.weight)), state)
        drawn.append(_draw(net.head(states[0, -1]).cpu(), generator, temperature))
        read = torch.tensor([drawn[-1:]])
    return drawn


@torch.no_grad()
def roll_out(net: Recurrent, window: Tensor, count: int) -> Tensor:
    """Forecast `count` steps after each window (examples, steps * features), every forecast read as if it had happened.

    Returns (examples, count * features).
    """
    forecasts = []
    for _ in range(count):
        forecasts.append(net(window))
        window = torch.cat([window[:, net.features :], forecasts[-1]], 1)
    return torch.cat(forecasts, 1)


def _draw(logits: Tensor, generator: Generator, temperature: float) -> int:
    if not temperature:
        return int(logits.argmax())
    return int(torch.multinomial((logits / temperature).softmax(0), 1, generator=generator))
