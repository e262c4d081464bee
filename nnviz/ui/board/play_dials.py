"""Dials on a board that turn a run: its live knobs, and the settings that start it afresh."""

from collections.abc import Sequence
from typing import Literal

from nnviz.catalog import ACTIVATIONS, OPTIMIZERS, Knob
from nnviz.catalog.choices import knob_of
from nnviz.charts.playground import MOST_LAYERS, hidden_sizes
from nnviz.records.run import Snapshot
from nnviz.ui.board.protocol import Dial
from nnviz.words import texts
from nnviz.words.language import say
from nnviz.words.numbers import number
from nnviz.words.playground import DIALS

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
DECAYS = (0.0, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3)
SCALES = {"batch_size": BATCHES, "optimizer.weight_decay": DECAYS}  # stops of dials that count them


Ends = tuple[float, float] | None


def play_dials(snapshot: Snapshot, wanted: Sequence[str], ends: Ends = None) -> list[Dial]:
    """Describe the dials of a run that a layout wants, in its order, with the run's present values.

    ends: of a rate, where not the usual ones.
    """
    return [dial for name in wanted if (dial := _play_dial(snapshot, name, ends))]


def _play_dial(snapshot: Snapshot, name: str, ends: Ends) -> Dial | None:
    spec = snapshot.lanes[0].spec
    if name == "activation":
        names = list(ACTIVATIONS)
        return _dial(name, *DIALS[name], names.index(spec.activation.name), [say(entry.label) for entry in
                     ACTIVATIONS.values()], "menu")  # fmt: skip
    if name == "layers":
        count = len(hidden_sizes(spec))
        return _dial(name, *DIALS[name], count, [str(at) for at in range(MOST_LAYERS + 1)], "stepper")
    value = snapshot.lanes[0].knobs.get(name)
    value = knob_of(spec, name) if value is None else value
    return _scaled(name, value) if name in SCALES else _rate(name, value, spec.optimizer.name, ends)


def _scaled(name: str, value: float) -> Dial:
    """Describe a dial that goes from stop to stop; a value between two shows as the nearer one."""
    scale = SCALES[name]
    place = min(range(len(scale)), key=lambda at: abs(scale[at] - value))
    words = [number(stop) for stop in scale]
    words[place] = number(value)
    label, help_text = texts.SETTINGS["batch_size"] if name == "batch_size" else (say(part) for part in _decay())
    return _dial(name, label, help_text, place, words)


def _decay() -> tuple[str, str]:
    knob = _knob("adam", "weight_decay")
    return str(knob.label), str(knob.help)


def _knob(rule: str, name: str) -> Knob:
    return next(knob for knob in OPTIMIZERS[rule].knobs if knob.name == name)


def _rate(name: str, value: float, rule: str, ends: Ends) -> Dial:
    knob = _knob(rule, name.partition(".")[2])
    low, high = ends or knob.shown or (knob.low or 1e-6, knob.high or 1.0)
    return {
        "id": name, "label": say(knob.label), "help": say(knob.help), "low": min(low, value), "high": max(high, value),
        "step": 0, "log": True, "value": value, "off": False, "words": None, "usual": float(knob.default),
    }  # fmt: skip


def _dial(
    name: str, label: str, help_text: str, place: int, words: list[str], kind: Literal["", "menu", "stepper"] = ""
) -> Dial:  # fmt: skip
    dial: Dial = {
        "id": name, "label": label, "help": help_text, "low": 0, "high": len(words) - 1, "step": 1, "log": False,
        "value": place, "off": False, "words": words, "usual": place,
    }  # fmt: skip
    if kind:
        dial["kind"] = kind
    return dial
