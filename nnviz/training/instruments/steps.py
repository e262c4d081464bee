"""What a recurrent network does step by step: its gates, its gradients' way back, and what it has understood so far."""

from typing import cast

import torch
from torch import Tensor

from nnviz.catalog.networks.recurrent import Recurrent
from nnviz.catalog.networks.unrolled import GATES, gradients, unroll
from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import Floats, Grids, Lines, Question
from nnviz.training.arrays import numbers
from nnviz.training.instruments.instrument import place_of
from nnviz.words.language import message
from nnviz.words.readings import STEPS

_PROBED = 64  # test examples whose gradients are averaged
_UNITS = 32  # rows of a table of gates
_FLOW = (1e-16, 1e4)  # norms shown


def gradient_flow(look: ModelContext, question: Question) -> Lines | None:
    """Return how strongly the loss of the last answer depends on the state after each step, mean L2 over examples.

    For an LSTM also on its cell, whose way back leads through the forget gate alone.
    """
    net = cast(Recurrent, look.model)
    x, y = look.data.test_x[:_PROBED], look.data.test_y[:_PROBED]
    with torch.enable_grad():
        seen = unroll(net.rnn, net.sequence(x).detach())
        loss = look.loss.value(
            net.head(seen.states[-1]), y[:, -1] if net.is_every_step else look.loss.target(y, look.data)
        )
        norms = [numbers(_norms(gradients(loss, nodes))) for nodes in (seen.states, seen.cells) if nodes]
    steps = numbers(torch.arange(1, len(seen.states) + 1))
    names = tuple(message(STEPS[name]) for name in ("state", "cell"))[: len(norms)]
    step, norm = message(STEPS["step"]), message(STEPS["gradient_norm"])
    return Lines(steps, tuple(norms), names, step, norm, is_log=True, y_range=_FLOW)


def _norms(found: Tensor) -> Tensor:
    """Return the mean L2 norm over examples at each step, of (examples, steps, hidden)."""
    means: Tensor = torch.linalg.vector_norm(found, dim=2).mean(0)
    return means


def gates(look: ModelContext, question: Question) -> Grids | None:
    """Return what every gate does at every step of one test example, below what is read; a plain cell has its state."""
    net = cast(Recurrent, look.model)
    x = _example(look, question)
    seen = unroll(net.rnn, net.sequence(x))
    found = {name: seen.gates[name] for name in GATES} if seen.gates else {"state": seen.output}
    tables = tuple(numbers(table[0, :, :_UNITS].t()) for table in found.values())
    read = numbers(net.sequence(x)[0].t())
    titles = tuple(message(STEPS[name]) for name in ("read", *found))
    step, unit = message(STEPS["step"]), message(STEPS["unit"])
    return Grids((read, *tables), titles, step, unit, is_signed=True, low=-1.0, high=1.0)


def _example(look: ModelContext, question: Question) -> Tensor:
    place = place_of(look, question)
    return look.data.test_x[place : place + 1]


def reading(look: ModelContext, question: Question) -> Grids | None:
    """Return what a reader of rows takes the picture for after each row: its class probabilities, (classes, rows)."""
    net = cast(Recurrent, look.model)
    if look.data.picture is None:
        return None
    x = _example(look, question)
    states, _ = net.rnn(net.sequence(x))
    shares = look.loss.answer(net.head(states[0])).clamp(0, 1)
    truth = look.data.classes[int(look.data.test_y[place_of(look, question)])]
    title, rows = message(STEPS["title"], name=truth), message(STEPS["rows"])
    return Grids((_shares(shares),), (title,), rows, message(STEPS["class"]), low=0.0, high=1.0, rows=look.data.classes)


def _shares(shares: Tensor) -> Floats:
    return numbers(shares.t())
