"""What the cards "What to try" promise that takes too long for the tests, over five seeds."""

import numpy as np

from benchmarks.data import point_to_data
from benchmarks.report import Report, middle
from nnviz.catalog import MODELS
from nnviz.records.shapes import NOTHING
from nnviz.specs.experiment import ExperimentSpec
from nnviz.training import Detail, Experiment
from nnviz.training.instruments.layer_reads import layer_reads
from nnviz.training.measure import Observer
from nnviz.ui.families.menu import PAGES

SEEDS = (1, 2, 3, 4, 5)
# family, card: updates
CARDS: dict[tuple[str, str], int] = {
    ("alexnet", "MNIST"): 200,
    ("alexnet", "Clothes"): 400,
    ("googlenet", "Twice as wide"): 100,
    ("googlenet", "Nine modules"): 150,
    ("googlenet", "MNIST"): 200,
    ("resnet", "56 layers"): 120,
    ("resnet", "MNIST"): 100,
    ("densenet", "Preferences appear"): 600,
    ("densenet", "MNIST"): 200,
    ("gan", "Another loss"): 1500,
    ("gan", "Digits of 8 by 8 pixels"): 3000,
    ("lstm", "A hundred steps"): 1000,
    ("lstm", "Rows of MNIST"): 300,
}
NOTE = (
    "Seeds {seeds}; the middle one, and from the lowest to the highest. DenseNet: with how many seeds all layers of a "
    "block hear its input most. The cards' texts are held to these."
)


def measure(is_quick: bool) -> Report:
    """Train what each card sets up, and the twin beside it."""
    point_to_data()
    report = Report("What to try", ("model", "card", "updates", "network", "beside it"))
    for (family, label), updates in CARDS.items():
        card = next(each for each in PAGES[family].tries if each.label == label)
        spec, twins = card.edit(MODELS[family].usual), MODELS[family].twins
        beside = _reached(twins[card.beside].edit(spec), updates, is_quick) if card.beside else ""
        report.add(family, label, str(updates), _reached(spec, updates, is_quick), beside)
    report.notes = [NOTE.format(seeds=", ".join(map(str, SEEDS)))]
    return report


def _reached(spec: ExperimentSpec, updates: int, is_quick: bool) -> str:
    found = [_trained(spec.with_(seed=seed), 5 if is_quick else updates) for seed in SEEDS[: 1 if is_quick else None]]
    records = [Observer(experiment).measure(Detail.SCORES) for experiment in found]
    if records[0].test_accuracy is None:
        return middle([record.test_loss for record in records], "{:.3f}")
    right = middle([100 * (record.test_accuracy or 0.0) for record in records], "{:.1f} %")
    return right if spec.model.name != "densenet" else f"{right}; {_preferences(found)}"


def _preferences(found: list[Experiment]) -> str:
    """Say with how many seeds all layers that have a choice hear their block's input most, block by block."""
    seen = [sight.tables for experiment in found if (sight := layer_reads(experiment.look, NOTHING))]
    counts = [
        sum(bool((np.nanargmax(table[1:], 1) == 0).all()) for table in block) for block in zip(*seen, strict=True)
    ]
    return "input heard most in block " + ", ".join(f"{place}: {count}" for place, count in enumerate(counts, 1))


def _trained(spec: ExperimentSpec, updates: int) -> Experiment:
    experiment = Experiment(spec)
    experiment.advance(updates)
    return experiment
