"""nnviz: watch a real PyTorch network learn while you turn its knobs."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
_HOMES = {
    "Change": "nnviz.specs.experiment",
    "Choice": "nnviz.specs.experiment",
    "ExperimentSpec": "nnviz.specs.experiment",
    "RaceSpec": "nnviz.specs.race",
    "Record": "nnviz.records.run",
    "Run": "nnviz.runs.run",
    "Snapshot": "nnviz.records.run",
    "train": "nnviz.training",
}
__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: describing a run needs no PyTorch."""
    if name not in _HOMES:
        raise AttributeError(f"module 'nnviz' has no attribute {name!r}; it has {', '.join(_HOMES)}")
    return getattr(import_module(_HOMES[name]), name)
