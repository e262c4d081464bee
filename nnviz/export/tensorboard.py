"""A saved run as event files of TensorBoard."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
from torch.utils.tensorboard import SummaryWriter

from nnviz.export.kept import KeptRun, players_of
from nnviz.records.readings import Histogram
from nnviz.records.run import Lane, Record

Moment = Callable[[float], float]  # from seconds of training to the Unix clock


def write_events(run: KeptRun, folder: Path) -> None:
    """Write the losses, accuracies, histograms and settings of each lane, several ones in a folder each."""
    moment = partial(float.__add__, run.begun)
    lanes = run.snapshot.lanes
    for lane, name in zip(lanes, run.names, strict=True):
        with SummaryWriter(str(folder if len(lanes) == 1 else folder / name)) as writer:
            _settings(writer, lane, run)
            _curve(writer, lane, moment)
            _evaluations(writer, lane, moment)
            for record in lane.records:
                _histograms(writer, record, moment(record.seconds))


def _settings(writer: SummaryWriter, lane: Lane, run: KeptRun) -> None:
    """Write the spec as a table, and the link's parameters."""
    rows = "\n".join(f"| {name} | {value} |" for name, value in lane.spec.to_query().items())
    writer.add_text("spec", f"| | |\n|---|---|\n{rows}", 0, run.begun)
    writer.add_text("query", "&".join(f"{name}={value}" for name, value in run.saved.query.items()), 0, run.begun)


def _curve(writer: SummaryWriter, lane: Lane, moment: Moment) -> None:
    """Write the loss of every kept update on its own batch, and its rate where a schedule runs; of two players each."""
    curve = lane.curve
    tags = [f"loss/batch {player}" for player in players_of(lane.spec)] or ["loss/batch"]
    for tag, losses in zip(tags, (curve.losses, *curve.others), strict=False):
        for step, seconds, loss in zip(curve.steps.tolist(), curve.seconds.tolist(), losses.tolist(), strict=True):
            writer.add_scalar(tag, loss, int(step), moment(seconds))
    tags = [f"rate/{player}" for player in players_of(lane.spec)] or ["rate"]
    for tag, rates in zip(tags, curve.rates, strict=False):
        for step, seconds, rate in zip(curve.steps.tolist(), curve.seconds.tolist(), rates.tolist(), strict=True):
            writer.add_scalar(tag, rate, int(step), moment(seconds))


_MEASURED = {
    "loss/test": "test_loss",
    "loss/train": "train_loss",
    "accuracy/test": "test_accuracy",
    "accuracy/train": "train_accuracy",
}


def _evaluations(writer: SummaryWriter, lane: Lane, moment: Moment) -> None:
    for part in lane.judged:
        for tag, name in _MEASURED.items():
            value = getattr(part, name)
            if value is not None:
                writer.add_scalar(tag, value, part.step, moment(part.seconds))


def _histograms(writer: SummaryWriter, record: Record, moment: float) -> None:
    """Write the distributions of each layer's weights, gradients and activations, where they were measured."""
    for layer in record.layers:
        parts = {"weights": layer.weight, "gradients": layer.gradient, "activations": layer.activation}
        for kind, histogram in parts.items():
            if histogram is not None and histogram.counts.sum():
                _histogram(writer, f"{kind}/{layer.name}", histogram, record.step, moment)


def _histogram(writer: SummaryWriter, tag: str, found: Histogram, step: int, moment: float) -> None:
    """Write counts in equal bins; sums are those of values in the middle of their bins."""
    edges = np.linspace(found.low, found.high, len(found.counts) + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    writer.add_histogram_raw(
        tag, found.low, found.high, int(found.counts.sum()), float(found.counts @ middles),
        float(found.counts @ middles**2), _floats(edges[1:]), _floats(found.counts), step, walltime=moment,
    )  # fmt: skip


def _floats(values: Iterable[float]) -> list[float]:
    return [float(value) for value in values]
