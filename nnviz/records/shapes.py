"""What instruments find beyond curves and histograms: frozen numbers, in shapes that charts can draw."""

from dataclasses import dataclass, field
from math import nan

import numpy as np
from numpy.typing import NDArray

from nnviz.words.language import Message

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Words = str | Message  # a name from the data, or words for readers


@dataclass(frozen=True, slots=True)
class Sheet:
    """Pictures side by side: (pictures, rows, columns), brightness from 0 to 1, or signed values around zero.

    Brightness may also be bytes from 0 to 255: a kept reading then takes a quarter of the room.
    lines: a name for each line of `across` pictures.  captions: one for each picture.
    """

    images: Floats | Bytes
    across: int
    is_signed: bool = False
    lines: tuple[Words, ...] = ()
    captions: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """Curves over one axis: each of `y` has the length of `x`; nan is left out."""

    x: Floats
    y: tuple[Floats, ...]
    names: tuple[Words, ...]
    x_label: Words
    y_label: Words
    is_log: bool = False
    y_range: tuple[float, float] | None = None  # None: what is there
    ticks: tuple[Words, ...] = ()  # names of the places on x, in order


@dataclass(frozen=True, slots=True)
class Bars:
    """Numbers by group and series: (series, groups)."""

    values: Floats
    series: tuple[Words, ...]
    groups: tuple[Words, ...]
    y_label: Words
    is_share: bool = False  # series add up to 1 in each group and are stacked


@dataclass(frozen=True, slots=True)
class Shares:
    """A share from 0 to 1 of each of several parts: (parts,)."""

    names: tuple[str, ...]
    values: Floats


@dataclass(frozen=True, slots=True)
class LayerNumbers:
    """A number of the whole network, and one of each of its layers, (layers,), where it has them; nan is none."""

    names: tuple[Words, ...]
    values: Floats
    whole: float = nan


@dataclass(frozen=True, slots=True)
class Grids:
    """Tables of numbers side by side, each (rows, columns); nan stays blank."""

    tables: tuple[Floats, ...]
    titles: tuple[Words, ...]
    x_label: Words
    y_label: Words
    is_signed: bool = False
    low: float | None = None  # of the colours; None: what is there
    high: float | None = None
    rows: tuple[Words, ...] = ()  # names, where all tables share them
    columns: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Cloud:
    """Points of a plane with a class each: (points, 2) and (points,).

    x, y: where the axes end.
    """

    points: Floats
    classes: Ints
    names: tuple[Words, ...]
    x: tuple[float, float]
    y: tuple[float, float]
    x_label: Words = ""
    y_label: Words = ""


@dataclass(frozen=True, slots=True)
class Spreads:
    """Distributions on common bins: `edges` has one more number than each of `shares`."""

    edges: Floats
    shares: tuple[Floats, ...]
    names: tuple[Words, ...]
    x_label: Words


@dataclass(frozen=True, slots=True)
class Script:
    """A text as it stands, its beginning given to the network."""

    given: str
    text: str


@dataclass(frozen=True, slots=True)
class Landscape:
    """A field over the plane with two clouds of points and some marked places.

    heights: (rows, columns), rows bottom to top.  places: (n, 2);  is_reached: (n,) of them.
    ends: of the colours of heights (None: as far from their middle as they go).
    """

    x: tuple[float, float]
    y: tuple[float, float]
    heights: Floats
    given: Floats
    made: Floats
    places: Floats
    is_reached: NDArray[np.bool_]
    labels: dict[str, Words] = field(default_factory=dict)  # "heights", "given", "made", "note"
    ends: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader wants to see of a network: which test picture, which place of a plane."""

    picture: int = 0
    place: tuple[float, float] = (0.0, 0.0)


NOTHING = Question()  # in particular

Drawable = Sheet | Lines | Bars | Grids | Cloud | Spreads | Script | Landscape
