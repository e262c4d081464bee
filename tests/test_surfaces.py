"""Every surface against its textbook: formula, slopes, minima, and a start that shows something."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from nnviz.catalog import OPTIMIZERS, SURFACES
from nnviz.catalog.surfaces import Surface, suggested, surface_of
from nnviz.records.run import Doubles
from nnviz.specs.descent import LANES
from nnviz.specs.experiment import Choice

CHOICES = [Choice(name) for name in SURFACES] + [Choice.of("ravine", condition=value) for value in (1, 3.5, 1000)]
EACH = pytest.mark.parametrize("choice", CHOICES, ids=str)
WITH_MINIMA = pytest.mark.parametrize("choice", [c for c in CHOICES if surface_of(c).minima], ids=str)

FORMULAS: dict[str, Callable[[Doubles, Doubles], Any]] = {
    "ravine": lambda x, y: (x**2 + 20 * y**2) / 2,
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "beale": lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "rastrigin": lambda x, y: 20 + x**2 + y**2 - 10 * np.cos(2 * np.pi * x) - 10 * np.cos(2 * np.pi * y),
    "styblinski_tang": lambda x, y: (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
    "saddle": lambda x, y: x**2 - y**2,
    "ackley": lambda x, y: (
        20
        + np.e
        - 20 * np.exp(-0.2 * np.sqrt((x**2 + y**2) / 2))
        - np.exp((np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)) / 2)
    ),
    "plateau": lambda x, y: (x**2 + y**2) / (1 + x**2 + y**2),
}
TEXTBOOK = [
    ("rosenbrock", 1, 1, 0),
    ("rosenbrock", -1.2, 1, 24.2),
    ("beale", 3, 0.5, 0),
    ("beale", 0, 0, 14.203125),
    ("himmelblau", 3, 2, 0),
    ("himmelblau", -2.805118, 3.131312, 0),
    ("himmelblau", -3.779310, -3.283186, 0),
    ("himmelblau", 3.584428, -1.848126, 0),
    ("himmelblau", -0.270845, -0.923039, 181.616522),
    ("rastrigin", 0, 0, 0),
    ("rastrigin", 4.52299366, 4.52299366, 80.70658),
    ("styblinski_tang", -2.903534, -2.903534, -78.33233),
    ("ackley", 0, 0, 0),
    ("saddle", 0, 0, 0),
    ("plateau", 1, 0, 0.5),
    ("ravine", 1, 1, 10.5),
]


def drawn(surface: Surface, count: int = 300) -> tuple[Tensor, Tensor]:
    """Draw places in a surface's domain, always the same."""
    shares = torch.rand(2, count, dtype=torch.float64, generator=torch.Generator().manual_seed(7))
    x, y = (low + share * (high - low) for share, (low, high) in zip(shares, (surface.x, surface.y), strict=True))
    return x, y


