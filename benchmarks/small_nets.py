"""Epochs per second of the small networks that one watches."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from statistics import median

from playwright.sync_api import Browser

from benchmarks.browser import Visitor, chromium
from benchmarks.data import spiral
from benchmarks.loops import BareLoop
from benchmarks.report import Report, middle
from benchmarks.rounds import Rates, interleaved, ratios
from benchmarks.runs import LiveRun
from benchmarks.server import Server, serving
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training import Experiment

PLAYGROUND = {"4,2": 59, "8,8,8": 18}  # epochs/s shown by the TensorFlow Playground, seen before on such a machine
BARE = "plain torch loop with autograd"
UPDATES = 25  # of one epoch
NOTE = (
    "The Playground's usual training (spiral, 250 training points, batch 10, tanh, squared error, plain SGD at 0.03), "
    "one torch thread; each row trains in turn for {seconds:g} s, "
    "{rounds} rounds: median, and in brackets the ratio to the plain loop, round by round (least to most). TensorFlow "
    "Playground: seen before in Chromium on a machine like this one, not measured here."
)


def measure(is_quick: bool) -> Report:
    """Compare epochs per second for both networks."""
    seconds, rounds = (1.5, 2) if is_quick else (4.0, 4)
    report = Report("Small networks", ("", *(f"2-{hidden.replace(',', '-')}-2, epochs/s" for hidden in PLAYGROUND)))
    found = [_rates(spiral(hidden), seconds, rounds) for hidden in PLAYGROUND]
    for name in found[0]:
        report.add(name, *(_cell(rates, name) for rates in found))
    report.add("TensorFlow Playground", *(f"{shown} (seen before)" for shown in PLAYGROUND.values()))
    report.notes = [NOTE.format(seconds=seconds, rounds=rounds)]
    return report


def _rates(spec: ExperimentSpec, seconds: float, rounds: int) -> Rates:
    with ExitStack() as stack:
        drawn = LiveRun(spec, refresh_hz=4)
        stack.callback(drawn.close)
        server, browser = stack.enter_context(serving()), stack.enter_context(chromium())
        contenders = {
            BARE: BareLoop(spec).rate,
            "nnviz, Experiment.advance alone": experiment_rate(spec),
            "nnviz, a run with boundary and charts drawn at 4 Hz": drawn.rate,
            "nnviz, the page in Chromium": _page_rate(browser, server, spec),
        }
        return interleaved({name: partial(rate, seconds) for name, rate in contenders.items()}, rounds)


def experiment_rate(spec: ExperimentSpec) -> Callable[[float], float]:
    """Return a function that trains without measuring and gives updates per second."""
    experiment = Experiment(spec)

    def rate(seconds: float) -> float:
        before, step = experiment.seconds, experiment.step
        while experiment.seconds - before < seconds:
            experiment.advance(100)
        return (experiment.step - step) / (experiment.seconds - before)

    return rate


def _page_rate(browser: Browser, server: Server, spec: ExperimentSpec) -> Callable[[float], float]:
    visitor = Visitor(browser, server.url, spec)
    visitor.full_speed()
    return visitor.rate


def _cell(rates: Rates, name: str) -> str:
    epochs = f"{median(rates[name]) / UPDATES:,.0f}"
    return epochs if name == BARE else f"{epochs} [{middle(ratios(rates[name], rates[BARE]))}]"
