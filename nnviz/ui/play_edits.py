"""What a hand does to a playground's run: live knobs go on, settings start afresh and go on learning."""

from collections.abc import Callable, Mapping
from typing import Any

from nnviz.catalog import ACTIVATIONS, check_spec, losses_for, weight_place
from nnviz.catalog.samples import PLANES
from nnviz.charts.playground import MOST_LAYERS, MOST_UNITS, hidden_sizes, is_small
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.ui.board.play_dials import SCALES
from nnviz.words import errors
from nnviz.words.language import message

_LOSSES = ("binary_cross_entropy", "cross_entropy")  # one answer for two classes, else one for each
_USUAL_UNITS = 4
LIVE = ("optimizer.lr", *SCALES)


def is_playable(spec: ExperimentSpec) -> bool:
    """Tell whether the playground can show a run."""
    return spec.dataset.name in PLANES and is_small(spec)


def check_playable(spec: ExperimentSpec) -> ExperimentSpec:
    """Return the spec of a run that the playground can show; raise ValueError, naming what it can, otherwise."""
    if is_playable(spec):
        return spec
    raise ValueError(
        message(
            errors.CHOICES["playable"],
            layers=MOST_LAYERS,
            units=MOST_UNITS,
            choices=errors.listed(PLANES),
            model=str(spec.model),
            dataset=spec.dataset.name,
        )
    )


def turn(session: Session, name: str, value: Any) -> None:
    """Do what a dial of that name asks for; raises ValueError for a name or a value that is none."""
    if weight_place(name) is not None:
        session.run.apply(Change(0, name, _number(value)), (0,))
        return
    was_over = session.glance().status.is_over
    if name in LIVE:
        session.turn(name, _scaled(name, _number(value)))
    else:
        edit = edit_of(name)
        session.edit(lambda spec: check_spec(check_playable(edit(spec, value))))
    if was_over:  # whoever turns something wants to see what comes of it
        session.play()


def _scaled(name: str, value: float) -> float:
    scale = SCALES.get(name)
    return scale[_place(value, len(scale))] if scale else value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(message(errors.NUMBERS["number"], name="value", value=value))
    return float(value)


def _place(value: Any, count: int) -> int:
    """Read a place in a list."""
    place = _number(value)
    if not 0 <= place < count or place != int(place):
        raise ValueError(message(errors.NUMBERS["whole_within"], name="value", low=0, high=count - 1, value=value))
    return int(place)


def edit_of(name: str) -> Callable[[ExperimentSpec, Any], ExperimentSpec]:
    """Return what a setting's dial does to a spec; raises ValueError for a name that is none."""
    if name.startswith("units."):
        return lambda spec, value: _with_units(spec, name.removeprefix("units."), value)
    if name not in _EDITS:
        raise ValueError(message(errors.CHOICES["live"], target=name, choices=errors.listed([*LIVE, *_EDITS])))
    return _EDITS[name]


def _with_data(spec: ExperimentSpec, value: Any) -> ExperimentSpec:
    dataset = Choice(str(value))
    if dataset.name not in PLANES or dataset.name == spec.dataset.name:
        return spec.with_(dataset=dataset) if dataset.name not in PLANES else spec
    offered = losses_for(dataset)
    return spec.with_(dataset=dataset, loss=Choice(next(name for name in _LOSSES if name in offered)))


def _with_noise(spec: ExperimentSpec, value: Any) -> ExperimentSpec:
    return spec.with_(dataset=spec.dataset.with_knobs(noise=round(_number(value), 3)))


def _with_size(spec: ExperimentSpec, value: Any) -> ExperimentSpec:
    return spec.with_(dataset=spec.dataset.with_knobs(size=round(_number(value))))


def _with_activation(spec: ExperimentSpec, value: Any) -> ExperimentSpec:
    names = list(ACTIVATIONS)
    return spec.with_(activation=Choice(names[_place(value, len(names))]))


def _with_layers(spec: ExperimentSpec, value: Any) -> ExperimentSpec:
    """Cut hidden layers off, or add some like the last one."""
    sizes = hidden_sizes(spec)
    more = [sizes[-1] if sizes else _USUAL_UNITS] * MOST_LAYERS
    return _with_sizes(spec, [*sizes, *more][: _place(value, MOST_LAYERS + 1)])


def _with_units(spec: ExperimentSpec, layer: str, value: Any) -> ExperimentSpec:
    """Change the units of a hidden layer (from 0), unless it has gone meanwhile."""
    sizes = list(hidden_sizes(spec))
    if not layer.isdecimal() or int(layer) >= len(sizes):
        return spec
    sizes[int(layer)] = 1 + _place(_number(value) - 1, MOST_UNITS)
    return _with_sizes(spec, sizes)


def _with_sizes(spec: ExperimentSpec, sizes: list[int]) -> ExperimentSpec:
    return spec.with_(model=spec.model.with_knobs(hidden=",".join(map(str, sizes))))


_EDITS: Mapping[str, Callable[[ExperimentSpec, Any], ExperimentSpec]] = {
    "dataset": _with_data,
    "dataset.noise": _with_noise,
    "dataset.size": _with_size,
    "activation": _with_activation,
    "layers": _with_layers,
}
