"""How much everything live on the page slows training, beside the loggers that people use."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from statistics import median

from benchmarks.browser import Visitor, chromium
from benchmarks.data import MNIST, point_to_data
from benchmarks.loops import LOGGERS, BareLoop
from benchmarks.report import Report, middle
from benchmarks.rounds import Rates, interleaved, ratios
from benchmarks.runs import LiveRun
from benchmarks.server import serving

BARE = "bare loop"
ALONE = "nnviz, no page, nobody watches"
PAGE = "nnviz, page watched in Chromium at 4 Hz"
NOTE = (
    "MLP 784-256-10, MNIST, batch 64, Adam, one torch thread. Each row trains in turn for {seconds:g} s, {rounds} "
    "rounds; the ratio is that of the bare loop's updates per second to the row's, round by round: median (least to "
    "most). TensorBoard: a scalar each update, histograms of all weights and gradients every 100. livelossplot: the "
    "loss of each update, redrawn once a second. The page shows all its charts; its own time includes measuring."
)


def measure(is_quick: bool) -> Report:
    """Compare updates per second."""
    point_to_data()
    seconds, rounds = (2.0, 2) if is_quick else (6.0, 4)
    with ExitStack() as stack:
        contenders, missing = _contenders(stack)
        rates = interleaved({name: partial(rate, seconds) for name, rate in contenders.items()}, rounds)
    report = _report(rates)
    report.notes = [NOTE.format(seconds=seconds, rounds=rounds), *missing]
    return report


def _contenders(stack: ExitStack) -> tuple[dict[str, Callable[[float], float]], list[str]]:
    bare = BareLoop(MNIST)
    alone, watched = LiveRun(MNIST), LiveRun(MNIST, refresh_hz=4)
    stack.callback(alone.close)
    stack.callback(watched.close)
    server = stack.enter_context(serving())
    visitor = Visitor(stack.enter_context(chromium()), server.url, MNIST)
    visitor.full_speed()
    found: dict[str, Callable[[float], float]] = {
        BARE: bare.rate,
        PAGE: visitor.rate,
        ALONE: alone.rate,
        "nnviz, no page, a thread draws all charts at 4 Hz": watched.rate,
    }
    missing = []
    for name, logger in LOGGERS.items():
        try:
            found[f"bare loop with {name}"] = BareLoop(MNIST, stack.enter_context(logger())).rate
        except ImportError as error:
            missing.append(f"{name} was left out: {error}.")
    return found, missing


def _report(rates: Rates) -> Report:
    report = Report("Training with everything live", ("", "updates/s", "bare loop / this", "nnviz unwatched / this"))
    for name, found in rates.items():
        beside = (middle(ratios(rates[other], found), "{:.3f}") for other in (BARE, ALONE))
        report.add(name, f"{median(found):,.0f}", *beside)
    return report
