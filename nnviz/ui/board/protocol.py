"""What the board in the browser receives, name by name; `static/` reads the same names, which a test holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict
from zlib import crc32

from nnviz.ui.board.payload import encode


class StatusLine(TypedDict):
    """How a run stands: a colour and a sentence; and what the loss has done since something was turned."""

    kind: str  # "", "good", "warn" or "bad"
    text: str
    since: NotRequired[str]


class Counter(TypedDict):
    """A number above the charts."""

    id: str
    label: str
    help: str
    value: str


class Dial(TypedDict):
    """A slider of the board's own; `words` names its whole values from 0 on.

    kind: another control in its place: a menu of the words, or a number with a button to either side.
    """

    id: str
    label: str
    help: str
    low: float
    high: float
    step: float
    log: bool
    value: float
    off: bool
    words: Sequence[str] | None
    usual: float
    kind: NotRequired[Literal["menu", "stepper"]]


class Offer(TypedDict):
    """A chart that a reader may have on the page, and whether it is there."""

    id: str
    label: str
    on: bool


class Playback(TypedDict):
    """A playback over steps; with another token it begins anew, or at its end where it follows a run."""

    steps: int
    token: object
    perSecond: float
    follow: bool


class Column(TypedDict):
    """A column of a table."""

    id: str
    label: str
    help: str
    align: Literal["left", "right"]


class Row(TypedDict):
    """A row of a table; it keeps its element under its key, and brings a lane out in all charts."""

    key: str
    lane: str
    colour: str
    dash: str
    cells: Sequence[str]
    title: str


class Table(TypedDict):
    """A table whose rows change places."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    note: NotRequired[str]


class Option(TypedDict):
    """One of several things to choose, with a picture of points: their places from -1 to 1 and their classes."""

    id: str
    label: str
    help: str
    x: Any
    y: Any
    classes: Any


class Choices(TypedDict):
    """Pictures to choose among, and what may be turned of the chosen one.

    of: the dial as which a choice is reported.  pair: the colours of two classes.  colours: those of more.
    """

    of: str
    chosen: str
    options: Sequence[Option]
    pair: Sequence[str]
    colours: Sequence[str]
    dials: Sequence[Dial]


class Card(TypedDict):
    """A chart, a table, a network, a choice, or what went wrong with it; equal stamps are equal bytes."""

    id: str
    label: str
    help: str
    width: int
    rows: NotRequired[int]
    clock: NotRequired[bool]  # whether its x axis is the view's clock
    stretches: NotRequired[bool]  # whether a stretch that a reader zooms in on can be drawn from every update
    group: NotRequired[str]  # the heading under which it stands with its neighbours
    figure: NotRequired[Mapping[str, Any]]
    table: NotRequired[Mapping[str, Any]]
    network: NotRequired[Mapping[str, Any]]
    choices: NotRequired["Choices"]
    error: NotRequired[str]
    stamp: NotRequired[int]


class PastMark(TypedDict):
    """Something that happened in a run, after so many updates, in words; kind: "change", "best", "fork" or "end"."""

    at: int
    kind: str
    text: str


class Past(TypedDict):
    """The slider over a run.

    run: what its boards have in common.  steps: updates at which there is something to look at, the last one now.  at:
    the moment that was asked for; None: now.  seen: the one that is shown.  text: that in words.  cursor: its place on
    the charts' clock.  fork: whether its reader may go on from there.
    """

    run: str
    steps: Sequence[int]
    at: int | None
    seen: int
    text: str
    cursor: float | None
    marks: Sequence[PastMark]
    own: NotRequired[bool]  # whether the slider stands on this board, wherever that is, and stays in the window
    fork: bool


class Finding(TypedDict):
    """One thing that is wrong, and the words of the button that does something about it; "" where there is none."""

    id: str
    text: str
    cure: str


class Diagnosis(TypedDict):
    """What is wrong with a run; well: said instead where nothing is.  room: whether its line is kept free till then."""

    well: str
    room: bool
    findings: Sequence[Finding]


class Marks(TypedDict):
    """What a message is told from others by.

    stamp: a board with an equal one has nothing to draw.  want: the name under which the browser may ask for more of
    this.  at: which run and version it shows, to be told from an older one.  face: what the page around the board
    should look like now.
    """

    stamp: str
    want: str
    at: Sequence[float]
    face: int


class Stretch(TypedDict):
    """A stretch of a chart in full: the answer to request `n` for a chart.

    data: the traces that are drawn there.  grows: whether the run may yet add to it.
    """

    id: str
    n: int
    data: Sequence[Mapping[str, Any]]
    grows: bool


class Payload(TypedDict):
    """One message to a board; a board with an equal stamp has nothing to draw.

    stamp, want, at, face: its marks.  told: the face that the page around the board has.  answers: whether it is the
    answer to what somebody has done.
    tab: its reader's own name among all.  heard: the last report of a dial, point, place or line that was dealt with.
    calls: how often its reader was called to look at it.  reports: whether it may report anything.  offers: all charts
    of the page.  shape: another arrangement than a grid: "playground".  direct: whether the line takes what is turned
    on it.  desk: whether it is of a lesson, whose page follows when the hand rests.  stretch: comes alone.
    """

    key: str
    stamp: NotRequired[str]
    want: NotRequired[str]
    at: NotRequired[Sequence[float]]
    face: NotRequired[int]
    told: NotRequired[int]
    answers: NotRequired[bool]
    tab: NotRequired[str]
    words: Mapping[str, object]
    status: StatusLine | None
    counters: Sequence[Counter]
    log: Sequence[str]
    charts: NotRequired[Sequence[Card]]
    dials: NotRequired[Sequence[Dial]]
    playback: NotRequired[Playback | None]
    past: NotRequired[Past]
    diagnosis: NotRequired[Diagnosis]
    columns: NotRequired[int]
    offers: NotRequired[Sequence[Offer]]
    shape: NotRequired[str]
    direct: NotRequired[bool]
    desk: NotRequired[bool]
    reports: NotRequired[bool]
    heard: NotRequired[int]
    calls: NotRequired[int]
    stretch: NotRequired[Stretch]


@dataclass(frozen=True, slots=True)
class Part:
    """One card, written; equal stamps are equal bytes."""

    name: str
    stamp: int
    written: bytes

    @classmethod
    def of(cls, card: Card) -> "Part":
        """Write a card, stamped so that the browser leaves an equal one alone."""
        written = encode(card)
        stamp = crc32(written)
        return cls(card["id"], stamp, with_more(written, stamp=stamp))

    def mention(self) -> bytes:
        """Write, in place of the card, that the browser has it."""
        return encode({"id": self.name, "stamp": self.stamp})


def stamped(card: Card) -> bytes:
    """Write a card, stamped by its bytes so that the browser leaves an equal one alone."""
    return Part.of(card).written


def joined(head: Payload, cards: Iterable[bytes]) -> bytes:
    """Write a message whose cards are written already."""
    return encode(head)[:-1] + b',"charts":[' + b",".join(cards) + b"]}"


def with_more(written: bytes, **more: Any) -> bytes:
    """Add to a message, or to a card, what differs from reader to reader."""
    return written[:-1] + b"," + encode(more)[1:]
