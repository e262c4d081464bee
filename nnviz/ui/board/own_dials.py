"""Dials on a board: those that choose what it shows of a run, such as a moment, and those that turn it."""

from nnviz.charts import kept_steps
from nnviz.records.run import Snapshot
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.play_dials import play_dials
from nnviz.ui.board.protocol import Dial
from nnviz.words.models import page as words

_OWN = ("moment", "picture")
_PICTURES = 60  # test pictures to choose from


def own_dials(snapshot: Snapshot, layout: Layout) -> list[Dial]:
    """Describe the dials that a layout has, as far as there is something to choose."""
    steps = kept_steps(snapshot) if "moment" in layout.dials else []
    found = [_moment(steps, layout.view.moment)] if len(steps) > 1 else []
    if "picture" in layout.dials and snapshot.scene:
        found.append(_picture(min(_PICTURES, snapshot.scene.test_count), layout.question.picture))
    return found + play_dials(snapshot, [name for name in layout.dials if name not in _OWN])


def _moment(steps: list[int], at: float | None) -> Dial:
    """Describe the dial that goes back in time over the records that are kept."""
    place = len(steps) - 1 if at is None else max(0, sum(step <= at for step in steps) - 1)
    names = [f"{step:,}" for step in steps[:-1]] + [words.FAMILY["now"]]
    return _dial("moment", len(steps) - 1, place, names, len(steps) - 1)


def _picture(count: int, picture: int) -> Dial:
    return _dial("picture", count - 1, min(picture, count - 1), [str(at + 1) for at in range(count)], 0)


def _dial(name: str, high: int, value: int, names: list[str], usual: int) -> Dial:
    label, help_text = words.DIALS[name]
    return {
        "id": name, "label": label, "help": help_text, "low": 0, "high": high, "step": 1, "log": False,
        "value": value, "off": False, "words": names, "usual": usual,
    }  # fmt: skip
