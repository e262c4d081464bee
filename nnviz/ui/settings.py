"""The sidebar: what to build. Each change starts a fresh run from the same seed; the session owns all values."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from nnviz.catalog import CATALOGUES, MODELS, Entry, Knob, check_spec, datasets_for, devices, losses_for, optimizers_of
from nnviz.catalog.faults import without_misfit
from nnviz.catalog.models import MOST_LAYERS, MOST_UNITS, hidden_units
from nnviz.catalog.switches import SWITCHES
from nnviz.records.run import Snapshot
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, ExperimentSpec, Value
from nnviz.ui.live_sliders import BATCHES, batch_words
from nnviz.ui.note import refuse
from nnviz.ui.planted import planted
from nnviz.ui.registry import registry
from nnviz.ui.reports import Bound, bound, bound_menu, stops
from nnviz.ui.schedules import preview
from nnviz.ui.switches import switches
from nnviz.ui.widgets import knob_widget
from nnviz.words import texts
from nnviz.words.language import say
from nnviz.words.messages import PLAYERS, player
from nnviz.words.numbers import number

_EPOCHS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000, 0)


def settings(session: Session, snapshot: Snapshot, *, rights: Rights) -> None:
    """Draw the three parts of the sidebar in reading order."""
    spec = session.present_spec(snapshot)
    menu = partial(_menu, session, spec, rights)
    _heading("data")
    menu("dataset", datasets_for(spec.model))
    _heading("network")
    _network(session, spec, rights)
    if MODELS[spec.model.name].bends:
        menu("activation")
    menu("initializer")
    _heading("training")
    menu("loss", losses_for(spec.dataset, spec.model))
    if session.kind == "race":
        _batch_size(session, snapshot, spec, rights)
    else:
        for field in optimizers_of(spec):
            menu(field)
    menu("schedule")
    preview(spec, snapshot)
    _schedule(session, spec, rights)
    switches(
        spec,
        menu,
        partial(_number, session, spec, rights),
        lambda kind: _knobs(session, kind, getattr(spec, kind), rights, is_more=True),
    )
    planted(session, spec, _change, rights=rights)


def _heading(name: str) -> None:
    """Draw a part's title; the part that a link points at stands out."""
    is_meant = st.session_state.get("part") == name
    st.subheader(f":primary-background[{texts.SECTIONS[name]}]" if is_meant else texts.SECTIONS[name])


def _menu(session: Session, spec: ExperimentSpec, rights: Rights, kind: str, offered: Sequence[str] = ()) -> None:
    """Draw the menu of one catalogue with the note of the chosen entry and its knobs that need a fresh run."""
    catalogue, choice = _catalogue(kind), _choice(spec, kind)
    label, help_text = _label(spec, kind)
    entry = catalogue[choice.name]
    st.selectbox(
        label,
        format_func=lambda name: say(catalogue[name].label),
        help=f"{help_text}\n\n**{say(entry.label)}.** {say(entry.note)}",
        disabled=not rights.may_steer,
        **bound_menu(offered or catalogue, _name(kind), choice.name, _change, session.id, partial(_chosen, kind)),
    )
    _knobs(session, kind, choice, rights)


def _catalogue(kind: str) -> Mapping[str, Entry[Any]]:
    return {**CATALOGUES, **SWITCHES}.get(kind, CATALOGUES["optimizer"])


def _choice(spec: ExperimentSpec, kind: str) -> Choice:
    return spec.optimizer_of(kind) if kind in optimizers_of(spec) else getattr(spec, kind)


def _label(spec: ExperimentSpec, kind: str) -> tuple[str, str]:
    """Name a menu; of several players, each one's optimizer by the player."""
    players = MODELS[spec.model.name].task.players
    if len(players) == 1 or kind not in players:
        return texts.SETTINGS[kind]
    label, help_text = texts.SETTINGS["players"]
    name = players[kind]
    return label.format(player=say(PLAYERS[name])), help_text.format(player=player(name))


def _network(session: Session, spec: ExperimentSpec, rights: Rights) -> None:
    """Draw the menu of families, but on a family's own page, and what the chosen one can be given."""
    if session.kind in ("train", "race"):
        _menu(session, spec, rights, "model")
    else:
        _knobs(session, "model", spec.model, rights)
    if spec.model.name == "mlp":
        _layers(session, spec, rights)


def _knobs(session: Session, kind: str, choice: Choice, rights: Rights, *, is_more: bool = False) -> None:
    """Draw the knobs of an entry that need a fresh run, or those for who asks for more; layers have fields."""
    entry = _catalogue(kind)[choice.name]
    values = entry.values(choice)
    for knob in entry.knobs:
        is_fresh = not knob.live or (session.kind == "race" and kind in SWITCHES)  # the same for all lanes
        if is_fresh and knob.more == is_more and (kind, choice.name, knob.name) != ("model", "mlp", "hidden"):
            name = _name(kind, choice.name, knob.name)
            edit = partial(_turned, kind, choice.name, knob.name)
            knob_widget(knob, values[knob.name], name, _change, session.id, edit, disabled=not rights.may_steer)


def _number(session: Session, spec: ExperimentSpec, rights: Rights, knob: Knob) -> None:
    """Draw a number that stands in a field of its own."""
    edit = partial(_with, knob.name)
    value: int = getattr(spec, knob.name)
    knob_widget(knob, value, _name(knob.name), _change, session.id, edit, disabled=not rights.may_steer)


