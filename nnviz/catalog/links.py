"""Links read as a visitor brings them: filled up with what suits the parts that are named, and checked."""

from collections.abc import Mapping
from dataclasses import replace

from nnviz.catalog.check import check_pairing, check_planned, check_race, check_spec
from nnviz.catalog.suiting import suited
from nnviz.catalog.surfaces import check_descent
from nnviz.specs.descent import DescentSpec
from nnviz.specs.experiment import ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.planned import ON_THE_WAY, Planned, read_way
from nnviz.specs.race import RaceSpec
from nnviz.words import errors
from nnviz.words.language import message


def read_experiment(query: Mapping[str, str], first: ExperimentSpec | None = None) -> ExperimentSpec:
    """Read a link's parameters; missing ones are those of `first` (the defaults) that suit what is named.

    Raises ValueError, naming the value and the alternatives, for anything that cannot be run.
    """
    return check_spec(suited(ExperimentSpec.parse(query), first or ExperimentSpec()))


def read_planned(query: Mapping[str, str], first: ExperimentSpec | None = None) -> Planned:
    """Read the link of a run with its journal, as `read_experiment` does."""
    spec = read_experiment({name: query[name] for name in query if name not in ON_THE_WAY}, first)
    return check_planned(Planned(spec, **read_way(query)))


def read_race(query: Mapping[str, str], first: RaceSpec | None = None) -> RaceSpec:
    """Read a race's link, as `read_experiment` does."""
    first = first or RaceSpec()
    read = RaceSpec.parse(query)
    base = read_experiment({name: query[name] for name in query if name not in RaceSpec.OWN}, first.base)
    return check_race(replace(first, **{"journal": (), "branches": (), **read, "base": base}))


def read_descent(query: Mapping[str, str]) -> DescentSpec:
    """Read a descent's link; missing parameters take their default, and what cannot be walked is refused."""
    return check_descent(DescentSpec.from_query(query))


def read_pairing(query: Mapping[str, str], first: Pairing) -> Pairing:
    """Read the link of a model's page; other data is no reason to leave the model, another model is refused."""
    named = {"model": str(first.spec.model), **query}
    spec = read_experiment({key: text for key, text in named.items() if key not in ("beside", *ON_THE_WAY)}, first.spec)
    if spec.model.name != first.spec.model.name:
        raise ValueError(message(errors.LINKS["model"], shown=first.spec.model.name, model=spec.model.name))
    return check_pairing(Pairing(spec, query.get("beside", first.beside), **read_way(query)))
