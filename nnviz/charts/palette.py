"""Colours that mean the same on every chart, on a dark and on a light page."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from nnviz.records.run import Comparison, Lane, comparison_of

# Okabe and Ito's colours, told apart by colour-blind readers; black became grey for dark pages.
BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, GREY = "#CC79A7", "#56B4E9", "#F0E442", "#8C8C8C"

VIOLET, BROWN = "#7F5FD0", "#96694C"  # for the ninth and tenth of ten classes

CLASS_COLOURS = (ORANGE, BLUE, GREEN, PURPLE, SKY, VERMILLION, YELLOW, GREY, VIOLET, BROWN)

GHOST = "rgba(140,140,140,0.55)"
FAINT = "rgba(140,140,140,0.35)"
CLEAR = "rgba(0,0,0,0)"
RIGHT, WRONG = GREEN, "#D9342B"
POSITIVE, NEGATIVE = "#1F83D0", "#EE8A1D"  # the two ends of the signed scale


class Style(NamedTuple):
    """A line's colour and dash pattern."""

    colour: str
    dash: str


TRAIN, TEST = Style("#2A8FD6", "solid"), Style(VERMILLION, "dash")
TEST_DASH = "2px,3px"  # of a lane's test curve, beside its own dash for training

OPTIMIZER_STYLES = {
    "sgd": Style(GREY, "solid"),
    "momentum": Style(BLUE, "dash"),
    "nag": Style(SKY, "solid"),
    "adagrad": Style(GREEN, "dashdot"),
    "adadelta": Style(GREEN, "longdash"),
    "rmsprop": Style(PURPLE, "longdash"),
    "adam": Style(VERMILLION, "solid"),
    "adamw": Style(ORANGE, "dash"),
    "adamax": Style(VERMILLION, "dashdot"),
    "nadam": Style(ORANGE, "longdashdot"),
    "radam": Style(PURPLE, "dot"),
}
_PAIR = (Style("#2A8FD6", "solid"), Style(VERMILLION, "dash"))
_BRANCHES = (
    *_PAIR, Style(GREEN, "dashdot"), Style(PURPLE, "longdash"), Style(ORANGE, "dot"), Style(SKY, "solid"),
    Style(GREY, "dash"), Style(BROWN, "longdashdot"),
)  # fmt: skip
_SPARE = tuple(Style(colour, dash) for dash in ("dot", "solid", "dash") for colour in (BLUE, GREEN, ORANGE, SKY, GREY))


# Of saved runs, which keep theirs wherever they are drawn; of several with one colour the dash tells.
RUN_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, VIOLET, BROWN)
_RUN_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "2px,4px", "8px,3px")


def run_styles(colours: Sequence[int]) -> tuple[Style, ...]:
    """Return the styles of some runs by the places of their colours; the first of a colour is drawn without gaps."""
    return tuple(
        Style(RUN_COLOURS[colour], _RUN_DASHES[colours[:place].count(colour) % len(_RUN_DASHES)])
        for place, colour in enumerate(colours)
    )


def lane_styles(lanes: Sequence[Lane]) -> tuple[Style, ...]:
    """Give each lane its optimizer's style, the same for all seeds of a racer; a second racer gets a spare one.

    Lanes that keep a look of their own have that.
    """
    looks = [lane.look for lane in lanes]
    if all(looks):
        return tuple(Style(*look) for look in looks if look)
    if comparison_of(lanes) in (Comparison.BRANCH, Comparison.TWIN):
        return tuple(_BRANCHES[lane.racer % len(_BRANCHES)] for lane in lanes)
    names = {(lane.racer, lane.label): lane.spec.optimizer.name for lane in lanes}
    found = dict(zip(names, styles(list(names.values())), strict=True))
    return tuple(found[lane.racer, lane.label] for lane in lanes)


def styles(names: Sequence[str]) -> tuple[Style, ...]:
    """Give each name of an optimizer its style; one that comes again gets a spare one."""
    taken: list[Style] = []
    for name in names:
        wish = OPTIMIZER_STYLES.get(name, _SPARE[0])
        free = (style for style in (wish, *_SPARE, *OPTIMIZER_STYLES.values()) if style not in taken)
        taken.append(next(free, wish))
    return tuple(taken)


def class_colour(index: int) -> str:
    """Return the colour of a class; beyond ten classes they repeat."""
    return CLASS_COLOURS[index % len(CLASS_COLOURS)]


def rgba(colour: str, alpha: float) -> str:
    """Write a `#rrggbb` colour with an opacity from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


@lru_cache(1024)
def blend(first: str, second: str, share: float) -> str:
    """Mix two `#rrggbb` colours; a share of 0 is the first, 1 the second."""
    pairs = ((int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


MOST_NAMED = 8  # layers with a colour and a name each; of more, the colour tells the depth
_LAYERS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, GREY, VIOLET)


def layer_colour(index: int, count: int) -> str:
    """Return a layer's colour; of many layers, shades from the first one's blue to the last one's orange."""
    return blend(BLUE, ORANGE, index / (count - 1)) if count > MOST_NAMED else _LAYERS[index % len(_LAYERS)]


Scale = list[list[float | str]]


def diverging(strength: float = 1.0, low: str = NEGATIVE, high: str = POSITIVE) -> Scale:
    """Build the signed scale: orange below, blue above, see-through in the middle so that any page shows."""
    return [[0.0, rgba(low, strength)], [0.5, rgba(low, 0)], [0.5, rgba(high, 0)], [1.0, rgba(high, strength)]]


def sequential(colour: str = POSITIVE) -> Scale:
    """Build a scale from see-through (none) to one colour (most)."""
    return [[0.0, rgba(colour, 0)], [1.0, rgba(colour, 1)]]


def steps(colours: Sequence[str]) -> Scale:
    """Build a scale of flat steps for whole numbers from 0 to len(colours) - 1."""
    count = len(colours)
    edges = [(at / count, (at + 1) / count) for at in range(count)]
    return [[edge, colour] for colour, pair in zip(colours, edges, strict=True) for edge in pair]


# Ink on paper for pictures: 0 is no picture at all, 1 black, 255 white.
PICTURE: Scale = [[0.0, CLEAR], [1 / 510, CLEAR], [1 / 510, "#101010"], [1.0, "#f5f5f5"]]
