"""Gradient descent on two numbers, step by step.

The training stream of the other lessons is not used: it trains networks in float32 and keeps records at intervals.
Here there are two numbers in float64, and every term of every step has to be there to be looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import torch
from torch import Tensor

from nnviz.training.players import plain_step

FAR = 1e12  # nobody follows a number beyond
_OWN_STREAM = 7919  # so that the order of the batches is not drawn from the numbers of the data


@dataclass(frozen=True, slots=True)
class Walk:
    """What the loop leaves: tensors in float64, one row for each step done."""

    path: Tensor  # (steps + 1, 2)
    batch_losses: Tensor  # (steps,)
    batch: Tensor  # samples of the step that comes next
    gradient: Tensor  # (2,), torch.autograd's, of the step that comes next
    after: Tensor  # (2,), after the step that comes next
    lost_at: int | None


def batches(count: int, size: int, seed: int) -> Iterator[Tensor]:
    """Give the samples of step after step: each epoch a new permutation, cut into batches of `size`.

    All samples at once need no order.
    """
    generator = torch.Generator().manual_seed(seed + _OWN_STREAM)
    while size >= count:
        yield torch.arange(count)
    while True:
        order = torch.randperm(count, generator=generator)
        yield from (order[at : at + size] for at in range(0, count, size))


def walk(x: Tensor, y: Tensor, start: tuple[float, float], lr: float, order: Iterator[Tensor], steps: int) -> Walk:
    """Take steps and look at one more, which is the next; stops early where a number passes FAR.

    Call it where torch records no gradients, as `one_thread` sees to.
    """
    w, b = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in start)
    path, losses, lost_at = [start], [], None
    step = plain_step(torch.optim.SGD([w, b], lr=lr))
    for done, batch in enumerate(islice(order, steps + 1)):
        seen, right = (x, y) if len(batch) == len(x) else (x[batch], y[batch])
        with torch.enable_grad():
            loss = (right - w * seen - b).square().mean()
        gradient = torch.autograd.grad(loss, (w, b))
        w.grad, b.grad = gradient
        step()
        path.append((w.item(), b.item()))
        losses.append(loss.item())
        if max(map(abs, path[-1])) > FAR and done < steps:
            lost_at = done + 1
            break
    return Walk(_doubles(path[:-1]), _doubles(losses[:-1]), batch, torch.stack(gradient), _doubles(path[-1]), lost_at)


def _doubles(numbers: Sequence[object]) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)
