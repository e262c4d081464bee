"""The shape of a data set's entry."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import unwrap
from typing import Any

from nnviz.catalog.data import Data, Split
from nnviz.catalog.entry import Entry


@dataclass(frozen=True, slots=True)
class DataEntry(Entry[Data]):
    """A data set; `build(generator, **knobs)` draws all that is random from the generator.

    alone: what a script shows in place of `build`, where that is more than a function that is `drawn`.
    """

    classes: int = 2  # 0: a regression; a knob named "blobs" has the last word
    download: int = 0  # megabytes to fetch where the files are missing
    kind: str = "points"  # "points", "curve", "picture", "sequence" or "text": what networks must be able to take
    alone: Callable[..., Split] | None = None

    @property
    def shown(self) -> Callable[..., Any]:
        """The function whose body draws these data in a script."""
        return self.alone or unwrap(self.build)
