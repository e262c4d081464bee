"""How the loss axis of a chart is laid out: linear or logarithmic, and from where to where."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from nnviz.charts import facts
from nnviz.charts.facts import Series
from nnviz.charts.figure import axis
from nnviz.words.charts import WORDS

_MOSTLY = 0.5  # of a diverged run's losses: where more lie below the ceiling, they are worth an axis of their own


class Scale(NamedTuple):
    """Whether the axis counts powers, and the word that says why where a reader has not asked for it."""

    is_log: bool
    word: str = ""

    @property
    def name(self) -> str:
        """What to tell axes apart by."""
        return "log" if self.is_log else "linear"


def scale(wanted: bool, lines: Iterable[Series]) -> Scale:
    """Choose a log axis where it is wanted and every loss has a place there."""
    if wanted and any((line.y <= 0).any() for line in lines):
        return Scale(False, WORDS["no_log"])
    return Scale(wanted)


def scale_of_lost(wanted: bool, lines: Sequence[Series], batches: Series, top: float) -> Scale:
    """Choose the axis of a run that diverged: powers where most of it is explosion, which no linear axis shows."""
    is_calm = (batches.y <= top).sum() > _MOSTLY * len(batches.y)
    is_positive = all((line.y > 0).all() for line in lines)
    return Scale(True, WORDS["lost_log"]) if is_positive and not (wanted or is_calm) else scale(wanted, lines)


def loss_axis(
    title: str, chosen: Scale, ends: tuple[float, float] | None, ticks: tuple[float, float]
) -> dict[str, Any]:
    """Describe the axis; without `ends` it fits itself to what is drawn. `ticks`: the smallest and largest loss."""
    shape: dict[str, Any] = {} if ends is None else {"range": facts.padded(*ends, chosen.is_log)}
    if chosen.is_log:
        shape |= {"type": "log", **facts.log_ticks(*ticks)}
    return axis(f"{title} ({chosen.word})" if chosen.word else title, **shape)
