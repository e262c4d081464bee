import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from nnviz.catalog.data import Data
from nnviz.catalog.passage import PASSAGE
from nnviz.catalog.sequences import adding, checked, text, waves


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def tensors(data: Data) -> list[Tensor]:
    return [data.train_x, data.train_y, data.test_x, data.test_y]


def texts(data: Data, codes: Tensor) -> list[str]:
    return ["".join(data.classes[int(code)] for code in row) for row in codes]


@pytest.mark.parametrize(
    "build",
    [
        lambda g: adding(g, 100, 20, 0.2),
        lambda g: waves(g, 100, 24, 0.1, 0.2),
        lambda g: text(g, "", 32, 0.15),
    ],
    ids=["adding", "waves", "text"],
)
def test_a_seed_gives_the_same_sequences_and_another_seed_others(build: Callable[[torch.Generator], Data]) -> None:
    one, again, other = build(generator()), build(generator()), build(generator(2))
    assert all(torch.equal(a, b) for a, b in zip(tensors(one), tensors(again), strict=True))
    assert not torch.equal(one.train_x, other.train_x)
    assert all(values.is_contiguous() for values in (one.train_x, one.test_x))
    assert one.train_x.dtype == torch.float32
    assert one.sequence is not None
    assert one.inputs == math.prod(one.sequence)


def test_adding_marks_two_numbers_and_asks_for_their_sum() -> None:
    data = adding(generator(), 500, 20, 0.2)
    assert (data.train_x.shape, data.test_y.shape, data.sequence) == ((400, 40), (100, 1), (20, 2))
    numbers, markers = data.train_x.view(-1, 20, 2).unbind(2)
    assert ((numbers >= 0) & (numbers <= 1)).all()
    assert markers[:, :10].sum(1).eq(1).all()
    assert markers[:, 10:].sum(1).eq(1).all()
    torch.testing.assert_close((numbers * markers).sum(1, keepdim=True), data.train_y)


@pytest.mark.parametrize("steps", [2, 3, 50])
def test_adding_has_the_variance_of_two_uniform_numbers(steps: int) -> None:
    y = adding(generator(), 20_000, steps, 0.5).train_y
    assert (y - 1).square().mean().item() == pytest.approx(1 / 6, abs=0.006)


def test_waves_go_on_one_step_after_their_window() -> None:
    data = waves(generator(), 300, 40, 0.0, 0.5)
    assert (data.train_x.shape, data.train_y.shape, data.sequence) == ((150, 40), (150, 1), (40, 1))
    whole = torch.cat([data.train_x, data.train_y], 1).double()
    # A sum of two sines of fixed periods obeys one linear equation of four terms.
    pieces = whole.unfold(1, 5, 1).flatten(0, 1)
    solution = torch.linalg.lstsq(pieces[:, :4], pieces[:, 4:]).solution
    assert (pieces[:, :4] @ solution - pieces[:, 4:]).abs().max() < 1e-3
    assert whole.square().mean().item() == pytest.approx(1, abs=0.1)


def test_noise_is_added_to_every_value_of_a_wave() -> None:
    noisy, clean = (waves(generator(), 1000, 30, noise, 0.5) for noise in (0.3, 0.0))
    assert (noisy.train_x - clean.train_x).std().item() == pytest.approx(0.3, rel=0.02)
    assert (noisy.train_y - clean.train_y).std().item() == pytest.approx(0.3, rel=0.1)


def test_a_text_is_cut_into_windows_with_the_next_character_at_every_step() -> None:
    data = text(generator(), "", 32, 0.15)
    assert data.classes == tuple(sorted(set(PASSAGE)))
    assert (data.sequence, data.train_y.dtype) == ((32, 1), torch.int64)
    assert torch.equal(data.train_x[:, 1:].long(), data.train_y[:, :-1])
    tests = round(0.15 * len(PASSAGE))
    assert sorted(texts(data, data.train_x)) == sorted(windows(PASSAGE[: -tests - 1], 32))
    assert sorted(texts(data, data.train_y)) == sorted(windows(PASSAGE[1:-tests], 32))
    assert sorted(texts(data, data.test_x)) == sorted(windows(PASSAGE[-tests:-1], 32))


def windows(passage: str, steps: int) -> list[str]:
    return [passage[start : start + steps] for start in range(len(passage) - steps + 1)]


def test_a_pasted_text_replaces_the_built_in_one() -> None:
    data = text(generator(), "abcd\r\n" * 50, 16, 0.2)
    assert data.classes == ("\n", "a", "b", "c", "d")


@pytest.mark.parametrize(
    ("passage", "problem"),
    [
        ("ab" * 99 + "   ", "198 characters, not 200 to 20,000"),
        ("ab" * 10_001, "20,002 characters, not 200 to 20,000"),
        ("a" * 300, "1 different characters, not 2 to 80"),
        ("".join(chr(0x4E00 + n) for n in range(81)) * 3, "81 different characters, not 2 to 80"),
    ],
)
def test_a_passage_that_cannot_be_learned_is_refused_with_the_limit(passage: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        checked(passage)


@pytest.mark.parametrize("test_share", [0.0, 0.1, 0.9])
def test_a_text_too_short_for_its_windows_is_refused(test_share: float) -> None:
    with pytest.raises(ValueError, match="too few for windows of 64 steps"):
        text(generator(), "abcd" * 60, 64, test_share)