def _layers(session: Session, spec: ExperimentSpec, rights: Rights) -> None:
    """Draw the number of hidden layers and the units of each."""
    units = _units(spec)
    st.slider(
        texts.SETTINGS["layers"][0], 0, MOST_LAYERS, help=texts.SETTINGS["layers"][1], disabled=not rights.may_steer,
        **bound(_name("layers"), len(units), _change, session.id, _with_layers),
    )  # fmt: skip
    with st.container(key="layers"):
        rows = [st.columns(3, gap="xsmall", wrap=False) for _ in range(0, len(units), 3)]
    for place, count in enumerate(units):
        label, help_text = (text.format(number=place + 1) for text in texts.SETTINGS["units"])
        rows[place // 3][place % 3].number_input(
            label, 1, MOST_UNITS, help=help_text, disabled=not rights.may_steer,
            **bound(_name(f"units.{place}"), count, _change, session.id, partial(_with_units, place)),
        )  # fmt: skip


def batch_slider(
    snapshot: Snapshot, name: str, size: int, then: Callable[..., object], *args: object, **more: Any
) -> None:  # fmt: skip
    """Draw the batch size; other words for the sizes make another widget: a browser knows the sizes by their words."""
    words, sizes = batch_words(snapshot), stops(name, BATCHES, size)
    bind = bound(name, size, then, *args, shape=tuple(map(words, sizes)))
    st.select_slider(texts.SETTINGS["batch_size"][0], sizes, format_func=words, **bind, **more)


def _batch_size(session: Session, snapshot: Snapshot, spec: ExperimentSpec, rights: Rights) -> None:
    """Draw the batch size of a race: the same for all lanes, from the first update on."""
    batch_slider(
        snapshot, _name("batch_size"), spec.batch_size, _change, session.id, partial(_with, "batch_size"),
        help=texts.SETTINGS["batch_size"][1], disabled=not rights.may_steer,
    )  # fmt: skip


def _schedule(session: Session, spec: ExperimentSpec, rights: Rights) -> None:
    """Draw epochs, seed and device."""

    def binding(field: str) -> tuple[Any, ...]:
        return _name(field), getattr(spec, field), _change, session.id, partial(_with, field)

    def common(field: str) -> Bound:
        return {"help": texts.SETTINGS[field][1], "disabled": not rights.may_steer}

    last = [epochs for epochs in stops(_name("epochs"), _EPOCHS, spec.epochs) if epochs]
    st.select_slider(
        texts.SETTINGS["epochs"][0],
        [*last, 0],
        format_func=lambda n: number(n) if n else say(texts.UNTIL_STOPPED),
        **bound(*binding("epochs")),
        **common("epochs"),
    )
    st.number_input(texts.SETTINGS["seed"][0], 0, 2**31 - 1, step=1, **bound(*binding("seed")), **common("seed"))
    bind = bound_menu(devices(), *binding("device"))
    st.selectbox(texts.SETTINGS["device"][0], format_func=str.upper, **bind, **common("device"))


Edit = Callable[[ExperimentSpec, Any], ExperimentSpec]


def _name(*parts: str) -> str:
    return ".".join(("set", *parts))


def _change(session_id: str, edit: Edit, value: object) -> None:
    """Start a fresh run with one setting changed, or keep the old one and say why not."""
    session = registry().find(session_id)
    if session is None:
        return
    try:
        session.edit(lambda spec: check_spec(without_misfit(edit(spec, value))))
    except ValueError as error:
        refuse(texts.TRAIN.english["refused"], error)


def _with(field: str, spec: ExperimentSpec, value: object) -> ExperimentSpec:
    return spec.with_(**{field: value})


def _chosen(kind: str, spec: ExperimentSpec, name: str) -> ExperimentSpec:
    """Choose another entry, with the knobs it had when it was last chosen here."""
    if _choice(spec, kind).name == name:
        return spec
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
    kept = {name: getattr(spec, name) for name in ("model", "activation", "seed", "epochs", "device", "schedule")}
    return usual.with_(dataset=dataset, **kept)


def _with_family(spec: ExperimentSpec, model: Choice) -> ExperimentSpec:
    """Choose another family with the settings that suit it; the data set stays where it can learn from it."""
    family = MODELS[model.name]
    dataset = spec.dataset if spec.dataset.name in datasets_for(model) else family.usual.dataset
    usual = family.usual_for.get(dataset.name, family.usual)
    offered = losses_for(dataset, model)
    loss = next((each for each in (usual.loss, spec.loss) if each.name in offered), Choice(offered[0]))
    kept = {name: getattr(spec, name) for name in ("seed", "epochs", "device", "schedule")}
    return usual.with_(model=model, dataset=dataset, loss=loss, **kept)


def _turned(kind: str, name: str, knob: str, spec: ExperimentSpec, value: Value) -> ExperimentSpec:
    """Turn a knob of an entry, unless another has been chosen meanwhile."""
    choice = _choice(spec, kind)
    return spec.with_(**{kind: choice.with_knobs(**{knob: value})}) if choice.name == name else spec


def _units(spec: ExperimentSpec) -> tuple[int, ...]:
    """Return the units of an MLP's hidden layers; none of another family."""
    if spec.model.name != "mlp":
        return ()
    return hidden_units(MODELS[spec.model.name].values(spec.model)["hidden"])


def _with_layers(spec: ExperimentSpec, count: int) -> ExperimentSpec:
    units = _units(spec)
    last = units[-1] if units else 8
    return _turned("model", "mlp", "hidden", spec, _spell([*units, *[last] * MOST_LAYERS][:count]))


def _with_units(place: int, spec: ExperimentSpec, count: int) -> ExperimentSpec:
    """Change the units of a layer, unless it has gone meanwhile."""
    units = list(_units(spec))
    if place >= len(units):
        return spec
    units[place] = count
    return _turned("model", "mlp", "hidden", spec, _spell(units))


def _spell(units: Sequence[int]) -> str:
    return ",".join(map(str, units))
