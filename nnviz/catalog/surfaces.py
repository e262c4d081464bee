"""Functions of two numbers to go down on: the classical test surfaces of optimization."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from nnviz.catalog.entry import Entry, Knob, pick
from nnviz.catalog.optimizers import OPTIMIZERS
from nnviz.specs.descent import DescentSpec
from nnviz.specs.experiment import Choice

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Surface:
    """One function to go down on, what is known about it, and where to begin.

    value: heights at x and y, elementwise over equal shapes in float64.  Every argument of a sine or cosine is kept
    within one period, because kernels may round long arguments differently depending on their neighbours.
    """

    formula: str  # LaTeX
    x: tuple[float, float]  # the range that is usually shown
    y: tuple[float, float]
    start: Point
    value: Callable[[Tensor, Tensor], Tensor]
    minima: tuple[Point, ...] = ()  # every place of the lowest value; empty where it has none
    lowest: float | None = None  # the value there
    rates: Mapping[str, float] = field(default_factory=dict)  # learning rates that show something, by optimizer
    lambda_max: float | None = None  # largest curvature, where it is the same everywhere: SGD needs lr < 2 / this


def _rates(
    sgd: float, momentum: float, adagrad: float, adadelta: float, rmsprop: float, adam: float, radam: float
) -> Mapping[str, float]:
    """Spread seven learning rates over the catalogue: near relatives share one.

    RAdam has its own: its first steps are not divided, so that Adam's rate throws it out where slopes are steep.
    """
    kin = dict.fromkeys(("adamw", "adamax", "nadam"), adam)
    own = {"adagrad": adagrad, "adadelta": adadelta, "rmsprop": rmsprop, "adam": adam, "radam": radam}
    return {"sgd": sgd, "momentum": momentum, "nag": momentum, **own, **kin}


def ravine(condition: float) -> Surface:
    """Build a valley that is `condition` times as steep across as along."""
    return Surface(
        formula=rf"f(x, y) = \tfrac{{1}}{{2}}\left(x^2 + {condition:g}\,y^2\right)",
        x=(-5.0, 5.0),
        y=(-3.0, 3.0),
        start=(-4.5, 2.0),
        value=lambda x, y: 0.5 * (x * x + condition * (y * y)),
        minima=((0.0, 0.0),),
        lowest=0.0,
        rates=_rates(1.8 / condition, 0.6 / condition, 0.6, 10.0, 0.04, 0.15, min(0.15, 3 / condition)),
        lambda_max=max(1.0, condition),
    )


def rosenbrock() -> Surface:
    """Build Rosenbrock's curved valley (1960)."""
    return Surface(
        formula=r"f(x, y) = (1 - x)^2 + 100\,(y - x^2)^2",
        x=(-2.0, 2.0),
        y=(-1.0, 3.0),
        start=(-1.2, 1.0),
        value=lambda x, y: (1 - x) * (1 - x) + 100 * _square(y - x * x),
        minima=((1.0, 1.0),),
        lowest=0.0,
        rates=_rates(0.0015, 0.001, 1.0, 20.0, 0.05, 0.3, 0.004),
    )


def beale() -> Surface:
    """Build Beale's function (1958): flat cross valleys between steep corners."""
    return Surface(
        formula=r"f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
        x=(-4.5, 4.5),
        y=(-4.5, 4.5),
        start=(0.3, -0.5),
        value=lambda x, y: (
            _square(1.5 + x * (y - 1)) + _square(2.25 + x * (y * y - 1)) + _square(2.625 + x * (y * y * y - 1))
        ),
        minima=((3.0, 0.5),),
        lowest=0.0,
        rates=_rates(0.03, 0.004, 0.8, 10.0, 0.05, 0.2, 0.05),
    )


def himmelblau() -> Surface:
    """Build Himmelblau's function (1972): four equal minima."""
    return Surface(
        formula=r"f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        x=(-5.5, 5.5),
        y=(-5.5, 5.5),
        start=(0.5, -4.7),
        value=lambda x, y: _square(x * x + y - 11) + _square(x + y * y - 7),
        minima=(
            (3.0, 2.0),
            (-2.8051180869527448, 3.131312518250573),
            (-3.7793102533777469, -3.2831859912861694),
            (3.5844283403304917, -1.8481265269644035),
        ),
        lowest=0.0,
        rates=_rates(0.01, 0.005, 0.8, 5.0, 0.03, 0.3, 0.02),
    )


def rastrigin() -> Surface:
    """Build Rastrigin's function (1974): a bowl full of dents."""
    return Surface(
        formula=r"f(x, y) = 20 + x^2 + y^2 - 10\cos(2\pi x) - 10\cos(2\pi y)",
        x=(-5.12, 5.12),
        y=(-5.12, 5.12),
        start=(2.1, -1.2),
        value=lambda x, y: 20 + x * x + y * y - 10 * _waves(torch.stack((x, y))),
        minima=((0.0, 0.0),),
        lowest=0.0,
        rates=_rates(0.003, 0.004, 1.0, 10.0, 0.1, 0.5, 0.01),
    )


_STYBLINSKI_TANG = -2.903534027771177  # the root of 4 x^3 - 32 x + 5 that lies lowest


def styblinski_tang() -> Surface:
    """Build Styblinski and Tang's function (1990): one lowest basin beside three that are nearly as deep."""
    return Surface(
        formula=r"f(x, y) = \tfrac{1}{2}\left(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y\right)",
        x=(-5.0, 5.0),
        y=(-5.0, 5.0),
        start=(4.5, 4.8),
        value=lambda x, y: _quartic(x) + _quartic(y),
        minima=((_STYBLINSKI_TANG, _STYBLINSKI_TANG),),
        lowest=-78.33233140754282,
        rates=_rates(0.01, 0.01, 0.8, 10.0, 0.05, 0.3, 0.04),
    )


