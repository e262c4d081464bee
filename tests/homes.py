"""Where each entry of a catalogue can train: small settings that go with it."""

from nnviz.catalog import CATALOGUES, DATASETS, LOSSES, MODELS, SWITCHES, losses_for
from nnviz.specs.experiment import Choice, ExperimentSpec

SMALL = ExperimentSpec(
    dataset=Choice.of("moons", size=100), model=Choice.of("mlp", hidden="8"), activation=Choice("tanh"), epochs=0
)
HOMES = {"cross_entropy": "blobs", "binary_cross_entropy": "moons", "mse": "moons", "gaussian_nll": "sine"}
EVERYTHING = {**CATALOGUES, **SWITCHES}
PICTURES_ONLY = {"conv"}  # kinds of layers


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


def with_data(spec: ExperimentSpec, dataset: Choice) -> ExperimentSpec:
    """Put a data set into a spec, with a network that can learn from it."""
    if DATASETS[dataset.name].kind == "text":
        spec = spec.with_(model=Choice.of("lstm", hidden=8))
    return spec.with_(dataset=dataset, loss=Choice(losses_for(dataset, spec.model)[0]))
