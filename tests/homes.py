"""Where each entry of a catalogue can train: small settings that go with it."""

from collections.abc import Iterator

from nnviz.catalog import CATALOGUES, DATASETS, LOSSES, MODELS, SWITCHES, losses_for
from nnviz.specs.experiment import Choice, ExperimentSpec

SMALL = ExperimentSpec(
    dataset=Choice.of("moons", size=100), model=Choice.of("mlp", hidden="8"), activation=Choice("tanh"), epochs=0
)
HOMES = {"cross_entropy": "blobs", "binary_cross_entropy": "moons", "mse": "moons", "gaussian_nll": "sine"}
EVERYTHING = {**CATALOGUES, **SWITCHES}
PICTURES_ONLY = {"conv"}  # kinds of layers
# A family's network at its smallest: with every part of it, and built and measured in a fraction of the time.
SMALLEST = {
    "alexnet": Choice.of("alexnet", channels=4, units=16),
    "autoencoder": Choice.of("autoencoder", hidden="16,8"),
    "densenet": Choice.of("densenet", growth_rate=4, layers=2, blocks=2),
    "gan": Choice.of("gan", width=16),
    "googlenet": Choice.of("googlenet", width=16, blocks=2),
    "lstm": Choice.of("lstm", hidden=8),
    "resnet": Choice.of("resnet", depth=8, width=4),
}
FEW = {"train_size": 300, "size": 500, "steps": 8}  # examples, and steps of each
DATA = [name for name in DATASETS if not DATASETS[name].download and name != "mnist"]
BESIDE = [kind for kind in EVERYTHING if kind not in ("dataset", "model", "loss")]


def at_home(kind: str, choice: Choice) -> ExperimentSpec:
    """Put a choice into a small spec that it can train in."""
    if kind == "dataset":
        return with_data(SMALL, choice)
    if kind == "loss" and LOSSES[choice.name].build().versus:
        return MODELS["gan"].usual.with_(loss=choice)
    if kind == "loss":
        return SMALL.with_(dataset=Choice(HOMES[choice.name]), loss=choice)
    if kind == "model":
        usual = MODELS[choice.name].usual.with_(model=choice, epochs=0)
        return usual.with_(dataset=Choice("digits")) if choice.knobs.get("kind") in PICTURES_ONLY else usual
    return SMALL.with_(**{kind: choice})


def smallest(family: str) -> ExperimentSpec:
    """Return a family's own settings with its smallest network and few examples."""
    usual = MODELS[family].usual.with_(model=SMALLEST[family], epochs=0)
    own = {knob.name for knob in DATASETS[usual.dataset.name].knobs}
    return usual.with_(dataset=usual.dataset.with_knobs(**{name: FEW[name] for name in FEW if name in own}))


def everything() -> Iterator[ExperimentSpec]:
    """Every model, every loss, and every data set that needs no files, with all other entries in turn beside it."""
    for kind in ("model", "loss"):
        yield from (at_home(kind, SMALLEST.get(name, Choice(name))) for name in EVERYTHING[kind])
    for place, name in enumerate(DATA):
        names = {kind: [*EVERYTHING[kind]] for kind in BESIDE}
        others = {kind: Choice(among[place % len(among)]) for kind, among in names.items()}
        yield at_home("dataset", Choice(name)).with_(**others)


def named(spec: ExperimentSpec) -> str:
    """Tell the settings of `everything` apart."""
    return f"{spec.model.name} {spec.dataset.name} {spec.loss.name} {spec.optimizer.name}"


def with_data(spec: ExperimentSpec, dataset: Choice) -> ExperimentSpec:
    """Put a data set into a spec, with a network that can learn from it."""
    if DATASETS[dataset.name].kind == "text":
        spec = spec.with_(model=Choice.of("lstm", hidden=8))
    return spec.with_(dataset=dataset, loss=Choice(losses_for(dataset, spec.model)[0]))
