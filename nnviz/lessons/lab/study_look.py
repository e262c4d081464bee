"""What the lab looks at: the data, the first weights, one picture on its way, and the answers of this moment."""

import hashlib
import inspect
import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nnviz.catalog import DATASETS
from nnviz.catalog.data import Data
from nnviz.lessons.lab import study_code as lab_code
from nnviz.lessons.lab.results import Answer, Answers, Examples, Passage, Score, Split, Start
from nnviz.lessons.lab.state import SHEET
from nnviz.records.run import Record, Snapshot
from nnviz.records.shapes import Floats
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training.arrays import numbers, whole_numbers

TOPS = {"mnist": 255, "digits": 16}  # of the raw pixels
BINS = {"mnist": 32, "digits": 17}  # of brightness: as many levels of the raw pixels in each


def code_of(name: str) -> str:
    """Return the source of a part of the code, as it runs."""
    return inspect.getsource(getattr(lab_code, name))


def data_of(spec: ExperimentSpec) -> Data:
    """Return the run's data; its tensors are shared, not made again."""
    entry = DATASETS[spec.dataset.name]
    # Neither data set of the lab draws from this generator: their splits are everybody's.
    return entry.build(torch.Generator().manual_seed(spec.seed), **entry.values(spec.dataset))


def split(spec: ExperimentSpec) -> Split:
    """Count and measure both parts of the data; some 0.1 s for MNIST, so keep it."""
    data, top = data_of(spec), TOPS[spec.dataset.name]
    assert data.picture is not None
    low, high = data.train_x.aminmax()
    return Split(
        label=DATASETS[spec.dataset.name].label,
        train_count=len(data.train_x),
        test_count=len(data.test_x),
        train_classes=_counted(data.train_y, data),
        test_classes=_counted(data.test_y, data),
        picture=data.picture,
        top=top,
        shift=data.offset * top,
        spread=data.scale * top,
        low=low.item(),
        high=high.item(),
    )


def _counted(labels: Tensor, data: Data) -> Any:
    return whole_numbers(torch.bincount(labels, minlength=len(data.classes)))


def examples(spec: ExperimentSpec, page: int) -> Examples:
    """Return a page of training pictures, the last one where there are fewer pages."""
    data = data_of(spec)
    rows = _page(len(data.train_x), page)
    x = data.train_x[rows]
    half = 0.5 / TOPS[spec.dataset.name]  # of a level, so that each lies within a bin
    ends = ((-half - data.offset) / data.scale, (1 + half - data.offset) / data.scale)
    counts, edges = np.histogram(x.numpy(), BINS[spec.dataset.name], ends)
    return Examples(rows.start, images(data, x), whole_numbers(data.train_y[rows]), counts, edges.astype(np.float32))


def pages(count: int) -> int:
    """Count the pages of some pictures."""
    return math.ceil(count / SHEET)


def _page(count: int, page: int) -> slice:
    first = SHEET * min(page, pages(count) - 1)
    return slice(first, min(first + SHEET, count))


def images(data: Data, x: Tensor) -> Floats:
    """Turn inputs back into brightness from 0 to 1: (pictures, rows, columns)."""
    assert data.picture is not None
    return numbers((x * data.scale + data.offset).clamp(0, 1).view(-1, *data.picture))


def start(snapshot: Snapshot) -> Start:
    """Run the code that builds the network, and set its first weights beside those of the run."""
    lane = snapshot.lanes[0]
    model, first = fresh(snapshot), lane.records[0]
    lin_1, lin_2 = (layer.weight for layer in first.layers)
    weights = (model.lin_1.weight, model.lin_2.weight)
    return Start(
        hidden=len(model.lin_1.weight),
        spreads=(math.sqrt(2 / weights[0].shape[1]), math.sqrt(2 / weights[1].shape[1])),
        measured=(weights[0].std().item(), weights[1].std().item()),
        weights=(lin_1, lin_2),
        code_hash=fingerprint(model),
        run_hash=lane.start_hash,
    )


def fresh(snapshot: Snapshot) -> lab_code.Net:
    """Build the network by the code on the page, with the seed of the run."""
    spec, scene = snapshot.lanes[0].spec, snapshot.scene
    assert scene is not None
    generator = torch.Generator().manual_seed(spec.seed)
    with torch.random.fork_rng(devices=()):  # the constructors of torch draw, too, and this is thrown away
        return lab_code.Net(scene.inputs, int(spec.model.knobs["hidden"]), scene.outputs, generator)


def fingerprint(model: lab_code.Net) -> str:
    """Name weights as a run names its first ones: 12 characters of SHA-256 over shapes and bytes in order."""
    digest = hashlib.sha256()
    for value in model.parameters():
        digest.update(f"{tuple(value.shape)}{value.dtype}".encode())
        digest.update(value.detach().numpy().tobytes())
    return digest.hexdigest()[:12]


def model_of(record: Record) -> lab_code.Net:
    """Return the code's network with all parameters as they were measured."""
    assert record.values is not None
    (hidden, inputs), outputs = record.values[0].shape, len(record.values[2])
    with torch.random.fork_rng(devices=()):
        model = lab_code.Net(inputs, hidden, outputs, torch.Generator())
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), record.values, strict=True):
            parameter.copy_(torch.tensor(value))
    return model


def passage(spec: ExperimentSpec, record: Record, index: int) -> Passage:
    """Send one test picture forward by the code on the page."""
    data = data_of(spec)
    index = min(index, len(data.test_x) - 1)
    x = data.test_x[index]
    stages = lab_code.forward_pass(model_of(record), x.numpy().copy(), spec.device)
    return Passage(index, int(data.test_y[index]), images(data, x)[0], stages, spec.device)


def score(spec: ExperimentSpec, model: lab_code.Net, step: int) -> Score:
    """Evaluate by the code on the page on the whole test set; some 0.1 s for MNIST, so keep it."""
    data = data_of(spec)
    right, loss = lab_code.evaluate(model, data.test_x, data.test_y)
    return Score(step, right, len(data.test_x), loss)


def answers(spec: ExperimentSpec, record: Record, sheet: int, chosen: int) -> Answers:
    """Ask the network about a page of test pictures, and about a chosen one (-1: the first of the page)."""
    data, model = data_of(spec), model_of(record)
    rows = _page(len(data.test_x), sheet)
    x = data.test_x[rows]
    confidence, predicted = _sure(model, x).max(dim=1)
    index = min(chosen, len(data.test_x) - 1) if chosen >= 0 else rows.start
    picture = data.test_x[index : index + 1]
    sure = _sure(model, picture)[0]
    closer = Answer(
        index, images(data, picture)[0], int(data.test_y[index]), int(sure.argmax()), numbers(sure), chosen >= 0
    )
    return Answers(
        rows.start, images(data, x), whole_numbers(data.test_y[rows]), whole_numbers(predicted), numbers(confidence),
        closer,
    )  # fmt: skip


def _sure(model: lab_code.Net, x: Tensor) -> Tensor:
    with torch.no_grad():
        return torch.softmax(model(x), dim=1)
