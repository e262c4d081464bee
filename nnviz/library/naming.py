"""What saved runs are called."""

from collections.abc import Iterable, Mapping

from nnviz.catalog import CATALOGUES, MODELS, entry_of, live_of, optimizers_of
from nnviz.library.saved import Saved
from nnviz.library.told import settings_told
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.planned import Planned
from nnviz.specs.race import LaneChange, RaceSpec
from nnviz.words.language import Text
from nnviz.words.messages import PLAYERS

WORDS: Mapping[str, Text] = {
    f"{kind}:{name}": entry.label for kind, catalogue in CATALOGUES.items() for name, entry in catalogue.items()
}


def settings_of(run: Saved) -> str:
    """Name a run's data, network and optimizers in a few words."""
    return settings_of_query(run.kind, run.query)


def settings_of_query(page: str, query: Mapping[str, str]) -> str:
    """Name what a link of a page trains in a few words."""
    return settings_told(page, query, WORDS)


def words_of(plan: Planned | RaceSpec) -> dict[str, Text]:
    """Return what readers call the ids of a plan's link, so that it can be told without the catalogue."""
    targets = {(turn.change if isinstance(turn, LaneChange) else turn).target for turn in plan.journal}
    targets |= {change.target for branch in plan.branches for change in branch.changes}
    specs = [plan.spec.with_(optimizer=lane) for lane in plan.lanes] if isinstance(plan, RaceSpec) else [plan.spec]
    specs += [plan.spec.with_(optimizer=branch.optimizer) for branch in plan.branches if branch.optimizer]
    return {name: text for spec in specs for name, text in _words(spec, targets)}


def _words(spec: ExperimentSpec, targets: set[str]) -> Iterable[tuple[str, Text]]:
    named = [("dataset", spec.dataset), ("model", spec.model)]
    named += [("optimizer", choice) for choice in optimizers_of(spec).values()]
    for name in (f"{kind}:{choice.name}" for kind, choice in named):
        yield name, WORDS[name]
    for field, choice in live_of(spec).items():
        knobs = {f"{field}.{knob.name}": knob.label for knob in entry_of(field, choice).knobs}
        yield from ((name, label) for name, label in knobs.items() if name in targets)
    players = MODELS[spec.model.name].task.players
    if targets and len(players) > 1:
        yield from ((field, PLAYERS[name]) for field, name in players.items())
