"""Snapshots made by hand: every kind of data at every stage of a run, without training anything."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnviz.records.rate_grid import RateGrid
from nnviz.records.readings import Field, Fit, Gallery, Histogram, Layer, Parameter
from nnviz.records.run import Curve, DataSummary, Lane, Mark, Record, Snapshot
from nnviz.records.shapes import Floats, Shares
from nnviz.records.status import Status
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.words.language import Message, message
from nnviz.words.messages import CHANGE

OPTIMIZERS = (
    "sgd",
    "momentum",
    "nag",
    "adagrad",
    "adadelta",
    "rmsprop",
    "adam",
    "adamw",
    "adamax",
    "nadam",
    "radam",
)
UPDATES_PER_EPOCH = 25
GRID = 48


def histogram(values: NDArray[np.float64], bins: int = 64) -> Histogram:
    """Count values in their own range."""
    counts, edges = np.histogram(values, bins)
    return Histogram(float(edges[0]), float(edges[-1]), counts.astype(np.int64))


def curve(updates: int, level: float = 1.0, rate: float = 300.0) -> Curve:
    """Return a noisy falling loss over `updates` updates, at most 2,000 of them."""
    stride = max(1, updates // 2000)
    steps = np.arange(1, updates + 1, stride, dtype=np.float64)
    noise = np.random.default_rng(0).normal(0, 0.12, len(steps))
    losses = level * (0.08 + np.exp(-steps / rate)) * np.exp(noise)
    return Curve(steps, steps / UPDATES_PER_EPOCH, steps / 800, losses, stride)


@cache  # every kind of data is measured at the same moments
def layers(progress: float, names: tuple[str, ...] = ("layer 1", "layer 2")) -> tuple[Layer, ...]:
    """Return layers whose weights widen and whose gradients shrink as `progress` goes from 0 to 1."""
    rng = np.random.default_rng(int(progress * 1000))
    return tuple(
        Layer(
            name,
            histogram(rng.normal(0.05 * progress, 0.1 + 0.3 * progress, 800)),
            histogram(rng.normal(0, 0.2 * np.exp(-4 * progress), 800)) if progress else None,
            histogram(np.maximum(rng.normal(0, 1 + progress, 800), 0)),
            histogram(rng.normal(0, 0.01 * np.exp(-2 * progress), 800)) if progress else None,
        )
        for name in names
    )


@cache
def parameters(progress: float) -> tuple[Parameter, ...]:
    """Return four rows of a parameter check."""
    shapes = {"layer 1.weight": (32, 64), "layer 1.bias": (32,), "layer 2.weight": (10, 32), "layer 2.bias": (10,)}
    rows = []
    for at, (name, shape) in enumerate(shapes.items()):
        ratio = 10 ** (-1.5 - 2 * progress - 0.2 * at) if progress else None
        first = (0.1234567, -0.0045 * (at + 1), 12.5, 0.0)
        rows.append(Parameter(name, shape, int(np.prod(shape)), first, 1.2e-5, 0.18, 3.4 + at, progress, ratio))
    return tuple(rows)


def plane(outputs: int, hidden: tuple[int, ...] = (4, 8)) -> Field:
    """Return a field of waves: one row of probabilities for two classes, a softmax for more."""
    y, x = np.mgrid[-1 : 1 : GRID * 1j, -1 : 1 : GRID * 1j]
    waves = np.stack([np.sin(2 * x + at) + np.cos(3 * y - 2 * at) for at in range(max(outputs, 2))])
    odds = np.exp(4 * waves)
    answers = odds / odds.sum(axis=0)
    kept = answers[1:2] if outputs <= 2 else answers
    maps = tuple(unit_maps(x[::2, ::2], y[::2, ::2], size, 0.1 * layer) for layer, size in enumerate(hidden))
    return Field((-1.1, 1.1), (-1.1, 1.1), kept.astype(np.float32), maps)


def unit_maps(x: NDArray[np.float64], y: NDArray[np.float64], units: int, shift: float) -> Floats:
    """Return one soft edge per unit, each turned by a radian more."""
    maps = [np.tanh(3 * (x * np.cos(at) + y * np.sin(at) + shift)) for at in range(units)]
    return np.stack(maps).astype(np.float32)


def pictures(count: int, side: int) -> Floats:
    """Return bright blobs on black."""
    y, x = np.mgrid[0:side, 0:side] / (side - 1)
    blobs = [np.exp(-30 * ((x - 0.5 - 0.03 * (at % 7)) ** 2 + (y - 0.3 - 0.02 * at) ** 2)) for at in range(count)]
    return np.stack(blobs).astype(np.float32)


def gallery(side: int, classes: int) -> Gallery:
    """Return 25 pictures, the first seven of them wrong."""
    truth = np.arange(25) % classes
    predicted = np.where(np.arange(25) < 7, (truth + 3) % classes, truth)
    return Gallery(pictures(25, side), truth, predicted, np.linspace(0.99, 0.6, 25).astype(np.float32))


def confusion(classes: int) -> NDArray[np.int64]:
    """Return a matrix with a strong diagonal and a few mistakes."""
    rng = np.random.default_rng(3)
    table = rng.poisson(0.6, (classes, classes))
    table[np.arange(classes), np.arange(classes)] = rng.integers(25, 45, classes)
    return table.astype(np.int64)


def weights(*sizes: int) -> tuple[Floats, ...]:
    """Return weight matrices (out, in) of a small network."""
    rng = np.random.default_rng(5)
    return tuple(rng.normal(0, 1, (out, into)).astype(np.float32) for into, out in pairwise(sizes))


def _class_scene(classes: int) -> DataSummary:
    rng = np.random.default_rng(7)
    targets = np.arange(240) % classes
    angle = 2 * np.pi * targets / classes
    points = 0.6 * np.column_stack([np.cos(angle), np.sin(angle)]) + rng.normal(0, 0.15, (240, 2))
    names = tuple(f"class {at}" for at in range(classes))
    is_test = np.arange(240) >= 160
    both = points.astype(np.float32), targets.astype(np.float32)
    return DataSummary("Blobs", True, names, 2, classes, 160, 80, None, *both, is_test)


def _line_scene() -> DataSummary:
    rng = np.random.default_rng(8)
    x = np.sort(rng.uniform(-1, 1, 150))
    y = np.sin(3 * x) + rng.normal(0, 0.15, 150)
    both = x[:, None].astype(np.float32), y.astype(np.float32)
    return DataSummary("Sine", False, (), 1, 2, 100, 50, None, *both, np.arange(150) % 3 == 0)


def _picture_scene(side: int, names: tuple[str, ...]) -> DataSummary:
    image = pictures(25, side)
    return DataSummary("Pictures", True, names, side * side, len(names), 1437, 360, (side, side), image=image)


def _fit() -> Fit:
    x = np.linspace(-1.1, 1.1, 200, dtype=np.float32)
    return Fit(x, np.sin(3 * x), np.full(200, 0.15, np.float32) + 0.05 * x**2)


DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

SCENES: dict[str, DataSummary] = {
    "regression": _line_scene(),
    "two_classes": _class_scene(2),
    "five_classes": _class_scene(5),
    "digits": _picture_scene(8, DIGITS),
    "clothes": _picture_scene(28, CLOTHES),
}

SPECS = {
    "regression": ExperimentSpec(Choice("sine"), Choice.of("mlp", hidden="8"), loss=Choice("mse")),
    "two_classes": ExperimentSpec(Choice("moons"), Choice.of("mlp", hidden="4,8")),
    "five_classes": ExperimentSpec(Choice("blobs"), Choice.of("mlp", hidden="4,8")),
    "digits": ExperimentSpec(),
    "clothes": ExperimentSpec(Choice("fashion_mnist"), Choice.of("mlp", hidden="256")),
}

_VIEWS: dict[str, Callable[[], dict[str, object]]] = {
    "regression": lambda: {"fit": _fit(), "weights": weights(1, 8, 1)},
    "two_classes": lambda: {"field": plane(2), "confusion": confusion(2), "weights": weights(2, 4, 8, 1)},
    "five_classes": lambda: {"field": plane(5), "confusion": confusion(5), "weights": weights(2, 4, 8, 5)},
    "digits": lambda: {
        "gallery": gallery(8, 10),
        "sample": gallery(8, 10),
        "confusion": confusion(10),
        "filters": weights(64, 32)[0].reshape(32, 8, 8),
    },
    "clothes": lambda: {
        "gallery": gallery(28, 10),
        "sample": gallery(28, 10),
        "confusion": confusion(10),
        "filters": weights(784, 64)[0].reshape(64, 28, 28),
    },
}


def record(kind: str, step: int, last: int, is_full: bool = False) -> Record:
    """Return what a run of `last` updates measured after `step` of them."""
    progress = step / max(last, 1)
    loss = 0.08 + float(np.exp(-5 * progress))
    accuracy = 1 - 0.9 * float(np.exp(-5 * progress)) if SCENES[kind].is_classes else None
    moment = step, step / UPDATES_PER_EPOCH, step / 800
    views: dict[str, Any] = _VIEWS[kind]() if is_full else {}
    scores = (accuracy, None if accuracy is None else accuracy - 0.03 * progress)
    dead = Shares(("layer 1", "layer 2"), np.array([0.5 * progress, 0.0], np.float32))
    kept: dict[str, Any] = {"layers": layers(progress), "parameters": parameters(progress), "dead_units": dead}
    return Record(*moment, loss, loss + 0.05 * progress, *scores, {**kept, **views}, frozenset(kept))


def lane(kind: str, updates: int = 1000, records: int = 60, status: Status = Status.RUNNING) -> Lane:
    """Return a lane that has trained `updates` updates."""
    steps = np.unique(np.linspace(0, updates, records).astype(int)).tolist()
    history = tuple(record(kind, step, updates, step == steps[-1]) for step in steps)
    clocks = updates, updates / UPDATES_PER_EPOCH, updates / 800
    return Lane("Adam", SPECS[kind], status, None, *clocks, curve(updates), history)


def empty(kind: str = "digits") -> Snapshot:
    """Return a run of which nothing is known yet."""
    return Snapshot(0, Status.READY, None, ())


def starting(kind: str) -> Snapshot:
    """Return a run whose data is there and whose network is not."""
    waiting = replace(lane(kind, 0, 1, Status.STARTING), records=())
    return Snapshot(1, Status.STARTING, None, (waiting,), SCENES[kind])


def one_point(kind: str) -> Snapshot:
    """Return a run before its first update: one record, no losses."""
    return Snapshot(2, Status.READY, None, (lane(kind, 0, 1, Status.READY),), SCENES[kind])


def running(kind: str) -> Snapshot:
    """Return a run in full swing, with three live changes and a ghost."""
    marks = tuple(
        Mark(step, step / UPDATES_PER_EPOCH, step / 800, Message(text))
        for step, text in ((300, "learning rate 0.003"), (420, "batch size 64"), (700, "learning rate 0.0003"))
    )
    ghost = replace(lane(kind, 800, 40), curve=curve(800, 1.3))
    return Snapshot(9, Status.RUNNING, None, (replace(lane(kind), marks=marks),), SCENES[kind], ghosts=(ghost,))


def finished(kind: str) -> Snapshot:
    """Return a long run at its end: thousands of losses, 256 records."""
    done = lane(kind, 100_000, 256, Status.DONE)
    return Snapshot(30, Status.DONE, None, (done,), SCENES[kind])


def wild(lane_: Lane) -> Lane:
    """Let a lane explode: finite, then huge, then inf and nan, in the curve and everything measured."""
    ends = np.array([1e6, 1e20, np.inf, np.nan])
    losses = np.concatenate([lane_.curve.losses[:-4], ends])
    broken = Histogram(float("nan"), float("nan"), np.zeros(64, np.int64))
    last = lane_.records[-1]
    bad_layers = tuple(replace(part, weight=broken, gradient=broken, activation=broken) for part in last.layers)
    nan = float("nan")
    bad_parameters = tuple(replace(p, mean=nan, std=nan, norm=float("inf"), update_ratio=nan) for p in last.parameters)
    bad = replace(last, train_loss=nan, test_loss=float("inf"))
    bad = bad.with_readings(layers=bad_layers, parameters=bad_parameters)
    if last.field:
        bad = bad.with_readings(field=replace(last.field, values=np.full_like(last.field.values, np.nan)))
    if last.weights:
        bad = bad.with_readings(weights=tuple(np.full_like(weight, np.nan) for weight in last.weights))
    if last.filters is not None:
        bad = bad.with_readings(filters=np.full_like(last.filters, np.nan))
    if last.fit:
        bad = bad.with_readings(fit=replace(last.fit, mean=np.full_like(last.fit.mean, np.nan)))
    history = (*lane_.records[:-1], bad)
    end = replace(lane_, status=Status.DIVERGED, message=Message("The loss is no number."))
    return replace(end, curve=replace(lane_.curve, losses=losses), records=history)


def diverged(kind: str) -> Snapshot:
    """Return a run that ended in nan."""
    lost = wild(lane(kind, 200, 20))
    return Snapshot(12, Status.DIVERGED, lost.message, (lost,), SCENES[kind])


def many_lanes(kind: str) -> Snapshot:
    """Return a race of all optimizers, one of which diverged."""
    racers = []
    for at, name in enumerate(OPTIMIZERS):
        base = lane(kind, 600, 30)
        spec = base.spec.with_(optimizer=Choice(name))
        racers.append(replace(base, label=name, spec=spec, curve=curve(600, 1 + 0.1 * at, 60 + 40 * at)))
    racers[3] = wild(racers[3])
    return Snapshot(20, Status.RUNNING, None, tuple(racers), SCENES[kind])


RACERS = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "nag": "NAG",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}
LOST = 1  # the racer whose last seed diverges in `race`


def searched() -> RateGrid:
    """Return a finished search: valleys of different rates, the largest rates diverged."""
    rates = np.array([round(base * 10.0**power, 10) for power in range(-4, 1) for base in (1, 3)] + [10.0])
    valleys = np.linspace(-3.5, -0.5, len(RACERS))[:, None]
    losses = 0.2 + 2.1 * (1 - np.exp(-0.5 * (np.log10(rates) - valleys) ** 2))
    losses[np.log10(rates) > valleys + 2] = np.inf
    chosen = tuple(int(np.argmin(row)) for row in losses)
    return RateGrid(tuple(RACERS.values()), tuple(RACERS), rates, losses, chosen, 100, Status.DONE, 1.0)


def racer_lane(kind: str, racer: int, seed: int, like: Lane) -> Lane:
    """Turn a lane into one of a race: every racer at its own pace, every seed a little different."""
    name = tuple(RACERS)[racer]
    rate, luck = 1 + 0.5 * racer, 1 + 0.05 * seed
    losses = like.curve.losses * luck * (1 + 0.02 * racer)
    records = tuple(_paced(record_, rate, luck, seed == 0) for record_ in like.records)
    spec = like.spec.with_(optimizer=Choice(name), seed=seed)
    lane_ = replace(like, label=RACERS[name], spec=spec, curve=replace(like.curve, losses=losses), records=records)
    return replace(lane_, racer=racer, start_hash=f"start {seed}", order_hash=f"order {seed}")


def _paced(record_: Record, rate: float, luck: float, has_layers: bool) -> Record:
    loss = luck * (0.05 * rate + 2.3 * float(np.exp(-record_.step / (30 * rate))))
    accuracy = None if record_.test_accuracy is None else max(0.0, 1 - 0.35 * loss)
    test = replace(record_.as_kept(), test_loss=loss, test_accuracy=accuracy)
    return test if has_layers else test.without_readings()


def race(kind: str, seeds: int = 1, updates: int = 600, records: int = 30) -> Snapshot:
    """Return a race of eight racers; the second one's last seed has diverged half way, others had a live change."""
    like, lost = lane(kind, updates, records), lane(kind, updates // 2, max(records // 2, 2))
    racers = [
        racer_lane(kind, racer, seed, lost if (racer, seed) == (LOST, seeds - 1) else like)
        for racer in range(len(RACERS))
        for seed in range(seeds)
    ]
    place = LOST * seeds + seeds - 1
    racers[place] = wild(racers[place])
    changed = [replace(one, marks=_race_marks(one)) for one in racers]
    return Snapshot(40, Status.RUNNING, None, tuple(changed), SCENES[kind], search=searched())


def turned(text: str) -> Message:
    """Write "Learning rate 0.003 → 0.03" as a run does."""
    head, after = text.split(" → ")
    knob, _, before = head.rpartition(" ")
    return message(CHANGE["from_to"], knob=Message(knob), before=float(before), after=float(after))


def _race_marks(one: Lane) -> tuple[Mark, ...]:
    """Return a change of batch size that all took, and one of Adam's learning rate alone."""
    texts = {0.25: "Batch size 32 → 64"} | ({0.5: "Learning rate 0.003 → 0.03"} if one.label == "Adam" else {})
    return tuple(
        Mark(int(part * 600), part * 600 / UPDATES_PER_EPOCH, part * 600 / 800, turned(text))
        for part, text in texts.items()
    )


STAGES: dict[str, Callable[[str], Snapshot]] = {
    "empty": empty,
    "starting": starting,
    "one_point": one_point,
    "running": running,
    "finished": finished,
    "diverged": diverged,
    "many_lanes": many_lanes,
}

SNAPSHOTS = {f"{kind} {stage}": make(kind) for kind in SCENES for stage, make in STAGES.items()}
SNAPSHOTS |= {f"{kind} race of {seeds}": race(kind, seeds) for kind in ("digits", "regression") for seeds in (1, 3)}
