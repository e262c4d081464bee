"""The numbers above the charts."""

from collections.abc import Mapping

from nnviz.charts.facts import metric_of, number
from nnviz.records.run import Lane, Snapshot
from nnviz.records.tier import Tier
from nnviz.ui.board.protocol import Counter
from nnviz.ui.fairness import race_numbers
from nnviz.words import texts
from nnviz.words.metrics import of_metric


def counters(snapshot: Snapshot) -> list[Counter]:
    """Write the numbers above the charts; accuracy only where there are classes."""
    lane = snapshot.lanes[0]
    newest = next((part for part in reversed(lane.measured) if part.train_loss is not None), None)
    values = {
        "epoch": _epochs(lane),
        "step": f"{lane.step:,}",
        **({"rate": " / ".join(f"{rate:.3g}" for rate in lane.rates)} if lane.rates else {}),
        "train_loss": _loss(newest.train_loss if newest else None),
        "test_loss": _loss(newest.test_loss if newest else None),
        "test_accuracy": _share(newest.test_accuracy if newest else None),
        "speed": f"{snapshot.updates_per_second:,.0f}",
    }
    if snapshot.scene is not None and not snapshot.scene.is_classes:
        del values["test_accuracy"]
    values |= measuring(snapshot)
    return _named(values, metric_of(snapshot))


def race_counters(snapshot: Snapshot, target: float | None) -> list[Counter]:
    """Write the numbers above a race's charts."""
    return _named({**race_numbers(snapshot, target), **measuring(snapshot)}, metric_of(snapshot))


def measuring(snapshot: Snapshot) -> dict[str, str]:
    """Write what measuring costs, where a reader has asked for more than usual."""
    cost = snapshot.cost
    if snapshot.tier == Tier.ECONOMY:
        return {}
    return {
        "measuring": f"{number(_short(1000 * cost.seconds))} ms · {number(_short(100 * cost.share))} %" if cost else "–"
    }


def _named(values: Mapping[str, str], metric: str = "loss") -> list[Counter]:
    found: list[Counter] = []
    for name, value in values.items():
        label, help_text = (of_metric(text, metric) for text in texts.COUNTERS[name])
        found.append({"id": name, "label": label, "help": help_text, "value": value})
    return found


def _epochs(lane: Lane) -> str:
    return f"{lane.epoch:,.2f}" + (f" / {lane.spec.epochs:,}" if lane.spec.epochs else "")


def _loss(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.4f}" if 1e-3 <= abs(value) < 1e4 or value == 0 else f"{value:.3g}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _short(value: float) -> float:
    """Keep two digits: there is little room."""
    return float(f"{value:.2g}")
