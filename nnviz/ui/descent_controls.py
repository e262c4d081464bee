"""The controls of a descent: the surface and how it is walked, in the sidebar."""

from functools import partial
from typing import Any

import streamlit as st

from nnviz.catalog.surfaces import SURFACES, suggested, surface_of
from nnviz.descent import MOST_STEPS, DescentSpec
from nnviz.spec import Choice, Value
from nnviz.ui import texts
from nnviz.ui.descents import change, present_spec
from nnviz.ui.widgets import is_echo, knob_widget, mirror

_NOISES = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


def descent_controls() -> None:
    """Draw what is walked down, from where, and how long."""
    spec = present_spec()
    surface = surface_of(spec.surface)
    st.subheader(texts.SURFACES["surface"])
    _surface(spec)
    st.markdown(f"${surface.formula}$")  # in a line of text, so that a long one wraps
    st.caption(SURFACES[spec.surface.name].note)
    if surface.lambda_max:
        st.caption(texts.SURFACES["stable"].format(limit=2 / surface.lambda_max, curvature=surface.lambda_max))
    st.subheader(texts.SURFACES["walk"])
    _walk(spec)


def _surface(spec: DescentSpec) -> None:
    mirror("descent.surface", spec.surface.name)
    st.selectbox(
        texts.SURFACE["surface"][0], list(SURFACES), format_func=lambda name: SURFACES[name].label,
        key="descent.surface", help=texts.SURFACE["surface"][1], on_change=_choose,
    )  # fmt: skip
    values = SURFACES[spec.surface.name].values(spec.surface)
    for knob in SURFACES[spec.surface.name].knobs:
        key = f"descent.{spec.surface.name}.{knob.name}"
        knob_widget(knob, values[knob.name], key, _turn_surface, args=(knob.name, key))


def _choose() -> None:
    """Take another surface, with the start and the learning rates that show something there."""
    surface = Choice(st.session_state["descent.surface"])
    change(lambda spec: spec.with_(surface=surface, start=None, lanes=suggested(surface, spec.lanes)))


def _turn_surface(knob: str, key: str) -> None:
    """Change the shape of the surface; the lanes keep their learning rates, so that its effect is seen."""
    if not is_echo(key):
        value: Value = st.session_state[key]
        change(lambda spec: spec.with_(surface=spec.surface.with_knobs(**{knob: value})))


def start_controls(spec: DescentSpec) -> None:
    """Draw where all lanes begin; the picture takes clicks for the same."""
    start = spec.start or surface_of(spec.surface).start
    for place, name in enumerate(("x", "y")):
        key = f"descent.start.{name}"
        mirror(key, float(start[place]))
        st.number_input(
            texts.SURFACE[name][0], key=key, help=texts.SURFACE[name][1], format="%.3f", step=0.1, width=120,
            on_change=_move, args=(place, key, start),
        )  # fmt: skip
    label, help_text = texts.SURFACE["usual_start"]
    st.button(label, help=help_text, key="descent.usual", on_click=_usual_start, disabled=spec.start is None)


def _move(place: int, key: str, start: tuple[float, float]) -> None:
    value = st.session_state[key]
    if value is not None:
        moved = (value, start[1]) if place == 0 else (start[0], value)
        change(lambda spec: spec.with_(start=moved))


def _usual_start() -> None:
    change(lambda spec: spec.with_(start=None))


def _walk(spec: DescentSpec) -> None:
    """Draw the number of steps, the noise and its seed."""
    mirror("descent.steps", spec.steps)
    st.slider(texts.SURFACE["steps"][0], 10, MOST_STEPS, step=10, **_common("steps"))
    mirror("descent.noise", spec.noise)
    stops = sorted({*_NOISES, spec.noise})
    st.select_slider(texts.SURFACE["noise"][0], stops, format_func=lambda sigma: f"{sigma:g}", **_common("noise"))
    mirror("descent.seed", spec.seed)
    st.number_input(texts.SURFACE["seed"][0], 0, 2**31 - 1, step=1, disabled=not spec.noise, **_common("seed"))


def _common(name: str) -> dict[str, Any]:
    key = f"descent.{name}"
    return {"key": key, "help": texts.SURFACE[name][1], "on_change": partial(_set, name, key)}


def _set(name: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None and not is_echo(key):
        change(lambda spec: spec.with_(**{name: value}))
