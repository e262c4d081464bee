"""How a classifier answers test examples: its mistakes, a few pictures, and which classes it mixes up."""

import torch
from torch import Tensor

from nnviz.catalog.task import ModelContext
from nnviz.records.readings import Gallery
from nnviz.records.shapes import Ints, Question
from nnviz.training.arrays import numbers, pictures, whole_numbers

PICTURES = 25


def confusion(look: ModelContext, question: Question) -> Ints | None:
    """Count test examples by truth (rows) and prediction (columns)."""
    answers, classes = look.state.answers, look.data.classes
    if answers is None or not classes:
        return None
    return counted(look.data.test_y, answers.argmax(1), len(classes))


def counted(truth: Tensor, predicted: Tensor, classes: int) -> Ints:
    """Count examples by truth (rows) and prediction (columns)."""
    counts = torch.bincount((truth * classes + predicted).flatten(), minlength=classes * classes)
    return whole_numbers(counts.view(classes, classes))


def gallery(look: ModelContext, question: Question) -> Gallery | None:
    """Show the worst of all mistakes on test pictures, worst first."""
    answers, truth = look.state.answers, look.data.test_y
    if answers is None or not look.data.picture or not look.data.classes:
        return None
    right = answers.gather(1, truth.unsqueeze(1)).squeeze(1)
    order = torch.sort(right, stable=True).indices
    worst = order[answers.argmax(1)[order] != truth[order]][:PICTURES]
    return _gallery(look, answers, worst)


def sample(look: ModelContext, question: Question) -> Gallery | None:
    """Show the same few test pictures in the same order, always."""
    answers = look.state.answers
    if answers is None or not look.data.picture or not look.data.classes:
        return None
    chosen = torch.arange(min(PICTURES, len(look.data.test_x)), device=answers.device)
    return _gallery(look, answers, chosen)


def _gallery(look: ModelContext, answers: Tensor, chosen: Tensor) -> Gallery:
    picked = answers[chosen]
    predicted = picked.argmax(1)
    confidence = picked.gather(1, predicted.unsqueeze(1)).squeeze(1)
    return Gallery(
        pictures(look.data, look.data.test_x[chosen]),
        whole_numbers(look.data.test_y[chosen]),
        whole_numbers(predicted),
        numbers(confidence),
    )
