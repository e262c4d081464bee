"""Sequences laid out step by step: sums over long distances, waves and text, drawn from a generator."""

import math

import torch
from torch import Generator, Tensor

from nnviz.catalog.data import Data, Split, drawn
from nnviz.catalog.passage import PASSAGE
from nnviz.specs.experiment import Value
from nnviz.words import errors
from nnviz.words.language import message

SHORTEST, LONGEST = 200, 20_000  # characters of a text
MOST_CHARACTERS = 80  # different ones in a text
PERIODS = (6.0, 18.0)  # steps, of a wave's fast and slow sine at the least; twice that at the most


@drawn(sequence=lambda steps: (steps, 2))
def adding(generator: Generator, size: int, steps: int, test_share: float) -> Split:
    """Draw the adding problem: a number from 0 to 1 and a marker at each step; y is the sum of the two marked numbers.

    One marker stands in the first half and one in the second (after Hochreiter and Schmidhuber 1997, section 5.4).
    Always answering 1 gives a mean squared error of 1/6, the variance of the sum.
    """
    numbers = torch.rand(size, steps, generator=generator)
    first = torch.randint(0, steps // 2, (size, 1), generator=generator)
    second = torch.randint(steps // 2, steps, (size, 1), generator=generator)
    marked = torch.cat([first, second], 1)
    markers = torch.zeros(size, steps).scatter_(1, marked, 1.0)
    y = numbers.gather(1, marked).sum(1, keepdim=True)
    x = torch.stack([numbers, markers], 2).flatten(1)
    tests = round(size * test_share)  # the sequences were drawn one like the other: the first are as good as any
    return x[tests:], y[tests:], x[:tests], y[:tests]


@drawn(sequence=lambda steps: (steps, 1))
def waves(generator: Generator, size: int, steps: int, noise: float, test_share: float) -> Split:
    """Draw windows of one fast and one slow sine; y is the next value; noise: std added to every value.

    The periods are drawn once and the phases anew for every window. The variance of a wave is 1, and the squared noise
    is the smallest mean squared error that can be hoped for.
    """
    periods = torch.tensor(PERIODS) * (1 + torch.rand(2, generator=generator))
    phases = torch.rand(size, 2, 1, generator=generator)
    angle = 2 * math.pi * (torch.arange(steps + 1) / periods[:, None] + phases)  # (windows, sines, steps)
    values = angle.sin().sum(1) + noise * torch.randn(size, steps + 1, generator=generator)
    x, y = values[:, :-1].contiguous(), values[:, -1:]
    tests = round(size * test_share)  # the windows were drawn one like the other: the first are as good as any
    return x[tests:], y[tests:], x[:tests], y[:tests]


def text(generator: Generator, passage: str, steps: int, test_share: float) -> Data:
    """Cut a passage ("": the built-in one) into windows; y is the next character at every step.

    The last part of the passage is for testing. Raises ValueError where a passage is too short, too long or too varied.
    """
    characters = checked(passage) if passage else PASSAGE
    classes = tuple(sorted(set(characters)))
    count, tests = len(characters), round(len(characters) * test_share)
    if min(tests, count - tests) <= steps:
        few = message(errors.DATA["windows"], count=count, share=test_share, steps=steps, least=steps + 1)
        raise ValueError(few)
    return Data(*read(generator, characters, steps, test_share), classes, sequence=(steps, 1))


def read(generator: Generator, passage: str, steps: int, test_share: float) -> Split:
    """Cut a passage into windows of character codes; the last part of it is for testing."""
    letters = PASSAGE if passage == "" else passage
    classes = sorted(set(letters))
    codes = torch.tensor([classes.index(letter) for letter in letters])
    tests = round(len(codes) * test_share)
    train_x, train_y = windows(codes[:-tests], steps, generator)
    test_x, test_y = windows(codes[-tests:], steps, generator)
    return train_x, train_y, test_x, test_y


def passage(value: Value) -> str:
    """Return a knob's text in its canonical form; "" is the built-in passage."""
    return checked(str(value)) if str(value).strip() else ""


def checked(passage: str) -> str:
    """Return a pasted passage with plain line ends; raises ValueError where a network could not learn from it."""
    plain = passage.replace("\r\n", "\n").strip()
    if not SHORTEST <= len(plain) <= LONGEST:
        raise ValueError(message(errors.DATA["length"], count=len(plain), least=SHORTEST, most=LONGEST))
    different = len(set(plain))
    if not 2 <= different <= MOST_CHARACTERS:
        raise ValueError(message(errors.DATA["different"], count=different, most=MOST_CHARACTERS))
    return plain


def windows(codes: Tensor, steps: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Cut all windows, in random order, with the characters one step later."""
    cut = codes.unfold(0, steps + 1, 1)
    cut = cut[torch.randperm(len(cut), generator=generator)]
    return cut[:, :-1].float(), cut[:, 1:].contiguous()
