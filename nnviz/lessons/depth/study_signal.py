"""Activations, their slopes, and what becomes of a signal in a deep network that nobody has trained."""

import threading
from dataclasses import dataclass

import torch
from cachetools import LRUCache
from torch import Generator, Tensor

from nnviz.catalog.activations import ACTIVATIONS, Activation
from nnviz.catalog.initializers import INITIALIZERS
from nnviz.lessons.depth.results import Bend, Depths, Signal
from nnviz.lessons.depth.state import BENDS, MOST_DEPTH, State
from nnviz.records.run import Doubles
from nnviz.specs.experiment import Choice

WIDTH = 128
EXAMPLES = 32
REACH = 5.0  # of the curves
STEEPEST = {"tanh": 1.0, "sigmoid": 0.25}  # these two saturate, at both ends
SLOPE_AT_ZERO = {"sigmoid": 0.25, "gelu": 0.5, "silu": 0.5}
FLAT = 1 - 0.97**2  # of the steepest slope: tanh has it at 0.97
DEAD = 0.005  # a unit whose slope is smaller for every example learns nothing
MOST_PASSES = 20
MOST_SIGNALS = 500


@dataclass(frozen=True, slots=True)
class Pass:
    """A batch sent through MOST_DEPTH layers, with what the way back needs."""

    weights: Tensor  # (layers, out, in), single precision
    slopes: Tensor  # (layers, examples, units)
    forward: Doubles
    between: Doubles
    asleep: Doubles


class Signals:
    """Sends signals through deep networks and keeps what became of the last ones; from any thread."""

    def __init__(self) -> None:
        self._passes: LRUCache[tuple[Choice, str, int], Pass] = LRUCache(MOST_PASSES)
        self._signals: LRUCache[tuple[Choice, str, int, int], Signal] = LRUCache(MOST_SIGNALS)
        self._lock = threading.Lock()

    def signal(self, initializer: Choice, act: str, depth: int, draw: int) -> Signal:
        """Return what becomes of a signal in the first `depth` layers."""
        key = (initializer, act, depth, draw)
        with self._lock:
            found = self._signals.get(key) or self._follow(*key)
            self._signals[key] = found
            return found

    def _follow(self, initializer: Choice, act: str, depth: int, draw: int) -> Signal:
        key = (initializer, act, draw)
        found = self._passes.get(key) or send(initializer, act, draw)
        self._passes[key] = found
        kept = slice(depth + 1)
        return Signal(found.forward[kept], found.between[kept], come_back(found, depth, draw), found.asleep[:depth])


def study_signal(state: State, signals: Signals) -> Depths:
    """Follow the signal under every initialiser, and say what the papers predict for the chosen one."""
    named = {name: initializer_of(state, name) for name in INITIALIZERS}
    factor, paper = predicted(state)
    return Depths(
        bend=bend_of(state),
        signals={name: signals.signal(each, state.act, state.depth, state.draw) for name, each in named.items()},
        chosen=state.init,
        width=WIDTH,
        depth=state.depth,
        variance=variance_of(state),
        factor=factor,
        paper=paper,
    )


def initializer_of(state: State, name: str) -> Choice:
    """Name an initialiser with the reader's spread where it has one."""
    return Choice.of(name, std=state.std) if name == "normal" else Choice(name)


def variance_of(state: State) -> float:
    """Return the variance of one weight that the chosen initialiser promises, for as many inputs as outputs."""
    kind = state.init.partition("_")[0]
    known = {"he": 2 / WIDTH, "glorot": 1 / WIDTH, "orthogonal": 1 / WIDTH, "torch": 1 / (3 * WIDTH), "zeros": 0.0}
    return known.get(kind, state.std**2)


def predicted(state: State) -> tuple[float, str]:
    """Return the predicted factor of the mean square by layer, and who predicts it."""
    whole = WIDTH * variance_of(state)
    match state.act:
        case "tanh":
            return whole, "glorot"  # eq. 5 there: units in their linear part
        case "relu" | "leaky_relu":
            slope = 0.0 if state.act == "relu" else 0.01
            return whole * (1 + slope**2) / 2, "he"  # eq. 8 and 15 there
        case _:
            return whole * SLOPE_AT_ZERO[state.act] ** 2, "small"


