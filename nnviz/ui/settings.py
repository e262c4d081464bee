"""The sidebar: what to build. Each change starts a fresh run from the same seed; the seat owns all values."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from nnviz.catalog import CATALOGUES, MODELS, Entry, check_spec, datasets_for, devices, losses_for, optimizers_of
from nnviz.catalog.models import MOST_LAYERS, MOST_UNITS, hidden_units
from nnviz.records import Snapshot
from nnviz.spec import Choice, ExperimentSpec, Value
from nnviz.ui import texts
from nnviz.ui.registry import hall
from nnviz.ui.seats import Seat
from nnviz.ui.widgets import is_echo, knob_widget, mirror, number

BATCHES = tuple(2**power for power in range(11))
_EPOCHS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 0)


def settings(seat: Seat, snapshot: Snapshot, *, is_locked: bool) -> None:
    """Draw the three parts of the sidebar in reading order."""
    spec = seat.present_spec(snapshot)
    menu = partial(_menu, seat, spec, is_locked)
    _heading("data")
    menu("dataset", datasets_for(spec.model))
    _heading("network")
    _network(seat, spec, is_locked)
    if MODELS[spec.model.name].bends:
        menu("activation")
    menu("initializer")
    _heading("training")
    menu("loss", losses_for(spec.dataset, spec.model))
    if seat.kind == "race":
        _batch_size(seat, spec, is_locked)
    else:
        for field in optimizers_of(spec):
            menu(field)
    _schedule(seat, spec, is_locked)


def _heading(name: str) -> None:
    """Draw a part's title; the part that a link points at stands out."""
    is_meant = st.session_state.get("part") == name
    st.subheader(f":primary-background[{texts.SECTIONS[name]}]" if is_meant else texts.SECTIONS[name])


def _menu(seat: Seat, spec: ExperimentSpec, is_locked: bool, kind: str, offered: Sequence[str] = ()) -> None:
    """Draw the menu of one catalogue with the note of the chosen entry and its knobs that need a fresh run."""
    catalogue, choice = _catalogue(kind), _choice(spec, kind)
    label, help_text = _label(spec, kind)
    entry = catalogue[choice.name]
    mirror(_key(kind), choice.name)
    st.selectbox(
        label,
        list(offered or catalogue),
        format_func=lambda name: catalogue[name].label,
        key=_key(kind),
        help=f"{help_text}\n\n**{entry.label}.** {entry.note}",
        on_change=_change,
        args=(seat.id, _key(kind), partial(_chosen, kind)),
        disabled=is_locked,
    )
    _knobs(seat, kind, choice, is_locked)


def _catalogue(kind: str) -> Mapping[str, Entry[Any]]:
    return CATALOGUES[kind if kind in CATALOGUES else "optimizer"]


def _choice(spec: ExperimentSpec, kind: str) -> Choice:
    return spec.optimizer_of(kind) if kind in optimizers_of(spec) else getattr(spec, kind)


def _label(spec: ExperimentSpec, kind: str) -> tuple[str, str]:
    """Name a menu; of several players, each one's optimizer by the player."""
    players = MODELS[spec.model.name].task.players
    if len(players) == 1 or kind not in players:
        return texts.SETTINGS[kind]
    label, help_text = texts.SETTINGS["players"]
    return label.format(player=players[kind].capitalize()), help_text.format(player=players[kind])


def _network(seat: Seat, spec: ExperimentSpec, is_locked: bool) -> None:
    """Draw the menu of families, but on a family's own page, and what the chosen one can be given."""
    if seat.kind in ("train", "race"):
        _menu(seat, spec, is_locked, "model")
    else:
        _knobs(seat, "model", spec.model, is_locked)
    if spec.model.name == "mlp":
        _layers(seat, spec, is_locked)


def _knobs(seat: Seat, kind: str, choice: Choice, is_locked: bool) -> None:
    """Draw the knobs of an entry that need a fresh run; an MLP's layers have fields of their own."""
    entry = _catalogue(kind)[choice.name]
    values = entry.values(choice)
    for knob in entry.knobs:
        if not knob.live and (kind, choice.name) != ("model", "mlp"):
            key = _key(kind, choice.name, knob.name)
            args = (seat.id, key, kind, choice.name, knob.name)
            knob_widget(knob, values[knob.name], key, _turn, args=args, disabled=is_locked)


def _layers(seat: Seat, spec: ExperimentSpec, is_locked: bool) -> None:
    """Draw the number of hidden layers and the units of each."""
    units = _units(spec)
    common: dict[str, Any] = {"on_change": _change, "disabled": is_locked}
    _field("layers", len(units))
    st.slider(
        texts.SETTINGS["layers"][0], 0, MOST_LAYERS, key=_key("layers"), help=texts.SETTINGS["layers"][1],
        args=(seat.id, _key("layers"), _with_layers), **common,
    )  # fmt: skip
    with st.container(key="layers"):
        rows = [st.columns(3, gap="xsmall", wrap=False) for _ in range(0, len(units), 3)]
    for place, count in enumerate(units):
        _field(f"units.{place}", count)
        label, help_text = (text.format(number=place + 1) for text in texts.SETTINGS["units"])
        rows[place // 3][place % 3].number_input(
            label, 1, MOST_UNITS, key=_key(f"units.{place}"), help=help_text,
            args=(seat.id, _key(f"units.{place}"), partial(_with_units, place)), **common,
        )  # fmt: skip


