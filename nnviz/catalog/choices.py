"""Values of live knobs, as a spec has them and as a link writes them."""

from nnviz.catalog.switches import entry_of, live_of
from nnviz.specs.experiment import Choice, ExperimentSpec


def knob_of(spec: ExperimentSpec, target: str) -> float:
    """Return the value of a live target that a spec starts with."""
    if target == "batch_size":
        return spec.batch_size
    field, _, knob = target.partition(".")
    choice = live_of(spec)[field]
    return float(entry_of(field, choice).values(choice)[knob])


def trimmed(choice: Choice, field: str = "optimizer") -> Choice:
    """Leave out the knobs at their defaults, so that links stay short."""
    usual = {knob.name: knob.default for knob in entry_of(field, choice).knobs}
    return Choice(choice.name, {name: value for name, value in choice.knobs.items() if value != usual[name]})


def with_knob(spec: ExperimentSpec, target: str, value: float) -> ExperimentSpec:
    """Return a spec that starts with another value of a live target."""
    if target == "batch_size":
        return spec.with_(batch_size=int(value))
    field, _, knob = target.partition(".")
    return spec.with_(**{field: trimmed(live_of(spec)[field].with_knobs(**{knob: value}), field)})
