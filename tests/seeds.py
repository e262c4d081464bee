"""Several seeds judged together: training is chaotic, and another processor or another torch rounds otherwise."""

from collections.abc import Callable, Iterable
from functools import cache
from statistics import mean
from typing import TypeVar

from nnviz.records.run import Record
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training import Detail, Experiment
from nnviz.training.measure import Observer
from nnviz.ui.families.family_page import FamilyPage

SEEDS = (1, 2, 3, 4, 5)
FEW = SEEDS[:3]  # where a network is slow to train and what it reaches lies far from the bound with every seed
Test = TypeVar("Test", bound=Callable[..., None])


@cache
def stories(spec: ExperimentSpec, *moments: int, seeds: tuple[int, ...] = SEEDS) -> tuple[tuple[Record, ...], ...]:
    """Train with each of the seeds and measure after so many updates: a row for each moment, a column for each seed."""
    return tuple(zip(*(story(spec.with_(seed=seed), moments) for seed in seeds), strict=True))


def story(spec: ExperimentSpec, moments: Iterable[int]) -> list[Record]:
    """Train once and measure after so many updates."""
    experiment, found = Experiment(spec), []
    for moment in moments:
        experiment.advance(moment - experiment.step)
        found.append(Observer(experiment).measure(Detail.SCORES))
    return found


def accuracies(records: Iterable[Record]) -> list[float]:
    """The test accuracies, one for each seed."""
    return [record.test_accuracy or 0.0 for record in records]


def accuracy(records: Iterable[Record]) -> float:
    """The mean test accuracy over the seeds."""
    return mean(accuracies(records))


def loss(records: Iterable[Record]) -> float:
    """The mean training loss over the seeds."""
    return mean(record.train_loss for record in records)


def most(held: Iterable[bool]) -> bool:
    """Tell whether something holds for four seeds of five, or more."""
    found = list(held)
    return sum(found) >= 0.8 * len(found)


def edited(page: FamilyPage, label: str, usual: ExperimentSpec) -> ExperimentSpec:
    """Return the settings that a card sets up."""
    return next(each for each in page.tries if each.label == label).edit(usual)


def claims(family: str, *labels: str) -> Callable[[Test], Test]:
    """Note on a test whose words it holds: the labels of a model's cards, or "idea"."""

    def noted(test: Test) -> Test:
        test.claims = [*getattr(test, "claims", []), *((family, label) for label in labels)]  # type: ignore[attr-defined]
        return test

    return noted
