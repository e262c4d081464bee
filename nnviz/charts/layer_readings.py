"""What records tell of each layer, read for the charts."""

from collections.abc import Callable, Sequence
from math import isfinite, nan, sqrt
from typing import cast

from nnviz.charts.facts import is_compared
from nnviz.charts.figure import floats
from nnviz.records.readings import Parameter
from nnviz.records.run import Record, Snapshot
from nnviz.records.shapes import LayerNumbers, Words


def reading(name: str) -> Callable[[Record], LayerNumbers | None]:
    """Return what reads an instrument's numbers off a record."""
    return lambda record: cast(LayerNumbers | None, record.readings.get(name))


def of_layer(name: str, layer: str) -> Callable[[Record], LayerNumbers | None]:
    """Return what reads the number of one layer, by itself that of the first; one that is not there means that, too."""

    def read(record: Record) -> LayerNumbers | None:
        found = reading(name)(record)
        if found is None or not len(found.values):
            return None
        return LayerNumbers((), floats([]), float(found.values[place_of(layer, found.names)]))

    return read


def place_of(layer: str, names: Sequence[Words]) -> int:
    """Find a layer by its name; the first one where there is none of that name."""
    return next((at for at, name in enumerate(names) if str(name) == layer), 0)


def gradient_norms(record: Record) -> LayerNumbers | None:
    """Return the norm of the last gradient: of each layer's weights, and of all parameters."""
    return _lengths(record, lambda row: nan if row.gradient is None else row.gradient)


def distances(record: Record) -> LayerNumbers | None:
    """Return how far each layer's weights, and all parameters, are from their first values."""
    return _lengths(record, lambda row: row.moved)


def has_parameters(snapshot: Snapshot) -> bool:
    """Tell whether records hold the parameter check, or will: those of a race do where more is measured of it."""
    records = [record for lane in snapshot.lanes for record in lane.records[-1:]]
    return any(record.parameters for record in records) if records else not is_compared(snapshot)


def _lengths(record: Record, length: Callable[[Parameter], float]) -> LayerNumbers | None:
    """Return a length of each layer's weights, and that of all parameters together."""
    if not record.parameters:
        return None
    rows = [(row, length(row)) for row in record.parameters]
    weights = [(row.name.removesuffix(".weight"), found) for row, found in rows if len(row.shape) > 1]
    whole = sqrt(sum(found * found for _, found in rows)) if all(isfinite(found) for _, found in rows) else nan
    return LayerNumbers(tuple(name for name, _ in weights), floats([found for _, found in weights]), whole)
