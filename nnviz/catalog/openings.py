"""What each page opens with, and how its links are read."""

from collections.abc import Mapping

from nnviz.catalog.links import read_pairing, read_planned, read_race
from nnviz.catalog.models import MODELS
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.planned import Planned
from nnviz.specs.race import RaceSpec

FIRST = ExperimentSpec(epochs=0)  # Train learns until stopped
FIRST_RACE = RaceSpec(ExperimentSpec(epochs=20))
FIRST_PLAYGROUND = ExperimentSpec(
    dataset=Choice("circles"),
    model=Choice.of("mlp", hidden="4,2"),
    activation=Choice("tanh"),
    initializer=Choice("glorot_normal"),
    loss=Choice("binary_cross_entropy"),
    optimizer=Choice.of("adam", lr=0.03),
    batch_size=16,
    epochs=0,
)


def first_of(model: str) -> Pairing:
    """Return what a model's page opens with."""
    return Pairing(MODELS[model].usual, MODELS[model].beside)


def read_page(page: str, query: Mapping[str, str]) -> Planned | RaceSpec:
    """Read the link of a page as that page does; ValueError for what cannot be run.

    page: "home", "train", "race" or the name of a model.
    """
    if page == "race":
        return read_race(query, FIRST_RACE)
    if page in MODELS:
        return read_pairing(query, first_of(page))
    return read_planned(query, FIRST_PLAYGROUND if page == "home" else FIRST)
