"""What each tier of instruments costs, beside the bare loop and TensorBoard's histograms."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from statistics import median

from benchmarks.data import MNIST, point_to_data
from benchmarks.loops import LOGGERS, BareLoop
from benchmarks.report import Report, middle
from benchmarks.rounds import Rates, interleaved, ratios
from benchmarks.runs import LiveRun
from nnviz.records.tier import SHARES, Tier
from nnviz.runs.lane_spec import LaneSpec

BARE, ECONOMY = "bare loop", f"nnviz, {Tier.ECONOMY}"
LOGGER = "TensorBoard"
NOTE = (
    "MLP 784-256-10, MNIST, batch 64, Adam, one torch thread, no page. Each row trains in turn for {seconds:g} s, "
    "{rounds} rounds; the ratios are of updates per second, round by round: median (least to most). TensorBoard: a "
    "scalar each update, histograms of all weights and gradients every 100. A measuring: seconds of the last one of "
    "the run. Its share of training time is held to {shares}: what is dearer is measured more rarely."
)

COCKPIT = (
    "For comparison, not measured here: what Cockpit's authors publish of its three configurations (Schneider, Dangel "
    "and Hennig 2021, github.com/fsschneider/cockpit-experiments, experiments/01_benchmark), as a multiple of the run "
    "time without instruments. Their figure, a convolutional network (3C3D) on CIFAR-10 on a GPU: 1.5 (economy), 2 "
    "(business), 21 (full) when every update is measured; 1, 1 and 1.3 with every 64th; 1, 1 and 1.1 with every 256th. "
    "From their raw data, an MLP on MNIST on a CPU: 63, 72 and 260 with every update; 2.1, 2.2 and 5.1 with every "
    "64th; 1.3, 1.3 and 2.0 with every 256th. Other instruments, networks and machines: an order of size, no race."
)


def measure(is_quick: bool) -> Report:
    """Compare updates per second."""
    point_to_data()
    seconds, rounds = (2.0, 2) if is_quick else (6.0, 4)
    with ExitStack() as stack:
        runs = {f"nnviz, {tier}": LiveRun(LaneSpec(MNIST, "one", 0, tier=tier)) for tier in Tier}
        for run in runs.values():
            stack.callback(run.close)
        contenders: dict[str, Callable[[float], float]] = {
            BARE: BareLoop(MNIST).rate,
            f"bare loop with {LOGGER}": BareLoop(MNIST, stack.enter_context(LOGGERS[LOGGER]())).rate,
            **{name: run.rate for name, run in runs.items()},
        }
        rates = interleaved({name: partial(rate, seconds) for name, rate in contenders.items()}, rounds)
        costs = {name: _cost(run) for name, run in runs.items()}
    report = _report(rates, costs)
    shares = ", ".join(f"{share:.0%} ({tier})" for tier, share in SHARES.items())
    report.notes = [NOTE.format(seconds=seconds, rounds=rounds, shares=shares), COCKPIT]
    return report


def _cost(run: LiveRun) -> str:
    cost = run.run.peek().cost
    return f"{1000 * cost.seconds:.0f} ms" if cost else ""


def _report(rates: Rates, costs: dict[str, str]) -> Report:
    report = Report("Tiers of instruments", ("", "updates/s", "bare loop / this", "economy / this", "a measuring"))
    for name, found in rates.items():
        beside = (middle(ratios(rates[other], found), "{:.3f}") for other in (BARE, ECONOMY))
        report.add(name, f"{median(found):,.0f}", *beside, costs.get(name, ""))
    return report
