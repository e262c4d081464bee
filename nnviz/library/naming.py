"""What saved runs are called."""

from nnviz.catalog import CATALOGUES
from nnviz.library.saved import Saved
from nnviz.specs.experiment import Choice
from nnviz.words.language import say


def settings_of(run: Saved) -> str:
    """Name a run's data, network and optimizers in a few words."""
    lanes = run.query.get("lanes", "").split(";") if run.kind == "race" else [run.query.get("optimizer", "")]
    parts = [("dataset", run.query.get("dataset", "")), ("model", run.query.get("model", ""))]
    return " · ".join(_label(kind, text) for kind, text in [*parts, *(("optimizer", lane) for lane in lanes)] if text)


def _label(kind: str, text: str) -> str:
    try:
        choice = Choice.parse(text)
    except ValueError:
        return text
    entry = CATALOGUES[kind].get(choice.name)
    knob = choice.knobs.get("hidden") or choice.knobs.get("lr")
    name = say(entry.label) if entry else choice.name
    return f"{name} {knob}" if knob else name
