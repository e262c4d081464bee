"""A density of the plane as its generator makes it, over what the discriminator says of every place."""

import torch
from torch import Tensor

from nnviz.catalog.generate import COMPARED, make
from nnviz.catalog.modes import modes_covered
from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import Landscape, Question, Words
from nnviz.training.arrays import numbers
from nnviz.training.instruments.samples import MADE, PROBABILITY, REAL, SCORE, is_probability, judged
from nnviz.words.language import message
from nnviz.words.readings import VERDICTS

GRID = 28  # rows and columns of the field
SHOWN = 250  # points of each kind: a kept record stays small
_ROOM = 0.25  # of the data's extent, on each side


def density(look: ModelContext, question: Question) -> Landscape | None:
    """Show real and made points of the plane, the discriminator's field, and which modes the made ones cover."""
    if look.data.inputs != 2:
        return None
    made = make(look.model, COMPARED, look.noise, look.data.test_x)
    low, high = _window(look.data.train_x)
    x, y = (torch.linspace(a, b, GRID) for a, b in zip(low, high, strict=True))
    grid = torch.cartesian_prod(y, x).flip(1).to(made.device)
    places, is_reached, note = _reached(look, made)
    labels = {
        "heights": PROBABILITY if is_probability(look) else SCORE, "given": REAL, "made": MADE, "note": note,
    }  # fmt: skip
    return Landscape(
        (low[0], high[0]), (low[1], high[1]), numbers(judged(look, grid).view(GRID, GRID)),
        numbers(look.data.test_x[:SHOWN]), numbers(made[:SHOWN]), numbers(places), is_reached.cpu().numpy(), labels,
        (0.0, 1.0) if is_probability(look) else None,
    )  # fmt: skip


def _window(x: Tensor) -> tuple[list[float], list[float]]:
    """Return a corner and the opposite one of a window that holds the data and some room around."""
    low, high = x.aminmax(dim=0)
    room = _ROOM * (high - low)
    return (low - room).tolist(), (high + room).tolist()


def _reached(look: ModelContext, made: Tensor) -> tuple[Tensor, Tensor, Words]:
    """Return the known modes, which are covered, and their number in words; nothing where none are known."""
    modes = look.data.modes
    if modes is None:
        return torch.empty(0, 2), torch.empty(0, dtype=torch.bool), ""
    found = modes_covered(made, modes.to(made.device), look.data.spread)
    note = message(VERDICTS["modes"], covered=found.covered, count=len(modes), quality=100 * found.quality)
    return modes, found.is_covered, note