def slopes(surface: Surface, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return autograd's gradient."""
    x, y = x.clone().requires_grad_(), y.clone().requires_grad_()
    dx, dy = torch.autograd.grad(surface.value(x, y).sum(), (x, y))
    return dx, dy


@EACH
def test_slopes_are_those_of_central_differences(choice: Choice) -> None:
    surface = surface_of(choice)
    x, y = drawn(surface)
    h = 1e-5
    by_hand = (
        (surface.value(x + h, y) - surface.value(x - h, y)) / (2 * h),
        (surface.value(x, y + h) - surface.value(x, y - h)) / (2 * h),
    )
    noise = 1e-10 * float(surface.value(x, y).abs().max())  # rounding of the heights, over h
    for found, expected in zip(slopes(surface, x, y), by_hand, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-6 + noise)


@pytest.mark.parametrize("name", SURFACES)
def test_heights_are_those_of_the_formula_written_out_in_numpy(name: str) -> None:
    surface = surface_of(Choice(name))
    x, y = drawn(surface)
    np.testing.assert_allclose(surface.value(x, y).numpy(), FORMULAS[name](x.numpy(), y.numpy()), rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize(("name", "x", "y", "value"), TEXTBOOK)
def test_textbook_values(name: str, x: float, y: float, value: float) -> None:
    places = (torch.tensor([float(part)], dtype=torch.float64) for part in (x, y))
    assert surface_of(Choice(name)).value(*places).item() == pytest.approx(value, rel=1e-6, abs=1e-9)


@WITH_MINIMA
def test_known_minima_are_flat_and_as_low_as_is_said(choice: Choice) -> None:
    surface = surface_of(choice)
    x, y = torch.tensor(surface.minima, dtype=torch.float64).T.contiguous()
    assert surface.lowest is not None
    assert surface.value(x, y).tolist() == pytest.approx([surface.lowest] * len(x), abs=1e-13)
    for slope in slopes(surface, x, y):
        assert slope.abs().max().item() < 1e-12


@WITH_MINIMA
def test_around_a_minimum_everything_is_higher_and_nothing_drawn_is_lower(choice: Choice) -> None:
    surface = surface_of(choice)
    assert surface.lowest is not None
    angle = torch.arange(0, 2 * torch.pi, 0.1, dtype=torch.float64)
    for x, y in surface.minima:
        for away in (1e-3, 1e-2, 0.1):
            ring = surface.value(x + away * angle.cos(), y + away * angle.sin())
            assert ring.min().item() > surface.lowest
    assert surface.value(*drawn(surface, 100_000)).min().item() >= surface.lowest - 1e-13


def test_himmelblau_has_four_minima_and_a_saddle_none() -> None:
    assert len(set(surface_of(Choice("himmelblau")).minima)) == 4
    assert surface_of(Choice("saddle")).minima == ()
    assert surface_of(Choice("saddle")).lowest is None


@EACH
def test_the_usual_start_lies_in_the_picture_and_has_a_slope(choice: Choice) -> None:
    surface = surface_of(choice)
    x, y = surface.start
    assert surface.x[0] < x < surface.x[1]
    assert surface.y[0] < y < surface.y[1]
    slope = slopes(surface, *(torch.tensor([part], dtype=torch.float64) for part in surface.start))
    assert sum(part.abs().item() for part in slope) > 0.01


@pytest.mark.parametrize("condition", [1, 20, 1000])
def test_the_ravines_largest_curvature_is_its_steepest_second_derivative(condition: float) -> None:
    surface = surface_of(Choice.of("ravine", condition=condition))
    h = torch.tensor([1.0], dtype=torch.float64)
    flat = torch.zeros_like(h)
    second = [
        (surface.value(*move(h)) + surface.value(*move(-h)) - 2 * surface.value(flat, flat)).item()
        for move in (lambda step: (step, flat), lambda step: (flat, step))
    ]
    assert surface.lambda_max == max(second) == condition


@EACH
def test_every_optimizer_has_a_learning_rate_that_its_knob_allows(choice: Choice) -> None:
    rates = surface_of(choice).rates
    assert rates.keys() == OPTIMIZERS.keys()
    for lane in suggested(choice, tuple(map(Choice, OPTIMIZERS))):
        assert OPTIMIZERS[lane.name].values(lane)["lr"] == rates[lane.name]


def test_the_default_lanes_take_the_ravines_learning_rates() -> None:
    assert suggested(Choice("ravine"), LANES) == LANES


def test_suggested_rates_leave_the_other_knobs_alone() -> None:
    (lane,) = suggested(Choice("beale"), (Choice.of("adam", lr=5, beta1=0.3),))
    assert lane == Choice.of("adam", lr=surface_of(Choice("beale")).rates["adam"], beta1=0.3)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice("bowl"), r"no surface 'bowl'; choose one of ravine, rosenbrock, beale"),
        (Choice.of("beale", condition=3), "beale has no knob 'condition'; its knobs are: none"),
        (Choice.of("ravine", condition=0.5), "condition must be a number from 1 to 1000, not 0.5"),
    ],
)
def test_a_surface_that_does_not_exist_is_refused_with_the_alternatives(choice: Choice, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        surface_of(choice)