def bend_of(state: State) -> Bend:
    """Evaluate every activation and, by autograd, its slope."""
    places = torch.linspace(-REACH, REACH, 201, dtype=torch.float64)
    curves = {name: _with_slope(_activation(name), places) for name in BENDS}
    value, slope = _with_slope(_activation(state.act), torch.tensor([state.x], dtype=torch.float64))
    return Bend(
        name=state.act,
        places=places.numpy(),
        values={name: curve[0].numpy() for name, curve in curves.items()},
        slopes={name: curve[1].numpy() for name, curve in curves.items()},
        x=state.x,
        value=value.item(),
        slope=slope.item(),
    )


def _activation(name: str) -> Activation:
    entry = ACTIVATIONS[name]
    return entry.build(**entry.values(Choice(name)))


def _with_slope(activation: Activation, x: Tensor) -> tuple[Tensor, Tensor]:
    leaf = x.detach().requires_grad_()
    with torch.enable_grad():
        value = activation.forward(leaf)
        (slope,) = torch.autograd.grad(value.sum(), leaf)
    return value.detach(), slope


def send(initializer: Choice, act: str, draw: int) -> Pass:
    """Draw MOST_DEPTH layers and send EXAMPLES Gaussian inputs through them, in double precision."""
    weights, biases = draw_layers(initializer, draw)
    activation = _activation(act)
    x = noise(draw, 1)
    values, slopes = [x], []
    for weight, bias in zip(weights, biases, strict=True):
        x, slope = _with_slope(activation, torch.addmm(bias.double(), x, weight.double().T))
        values.append(x)
        slopes.append(slope)
    return Pass(
        weights=weights,
        slopes=torch.stack(slopes),
        forward=_series([value.square().mean() for value in values]),
        between=_series([value.var(0).mean() for value in values]),
        asleep=_series([_asleep(slope, act) for slope in slopes]),
    )


def draw_layers(initializer: Choice, draw: int) -> tuple[Tensor, Tensor]:
    """Draw the weights (layers, out, in) and biases with the catalogue's own function, from a generator for each."""
    entry = INITIALIZERS[initializer.name]
    fill, generator = entry.build(**entry.values(initializer)), Generator().manual_seed(draw)
    weights, biases = torch.empty(MOST_DEPTH, WIDTH, WIDTH), torch.empty(MOST_DEPTH, WIDTH)
    for weight, bias in zip(weights, biases, strict=True):
        fill(weight, bias, generator)
    return weights, biases


def noise(draw: int, kind: int) -> Tensor:
    """Draw standard Gaussian numbers: what goes in (1), or the gradient that comes in from behind (2)."""
    generator = Generator().manual_seed(1000 * kind + draw)
    return torch.randn(EXAMPLES, WIDTH, generator=generator, dtype=torch.float64)


def come_back(sent: Pass, depth: int, draw: int) -> Doubles:
    """Carry a gradient of mean square 1 from layer `depth` back to the inputs: the mean square at each layer."""
    gradient = noise(draw, 2)
    squares = [gradient.square().mean()]
    for layer in reversed(range(depth)):
        gradient = (gradient * sent.slopes[layer]) @ sent.weights[layer].double()
        squares.append(gradient.square().mean())
    return _series(squares[::-1])


def _asleep(slope: Tensor, act: str) -> Tensor:
    """Return the share of saturated outputs, or where nothing saturates of units that are dead for every example."""
    if act in STEEPEST:
        return (slope < FLAT * STEEPEST[act]).double().mean()
    return (slope.abs().amax(0) <= DEAD).double().mean()


def _series(values: list[Tensor]) -> Doubles:
    series: Doubles = torch.stack(values).numpy()
    series.flags.writeable = False
    return series
