"""Dials on a board: those that choose what it shows of a run, such as a picture, and those that turn it."""

from nnviz.records.run import Snapshot
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.play_dials import play_dials
from nnviz.ui.board.protocol import Dial
from nnviz.words.models import page as words

_PICTURES = 60  # test pictures to choose from


def own_dials(snapshot: Snapshot, layout: Layout) -> list[Dial]:
    """Describe the dials that a layout has, as far as there is something to choose."""
    found = []
    if "picture" in layout.dials and snapshot.scene:
        found.append(_picture(min(_PICTURES, snapshot.scene.test_count), layout.question.picture))
    return found + play_dials(snapshot, [name for name in layout.dials if name != "picture"], layout.ends)


def _picture(count: int, picture: int) -> Dial:
    label, help_text = words.DIALS["picture"]
    return {
        "id": "picture", "label": label, "help": help_text, "low": 0, "high": count - 1, "step": 1, "log": False,
        "value": min(picture, count - 1), "off": False, "words": [str(at + 1) for at in range(count)], "usual": 0,
    }  # fmt: skip
