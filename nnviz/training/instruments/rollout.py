"""What a recurrent network answers and how it goes on: sums, forecasts, and a text of its own."""

from typing import cast

import torch

from nnviz.catalog.networks.generation import continue_text, roll_out
from nnviz.catalog.networks.recurrent import Recurrent
from nnviz.catalog.task import ModelContext
from nnviz.records.shapes import Cloud, Lines, Question, Script
from nnviz.training.arrays import numbers, whole_numbers
from nnviz.training.instruments.instrument import place_of
from nnviz.words.language import message
from nnviz.words.readings import STEPS

_SHOWN = 200  # sums
_SKIPPED = 4  # steps before the first forecast is shown: a network knows nothing of a wave yet
_GIVEN, _WRITTEN = 24, 180  # characters
_TEMPERATURE = 0.5


def sums(look: ModelContext, question: Question) -> Cloud | None:
    """Return answers against the truth where each example has features beside each other and one number to give."""
    if look.data.sequence is None or look.data.sequence[1] != 2:
        return None
    x, y = look.data.test_x[:_SHOWN], look.data.test_y[:_SHOWN]
    points = numbers(torch.cat([y, look.loss.answer(look.model(x))], 1))
    classes = whole_numbers(torch.zeros(len(y), dtype=torch.int64))
    ends = (-0.1, 2.1)
    return Cloud(
        points, classes, (message(STEPS["example"]),), ends, ends, message(STEPS["sum"]), message(STEPS["answer"])
    )


def forecast(look: ModelContext, question: Question) -> Lines | None:
    """Return a series with the forecast made one step before each value, and the forecasts that feed on themselves."""
    net = cast(Recurrent, look.model)
    if look.data.sequence is None or look.data.sequence[1] != 1 or look.data.classes:
        return None
    place = place_of(look, question)
    window, after = look.data.test_x[place : place + 1], look.data.test_y[place]
    states, _ = net.rnn(net.sequence(window))
    one = look.loss.answer(net.head(states[0]))[:, 0]
    on = roll_out(net, window, window.shape[1])[0]
    steps, count = window.shape[1], 2 * window.shape[1]
    line = torch.full((3, count), torch.nan)
    line[0, : steps + 1] = torch.cat([window[0], after[:1]])
    line[1, 1 + _SKIPPED : steps + 1] = one[_SKIPPED:]
    line[2, steps:] = on[: count - steps]
    names = tuple(message(STEPS[name]) for name in ("series", "forecast", "going_on"))
    step, value = message(STEPS["step"]), message(STEPS["value"])
    return Lines(numbers(torch.arange(1, count + 1)), tuple(map(numbers, line)), names, step, value, y_range=(-3, 3))


def generated(look: ModelContext, question: Question) -> Script | None:
    """Return a text that goes on after the first characters of the test part, drawn with the same noise every time."""
    net = cast(Recurrent, look.model)
    if not net.is_every_step:
        return None
    start = look.data.test_x[0, :_GIVEN].long()
    drawn = continue_text(net, start, _WRITTEN, look.noise.generator, _TEMPERATURE)
    letters = look.data.classes
    return Script("".join(letters[at] for at in start.tolist()), "".join(letters[at] for at in drawn))
