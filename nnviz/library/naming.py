"""What saved runs are called."""

from collections.abc import Mapping

from nnviz.catalog import CATALOGUES
from nnviz.library.saved import Saved
from nnviz.specs.experiment import Choice
from nnviz.words.language import say


def settings_of(run: Saved) -> str:
    """Name a run's data, network and optimizers in a few words."""
    return settings_of_query(run.kind, run.query)


def settings_of_query(page: str, query: Mapping[str, str]) -> str:
    """Name what a link of a page trains in a few words."""
    lanes = query.get("lanes", "").split(";") if page == "race" else [query.get("optimizer", "")]
    parts = [("dataset", query.get("dataset", "")), ("model", query.get("model", ""))]
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
