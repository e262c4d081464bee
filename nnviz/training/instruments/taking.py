"""Taking readings: those of a record, or those that answer a reader's question."""

from collections.abc import Iterable
from dataclasses import replace

import torch

from nnviz.catalog import MODELS
from nnviz.catalog.noise import Noise
from nnviz.catalog.task import ModelContext
from nnviz.records.readings import Reading
from nnviz.records.run import Record
from nnviz.records.shapes import NOTHING, Question
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training.instruments import INSTRUMENTS
from nnviz.training.origin import Origin
from nnviz.training.threads import one_thread


def rebuilt(spec: ExperimentSpec, record: Record) -> ModelContext:
    """Build the network of a record that holds every parameter (`Detail.WHOLE`), in evaluation."""
    origin = Origin.of(spec)
    model = origin.model().eval()
    assert record.values is not None
    assert record.buffers is not None
    kept = [*zip(model.parameters(), record.values, strict=True), *zip(model.buffers(), record.buffers, strict=True)]
    with torch.no_grad():
        for tensor, values in kept:
            tensor.copy_(torch.from_numpy(values.copy()))
    return ModelContext(model, origin.data, origin.loss, MODELS[spec.model.name].values(spec.model), Noise.fixed())


def asked(spec: ExperimentSpec, look: ModelContext, question: Question) -> dict[str, Reading]:
    """Ask a rebuilt network what depends on the question."""
    names = [name for name in MODELS[spec.model.name].instruments if INSTRUMENTS[name].asks]
    with one_thread():
        return taken(names, look, question)


def taken(names: Iterable[str], look: ModelContext, question: Question = NOTHING) -> dict[str, Reading]:
    """Take readings by name, with nobody asking for anything in particular; each begins with the same noise."""
    found = {name: INSTRUMENTS[name].take(replace(look, noise=Noise.fixed()), question) for name in names}
    return {name: reading for name, reading in found.items() if reading is not None}


def asks_of(spec: ExperimentSpec) -> frozenset[str]:
    """Name what can be asked of a spec's network."""
    return frozenset(part for name in MODELS[spec.model.name].instruments for part in INSTRUMENTS[name].asks)
