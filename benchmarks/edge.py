"""The sharpness of networks in full-batch training beside 2 / learning rate, and what measuring it costs."""

from collections.abc import Sequence
from pathlib import Path
from statistics import mean, pstdev
from time import thread_time

from benchmarks.report import Report
from nnviz.lessons.edge.state import State, spec_of
from nnviz.records.readings import Sharpness
from nnviz.training import Experiment, Observer

SEEDS = (1, 2, 3)
RULES = {"gd": (0.1, 0.5, 0.7, 1.0, 1.2), "momentum": (1.2,)}
UPDATES, EVERY = 2000, 20
LATE = 20  # measurements
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "edge.png"
NOTE = (
    "The lesson's network, 64-64-64-10 with tanh, on 500 digits, squared error, all of them in every update. Late: "
    "mean and standard deviation of the last {late} measurements of {updates:,} updates, one every {every}, over "
    "{seeds} seeds together. Measuring once takes as much of a processor's time as about {fold:.0f} updates."
)
Path_ = tuple[list[int], list[float]]  # updates, and the sharpness after them


def measure(is_quick: bool) -> Report:
    """Train with several rates and seeds, and draw the first seed's sharpness."""
    updates = 200 if is_quick else UPDATES
    heads = ("", "rate", "stable below", "sharpness at first", "sharpness late", "late / stable", "ms to measure")
    report = Report("The edge of stability", heads)
    drawn: dict[float, Path_] = {}
    costs: list[tuple[float, float]] = []
    for rule, rates in RULES.items():
        for rate in rates:
            found = [_trained(State(rule=rule, lr=rate, seed=seed), updates, costs) for seed in SEEDS]
            if rule == "gd":
                drawn[rate] = found[0]
            report.add(rule, *_row(rate, 2 * (1.9 if rule == "momentum" else 1) / rate, found, costs))
    fold = mean(cost for cost, _ in costs) / mean(update for _, update in costs)
    seeds, late = len(SEEDS), LATE
    report.notes = [NOTE.format(late=late, updates=updates, every=EVERY, seeds=seeds, fold=fold)]
    if not is_quick:
        _draw(drawn)
    return report


def _row(rate: float, limit: float, found: Sequence[Path_], costs: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    late = [size for _, sizes in found for size in sizes[-LATE:]]
    first = mean(sizes[0] for _, sizes in found)
    cost = mean(cost for cost, _ in costs[-len(found) :])
    return (
        f"{rate:g}", f"{limit:.2f}", f"{first:.2f}", f"{mean(late):.2f} ± {pstdev(late):.2f}",
        f"{mean(late) / limit:.3f}", f"{1000 * cost:.0f}",
    )  # fmt: skip


def _trained(state: State, updates: int, costs: list[tuple[float, float]]) -> Path_:
    """Return the sharpness on the way; note what a measurement and an update have cost."""
    experiment = Experiment(spec_of(state))
    observer, steps, sizes = Observer(experiment), [], []
    measuring = 0.0
    while experiment.step <= updates:
        start = thread_time()
        found = observer.measure(frozenset({"sharpness"})).readings["sharpness"]
        measuring += thread_time() - start
        assert isinstance(found, Sharpness)
        steps.append(experiment.step)
        sizes.append(found.value)
        experiment.advance(EVERY)
    costs.append((measuring / len(steps), experiment.seconds / experiment.step))
    return steps, sizes


def _draw(drawn: dict[float, Path_]) -> None:
    """Draw the sharpness for each rate with its line."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 4.5), dpi=110)
    for rate, (steps, sizes) in drawn.items():
        (line,) = axes.plot(steps, sizes, label=f"rate {rate:g}")
        if 2 / rate < 6:
            axes.axhline(2 / rate, color=line.get_color(), linestyle="--", linewidth=1)
    axes.set(xlabel="updates", ylabel="sharpness", ylim=(0, 5), xlim=(0, UPDATES))
    axes.set_title("Sharpness in full-batch gradient descent; dashed: 2 / rate")
    axes.legend(loc="lower right", ncols=5)
    figure.tight_layout()
    figure.savefig(PICTURE)
    plt.close(figure)
