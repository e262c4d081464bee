"""What can be chosen by its picture on a board: the data set of a playground."""

from collections.abc import Mapping
from typing import Any

from nnviz.catalog import DATASETS, Knob
from nnviz.catalog.samples import PLANES, sample
from nnviz.charts.chart import PLAIN_VIEW, Chart, View
from nnviz.charts.palette import CLASS_COLOURS, NEGATIVE, POSITIVE
from nnviz.records.run import Snapshot
from nnviz.ui.board.protocol import Choices, Dial, Option
from nnviz.words.language import say
from nnviz.words.playground import DIALS, HELP

_TURNED = ("noise", "size")


def data_choices(snapshot: Snapshot, view: View = PLAIN_VIEW) -> dict[str, Any]:
    """Offer the data sets of a plane, each by its picture, and the knobs of the chosen one."""
    chosen = snapshot.lanes[0].spec.dataset
    knobs = {knob.name: knob for knob in DATASETS[chosen.name].knobs}
    values = DATASETS[chosen.name].values(chosen)
    dials = [_dial(knobs[name], values[name]) for name in _TURNED]
    choices: Choices = {
        "of": "dataset", "chosen": chosen.name, "options": [_option(name) for name in PLANES],
        "pair": [NEGATIVE, POSITIVE], "colours": list(CLASS_COLOURS), "dials": dials,
    }  # fmt: skip
    return {**choices}


def _option(name: str) -> Option:
    entry, (points, classes) = DATASETS[name], sample(name)
    return {"id": name, "label": say(entry.label), "help": say(entry.note), "x": points[:, 0], "y": points[:, 1],
            "classes": classes.tolist()}  # fmt: skip


def _dial(knob: Knob, value: Any) -> Dial:
    label, help_text = DIALS[knob.name]
    low, high = knob.low or 0.0, knob.high or 1.0
    return {
        "id": f"dataset.{knob.name}", "label": label, "help": help_text, "low": low, "high": high,
        "step": 10 if knob.whole else 0.01, "log": False, "value": value, "off": False, "words": None,
        "usual": float(knob.default),
    }  # fmt: skip


CHOICES: Mapping[str, Chart] = {
    "data": Chart("Data", data_choices, HELP, source=lambda snapshot: snapshot.lanes[0].spec.dataset),
}
