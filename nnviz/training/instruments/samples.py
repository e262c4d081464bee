"""What a generator makes from fixed noise, and how the discriminator judges it."""

import math

import torch
from torch import Tensor

from nnviz.catalog.generate import critic, make
from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import Floats, Question, Sheet, Spreads
from nnviz.training.arrays import numbers
from nnviz.training.instruments.brightness import brightness
from nnviz.words.language import message
from nnviz.words.readings import VERDICTS

JUDGED = 500  # examples of each kind
BINS = 40
SCORE, PROBABILITY, REAL, MADE = (message(VERDICTS[name]) for name in ("score", "probability", "real", "made"))
_SMALL_PIXELS = 256
_SHEETS = (40, 10), (21, 7)  # pictures and how many stand side by side: small ones, large ones


def samples(look: ModelContext, question: Question) -> Sheet | None:
    """Show pictures made from the same noise at every moment."""
    if look.data.picture is None:
        return None
    count, across = _SHEETS[math.prod(look.data.picture) > _SMALL_PIXELS]
    return Sheet(brightness(look.data, make(look.model, count, look.noise, look.data.test_x)), across)


def verdicts(look: ModelContext, question: Question) -> Spreads:
    """Count what the discriminator says of examples from the test set and of made ones."""
    x = look.data.test_x[:JUDGED]
    made = make(look.model, len(x), look.noise, x)
    said = judged(look, x), judged(look, made)
    edges = torch.linspace(*_ends(look, torch.cat(said)), BINS + 1)
    shares = tuple(_shares(each, edges) for each in said)
    return Spreads(numbers(edges), shares, (REAL, MADE), PROBABILITY if is_probability(look) else SCORE)


def is_probability(look: ModelContext) -> bool:
    """Tell whether a score is the log odds of being real."""
    return look.loss.versus is not None and look.loss.versus.is_logit


def judged(look: ModelContext, x: Tensor) -> Tensor:
    """Return the discriminator's verdict on each example: a probability where its score is one's log odds."""
    scores: Tensor = critic(look.model)(x)[:, 0]
    return scores.sigmoid() if is_probability(look) else scores


def _ends(look: ModelContext, said: Tensor) -> tuple[float, float]:
    """Return where the bins end: for scores at whole steps of a size that suits them, so that they seldom move."""
    if is_probability(look):
        return 0.0, 1.0
    low, high = said.aminmax()
    step = 2.0 ** math.ceil(math.log2(max((high - low).item(), 1e-3)) - 1)
    return step * math.floor(low.item() / step), step * math.ceil(high.item() / step + 1e-6)


def _shares(said: Tensor, edges: Tensor) -> Floats:
    """Return the share of verdicts in each bin."""
    return numbers(torch.histogram(said.cpu(), edges).hist / max(1, len(said)))
