"""How the answers to a few fixed test examples change while a network learns."""

from torch import Tensor

from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import LayerNumbers, Question
from nnviz.training.arrays import floats
from nnviz.words.language import Message, message
from nnviz.words.readings import WITNESSES

COUNT = 8  # test examples


def witnesses(look: ModelContext, question: Question) -> LayerNumbers | None:
    """Return the probability given to the truth of the first eight test examples, or the first number answered."""
    state, truth = look.state, look.data.test_y[:COUNT]
    answers = state.ask(COUNT) if state.answers is None else state.answers
    if answers is None or answers.dim() != 2:
        return None
    classes = look.data.classes
    if not classes:
        return LayerNumbers(_names([f"{value:.3g}" for value in _first(truth)]), floats(_first(answers[:COUNT])))
    if truth.dim() != 1:
        return None
    given = answers[:COUNT].gather(1, truth.unsqueeze(1)).squeeze(1)
    return LayerNumbers(_names([classes[int(each)] for each in truth]), floats(given.tolist()))


def _first(values: Tensor) -> list[float]:
    found: list[float] = values.reshape(len(values), -1)[:, 0].tolist()
    return found


def _names(truths: list[str]) -> tuple[Message, ...]:
    return tuple(message(WITNESSES["example"], number=at, truth=truth) for at, truth in enumerate(truths, 1))
