"""A round of eight optimizers: one update of each, beside eight loops written by hand in turn."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import lru_cache, partial
from itertools import pairwise
from multiprocessing import get_context
from statistics import median
from time import perf_counter

import torch
from torch import Tensor, nn, optim
from torch.nn import functional

from benchmarks.report import Report, middle
from benchmarks.rounds import Rates, interleaved, ratios
from benchmarks.runs import LiveRun
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.race import DEFAULT_LANES, RaceSpec
from nnviz.training import Experiment

MNIST = ExperimentSpec(dataset=Choice("mnist"), model=Choice.of("mlp", hidden="256"), batch_size=64, epochs=0)
SMALL = ExperimentSpec(
    dataset=Choice("circles"),
    model=Choice.of("mlp", hidden="8,8"),
    loss=Choice("binary_cross_entropy"),
    batch_size=32,
    epochs=0,
)
NETWORKS: Mapping[str, ExperimentSpec] = {"784-256-10, MNIST, batch 64": MNIST, "2-8-8-1, circles, batch 32": SMALL}
OPTIMIZERS: Mapping[str, Callable[..., optim.Optimizer]] = {
    "sgd": partial(optim.SGD, lr=0.1),
    "momentum": partial(optim.SGD, lr=0.03, momentum=0.9),
    "nag": partial(optim.SGD, lr=0.03, momentum=0.9, nesterov=True),
    "adagrad": partial(optim.Adagrad, lr=0.03),
    "adadelta": partial(optim.Adadelta, lr=1.0),
    "rmsprop": partial(optim.RMSprop, lr=0.003),
    "adam": partial(optim.Adam, lr=0.003),
    "adamw": partial(optim.AdamW, lr=0.003),
}
BY_HAND = "eight loops in turn, {threads} torch thread{s}"
BARE = BY_HAND.format(threads=1, s="")
NOTE = (
    "Rounds per second; a round is one update of each of SGD, Momentum, NAG, Adagrad, Adadelta, RMSprop, Adam and "
    "AdamW, eight networks of their own. In brackets the cost of a round beside that of the loops with one torch "
    "thread, round by round: median (least to most). By hand: data in memory, a permutation each epoch, index, "
    "zero_grad, forward, backward, step, item. Each row trains in turn for {seconds:g} s, {rounds} rounds. nnviz "
    "judges all lanes meanwhile, often at first, then for a twentieth of the examples trained on; and takes histograms."
)


def measure(is_quick: bool) -> Report:
    """Compare rounds per second for both networks."""
    seconds, rounds = (1.5, 2) if is_quick else (4.0, 4)
    report = Report("A race of eight optimizers", ("", *NETWORKS))
    found = [_rates(spec, seconds, rounds) for spec in NETWORKS.values()]
    for name in found[0]:
        report.add(name, *(_cell(rates, name) for rates in found))
    report.notes = [NOTE.format(seconds=seconds, rounds=rounds)]
    return report


def _cell(rates: Rates, name: str) -> str:
    cost = ratios(rates[BARE], rates[name])
    return f"{median(rates[name]):,.0f}" + ("" if name == BARE else f" [{middle(cost)}]")


def _rates(spec: ExperimentSpec, seconds: float, rounds: int) -> Rates:
    """Measure by hand in processes of their own, so that no thread of nnviz is in their way."""
    race = LiveRun(RaceSpec(spec, DEFAULT_LANES))
    with ExitStack() as stack:
        stack.callback(race.close)
        one, two = (stack.enter_context(ProcessPoolExecutor(1, get_context("spawn"))) for _ in range(2))
        contenders: dict[str, Callable[[], float]] = {
            BARE: lambda: one.submit(by_hand, spec, 1, seconds).result(),
            BY_HAND.format(threads=2, s="s"): lambda: two.submit(by_hand, spec, 2, seconds).result(),
            "nnviz, a race": partial(race.rate, seconds),
        }
        for warm_up in contenders.values():
            warm_up()
        return interleaved(contenders, rounds)


def by_hand(spec: ExperimentSpec, threads: int, seconds: float) -> float:
    """Train each loop in turn for an eighth of the time and return the rounds per second that they make together."""
    loops = _loops(spec)
    torch.set_num_threads(threads)
    return 1 / sum(loop.seconds_per_update(seconds / len(loops)) for loop in loops)


@lru_cache(maxsize=2)
def _loops(spec: ExperimentSpec) -> tuple["HandLoop", ...]:
    return tuple(HandLoop(spec, name) for name in OPTIMIZERS)


class HandLoop:
    """The loop that everybody writes, with one optimizer."""

    def __init__(self, spec: ExperimentSpec, optimizer: str) -> None:
        data = Experiment(spec).data
        widths = [data.inputs, *map(int, str(spec.model.knobs["hidden"]).split(","))]
        is_binary = spec.loss.name == "binary_cross_entropy"
        parts: list[nn.Module] = []
        for before, after in pairwise(widths):
            parts += [nn.Linear(before, after), nn.ReLU()]
        self.model = nn.Sequential(*parts, nn.Linear(widths[-1], 1 if is_binary else len(data.classes)))
        self.x, self.y = data.train_x, data.train_y.float().unsqueeze(1) if is_binary else data.train_y
        self.loss: Callable[[Tensor, Tensor], Tensor] = (
            functional.binary_cross_entropy_with_logits if is_binary else functional.cross_entropy
        )
        self.optimizer = OPTIMIZERS[optimizer](self.model.parameters())
        self.batch_size = spec.batch_size
        self._losses = self._endless()

    def _endless(self) -> Iterator[float]:
        while True:
            order = torch.randperm(len(self.x))
            for first in range(0, len(order), self.batch_size):
                chosen = order[first : first + self.batch_size]
                yield self._update(self.x[chosen], self.y[chosen])

    def _update(self, x: Tensor, y: Tensor) -> float:
        self.optimizer.zero_grad()
        loss = self.loss(self.model(x), y)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        return loss.item()

    def seconds_per_update(self, seconds: float) -> float:
        """Train for that long and return what one update took."""
        start, updates = perf_counter(), 0
        while perf_counter() - start < seconds:
            next(self._losses)
            updates += 1
        return (perf_counter() - start) / updates