def _batch_size(seat: Seat, spec: ExperimentSpec, is_locked: bool) -> None:
    """Draw the batch size of a race: the same for all lanes, from the first update on."""
    _field("batch_size", spec.batch_size)
    edit: Edit = lambda old, value: old.with_(batch_size=value)  # noqa: E731
    st.select_slider(
        texts.BATCH_SIZE[0], sorted({*BATCHES, spec.batch_size}), format_func=number, key=_key("batch_size"),
        help=texts.BATCH_SIZE[1], disabled=is_locked, on_change=_change, args=(seat.id, _key("batch_size"), edit),
    )  # fmt: skip


def _schedule(seat: Seat, spec: ExperimentSpec, is_locked: bool) -> None:
    """Draw epochs, seed and device."""
    for name in ("epochs", "seed", "device"):
        _field(name, getattr(spec, name))

    def common(name: str) -> dict[str, Any]:
        edit: Edit = lambda old, value: old.with_(**{name: value})  # noqa: E731
        args = (seat.id, _key(name), edit)
        help_text = texts.SETTINGS[name][1]
        return {"key": _key(name), "help": help_text, "on_change": _change, "args": args, "disabled": is_locked}

    stops = [*sorted({*_EPOCHS, spec.epochs} - {0}), 0]
    st.select_slider(
        texts.SETTINGS["epochs"][0],
        stops,
        format_func=lambda n: number(n) if n else texts.UNTIL_STOPPED,
        **common("epochs"),
    )
    st.number_input(texts.SETTINGS["seed"][0], 0, 2**31 - 1, step=1, **common("seed"))
    st.selectbox(texts.SETTINGS["device"][0], devices(), format_func=str.upper, **common("device"))


Edit = Callable[[ExperimentSpec, Any], ExperimentSpec]


def _key(*parts: str) -> str:
    return ".".join(("set", *parts))


def _field(name: str, value: Value) -> None:
    mirror(_key(name), value)


def _change(seat_id: str, key: str, edit: Edit) -> None:
    """Start a fresh run with one setting changed, or keep the old one and say why not."""
    seat = hall().find(seat_id)
    value = st.session_state.get(key)
    if seat is None or value is None or is_echo(key):
        return
    try:
        seat.restart_with(lambda spec: check_spec(edit(spec, value)))
    except ValueError as error:
        st.session_state["note"] = texts.TRAIN["refused"].format(reason=str(error).rstrip("."))


def _turn(seat_id: str, key: str, kind: str, name: str, knob: str) -> None:
    """Turn an entry's knob; while data is read, a browser may still report on an entry that is no longer chosen."""
    seat = hall().find(seat_id)
    if seat is not None and _choice(seat.spec, kind).name == name:
        _change(seat_id, key, partial(_turned, kind, knob))


def _chosen(kind: str, spec: ExperimentSpec, name: str) -> ExperimentSpec:
    """Choose another entry, with the knobs it had when it was last chosen here."""
    shelf: dict[str, Choice] = st.session_state.setdefault("shelf", {})
    before = _choice(spec, kind)
    shelf[f"{kind}.{before.name}"] = before
    taken = shelf.get(f"{kind}.{name}")
    if kind == "model":
        return _with_family(spec, taken or MODELS[name].usual.model)
    others = MODELS[spec.model.name].usual_for
    if kind == "dataset" and others:
        return _with_data(spec, name, taken, others.get(name, MODELS[spec.model.name].usual))
    chosen = spec.with_(**{kind: taken or Choice(name)})
    offered = losses_for(chosen.dataset, chosen.model)
    return chosen if chosen.loss.name in offered else chosen.with_(loss=Choice(offered[0]))


def _with_data(spec: ExperimentSpec, name: str, taken: Choice | None, usual: ExperimentSpec) -> ExperimentSpec:
    """Choose other data with the settings that suit it; the network stays as it is."""
    dataset = taken or (usual.dataset if usual.dataset.name == name else Choice(name))
    kept = {name: getattr(spec, name) for name in ("model", "activation", "seed", "epochs", "device")}
    return usual.with_(dataset=dataset, **kept)


def _with_family(spec: ExperimentSpec, model: Choice) -> ExperimentSpec:
    """Choose another family with the settings that suit it; the data set stays where it can learn from it."""
    family = MODELS[model.name]
    dataset = spec.dataset if spec.dataset.name in datasets_for(model) else family.usual.dataset
    usual = family.usual_for.get(dataset.name, family.usual)
    offered = losses_for(dataset, model)
    loss = next((each for each in (usual.loss, spec.loss) if each.name in offered), Choice(offered[0]))
    return usual.with_(model=model, dataset=dataset, loss=loss, seed=spec.seed, epochs=spec.epochs, device=spec.device)


def _turned(kind: str, knob: str, spec: ExperimentSpec, value: Value) -> ExperimentSpec:
    return spec.with_(**{kind: _choice(spec, kind).with_knobs(**{knob: value})})


def _units(spec: ExperimentSpec) -> tuple[int, ...]:
    return hidden_units(MODELS[spec.model.name].values(spec.model)["hidden"])


def _with_layers(spec: ExperimentSpec, count: int) -> ExperimentSpec:
    units = _units(spec)
    last = units[-1] if units else 8
    return _turned("model", "hidden", spec, _spell([*units, *[last] * MOST_LAYERS][:count]))


def _with_units(place: int, spec: ExperimentSpec, count: int) -> ExperimentSpec:
    units = list(_units(spec))
    units[place] = count
    return _turned("model", "hidden", spec, _spell(units))


def _spell(units: Sequence[int]) -> str:
    return ",".join(map(str, units))
