"""What guessing reaches, as a level across a chart: the least that a network has to beat."""

from collections.abc import Iterable, Sequence
from math import log10, sqrt
from typing import Any

from nnviz.charts import facts
from nnviz.charts.facts import Series
from nnviz.charts.figure import Layout, note
from nnviz.charts.palette import GREY, rgba
from nnviz.records.run import Snapshot
from nnviz.words.charts import PLOT
from nnviz.words.messages import player

_NEAR = 0.25  # of what is drawn; a level that lies no further beyond it belongs to it
_STROKE = {"color": rgba(GREY, 0.8), "dash": "dot", "width": 1}


def guessing(snapshot: Snapshot) -> Layout:
    """Draw the accuracy, in per cent, that pure guessing would reach."""
    classes: Sequence[str] = snapshot.scene.classes if snapshot.scene else ()
    if len(classes) < 2:
        return {}
    level = 100 / len(classes)
    word = note(PLOT["guessing"], 1.0, level, yref="y", xanchor="right", yanchor="bottom", font={"size": 10})
    return {"shapes": [_level(level)], "annotations": [word]}


def prices(snapshot: Snapshot, lines: Iterable[Series], *, is_log: bool = False) -> list[dict[str, Any]]:
    """Draw what guessing costs, as the loss counts it; of two players, what each pays where nobody can tell.

    lines: the losses that are drawn; the word keeps away from the ends of their axis.
    """
    found = snapshot.scene.chance if snapshot.scene else ()
    ends = facts.extent(lines)
    return [
        {**_level(price), "label": {**_word(snapshot, at, price), "yanchor": _side(price, ends, is_log)}}
        for at, price in enumerate(found)
        if _fits(price, is_log)
    ]


def widened(snapshot: Snapshot, low: float, high: float, *, is_log: bool = False) -> tuple[float, float]:
    """Widen the ends of an axis to what guessing costs where that lies little beyond: its word would be cut."""
    found = [price for price in (snapshot.scene.chance if snapshot.scene else ()) if _fits(price, is_log)]
    place = log10 if is_log else float
    room = _NEAR * (place(high) - place(low))
    near = [price for price in found if place(low) - room <= place(price) <= place(high) + room]
    return min(low, *near, low), max(high, *near, high)


def _side(price: float, ends: tuple[float, float], is_log: bool) -> str:
    """Return the end of a word by which it hangs on its level: above one that lies low, else below."""
    middle = sqrt(ends[0] * ends[1]) if is_log and min(ends) > 0 else sum(ends) / 2
    return "bottom" if price < middle else "top"


def _fits(price: float, is_log: bool) -> bool:
    return price > 0 or not is_log


def _level(height: float) -> dict[str, Any]:
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": height, "y1": height, "line": _STROKE}


def _word(snapshot: Snapshot, at: int, price: float) -> dict[str, Any]:
    """Name a level and its height, at its right end."""
    players = snapshot.scene.players if snapshot.scene else ()
    text = (
        PLOT["undecided"].format(player=player(players[at]), loss=facts.number(price))
        if players
        else PLOT["price"].format(loss=facts.number(price))
    )
    return {"text": text, "textposition": "end", "padding": 2, "font": {"size": 10, "color": GREY}}