def saddle() -> Surface:
    """Build the plain saddle: a minimum along x, a maximum along y, and no lowest point at all."""
    return Surface(
        formula=r"f(x, y) = x^2 - y^2",
        x=(-2.0, 2.0),
        y=(-2.0, 2.0),
        start=(-1.6, 0.001),
        value=lambda x, y: x * x - y * y,
        rates=_rates(0.03, 0.01, 0.1, 3.0, 0.01, 0.03, 0.03),
    )


def ackley() -> Surface:
    """Build Ackley's function (1987): nearly flat and dented all around one deep funnel with a tip.

    The tip has no slope; autograd finds 0 there.
    """

    def value(x: Tensor, y: Tensor) -> Tensor:
        both = torch.stack((x, y))
        away = torch.linalg.vector_norm(both, dim=0)
        return 20 + math.e - 20 * torch.exp(-math.sqrt(0.02) * away) - torch.exp(0.5 * _waves(both))

    return Surface(
        formula=(
            r"f(x, y) = 20 + e - 20\exp\left(-0.2\sqrt{\tfrac{1}{2}(x^2 + y^2)}\right)"
            r" - \exp\left(\tfrac{1}{2}(\cos 2\pi x + \cos 2\pi y)\right)"
        ),
        x=(-5.0, 5.0),
        y=(-5.0, 5.0),
        start=(4.4, 2.0),
        value=value,
        minima=((0.0, 0.0),),
        lowest=0.0,
        rates=_rates(0.03, 0.01, 1.5, 60.0, 0.1, 0.4, 0.4),
    )


def plateau() -> Surface:
    """Build Geman and McClure's saturating error (1985) of two numbers: a basin in a plain that flattens outwards."""

    def value(x: Tensor, y: Tensor) -> Tensor:
        square = x * x + y * y
        return square / (1 + square)

    return Surface(
        formula=r"f(x, y) = \frac{x^2 + y^2}{1 + x^2 + y^2}",
        x=(-6.0, 6.0),
        y=(-6.0, 6.0),
        start=(-4.5, 2.0),
        value=value,
        minima=((0.0, 0.0),),
        lowest=0.0,
        rates=_rates(0.5, 0.15, 0.5, 3.0, 0.05, 0.15, 0.15),
    )


def _square(part: Tensor) -> Tensor:
    return part * part


def _quartic(x: Tensor) -> Tensor:
    square = x * x
    return 0.5 * (square * square - 16 * square + 5 * x)


def _waves(both: Tensor) -> Tensor:
    """Return cos(2 pi x) + cos(2 pi y), of the parts within half a period around zero, which is exact."""
    return torch.cos((2 * math.pi) * (both - both.detach().round())).sum(0)


_CONDITION = Knob(
    "condition",
    "Condition number",
    20.0,
    1.0,
    1000.0,
    log=True,
    help="How many times as steep the ravine is across as along. SGD needs a learning rate below 2 over this number.",
)

SURFACES: Mapping[str, Entry[Surface]] = {
    "ravine": Entry(
        "Ravine",
        ravine,
        (_CONDITION,),
        "Steep across, gentle along: one learning rate is too much for one direction and too little for the other.",
    ),
    "rosenbrock": Entry(
        "Rosenbrock", rosenbrock, (), "A bent valley: to find its floor is easy, to follow it to the minimum is not."
    ),
    "beale": Entry("Beale", beale, (), "Flat valleys between steep corners: gradients differ by orders of magnitude."),
    "himmelblau": Entry(
        "Himmelblau", himmelblau, (), "Four minima of equal depth: who starts alike need not end alike."
    ),
    "rastrigin": Entry(
        "Rastrigin", rastrigin, (), "A bowl with a dent at every whole number: most of them catch, one is the lowest."
    ),
    "styblinski_tang": Entry(
        "Styblinski-Tang", styblinski_tang, (), "Four basins, one lowest: the distance is to that one."
    ),
    "saddle": Entry(
        "Saddle",
        saddle,
        (),
        "Down along one line to a point that is no minimum, then ever steeper away: it has no lowest value.",
    ),
    "ackley": Entry("Ackley", ackley, (), "A dented plain around a narrow funnel: small steps never leave their dent."),
    "plateau": Entry(
        "Plateau",
        plateau,
        (),
        "Far out the gradient is nearly nothing (Geman and McClure 1985): who divides by it moves on, the others wait.",
    ),
}


def surface_of(choice: Choice) -> Surface:
    """Build a choice's surface; raises ValueError naming the alternatives for one that does not exist."""
    entry = pick("surface", SURFACES, choice)
    return entry.build(**entry.values(choice))


def suggested(surface: Choice, lanes: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Give lanes the learning rates that show something on a surface; their other knobs stay."""
    rates = surface_of(surface).rates
    return tuple(lane.with_knobs(lr=rates[lane.name]) if lane.name in rates else lane for lane in lanes)


def check_descent(spec: DescentSpec) -> DescentSpec:
    """Return the spec if it can be run; raise ValueError naming the value and the alternatives otherwise."""
    pick("surface", SURFACES, spec.surface)
    for lane in spec.lanes:
        pick("optimizer", OPTIMIZERS, lane)
    return spec
