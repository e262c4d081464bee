"""The controls of a descent: the surface and how it is walked, in the sidebar."""

import streamlit as st

from nnviz.catalog.surfaces import SURFACES, suggested, surface_of
from nnviz.specs.descent import MOST_STEPS, DescentSpec
from nnviz.specs.experiment import Choice, Value
from nnviz.ui.descents import change, present_spec
from nnviz.ui.reports import Bound, bound, bound_menu, stops
from nnviz.ui.widgets import knob_widget
from nnviz.words.language import say
from nnviz.words.numbers import number
from nnviz.words.surfaces import SURFACE
from nnviz.words.surfaces import SURFACES as PAGE

_NOISES = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


def descent_controls() -> None:
    """Draw what is walked down, from where, and how long."""
    spec = present_spec()
    surface = surface_of(spec.surface)
    st.subheader(PAGE["surface"])
    _surface(spec)
    st.markdown(f"${surface.formula}$")  # in a line of text, so that a long one wraps
    st.caption(say(SURFACES[spec.surface.name].note))
    if surface.lambda_max:
        st.caption(PAGE["stable"].format(limit=2 / surface.lambda_max, curvature=surface.lambda_max))
    st.subheader(PAGE["walk"])
    _walk(spec)


def _surface(spec: DescentSpec) -> None:
    st.selectbox(
        SURFACE["surface"][0], format_func=lambda name: say(SURFACES[name].label),
        help=SURFACE["surface"][1], **bound_menu(SURFACES, "descent.surface", spec.surface.name, _choose),
    )  # fmt: skip
    values = SURFACES[spec.surface.name].values(spec.surface)
    for knob in SURFACES[spec.surface.name].knobs:
        name = f"descent.{spec.surface.name}.{knob.name}"
        knob_widget(knob, values[knob.name], name, _turn_surface, spec.surface.name, knob.name)


def _choose(name: str) -> None:
    """Take another surface, with the start and the learning rates that show something there."""
    surface = Choice(name)
    change(lambda spec: spec.with_(surface=surface, start=None, lanes=suggested(surface, spec.lanes)))


def _turn_surface(surface: str, knob: str, value: Value) -> None:
    """Change the shape of the surface; the lanes keep their learning rates, so that its effect is seen."""
    if present_spec().surface.name == surface:
        change(lambda spec: spec.with_(surface=spec.surface.with_knobs(**{knob: value})))


def start_controls(spec: DescentSpec) -> None:
    """Draw where all lanes begin; the picture takes clicks for the same."""
    start = spec.start or surface_of(spec.surface).start
    for place, name in enumerate(("x", "y")):
        st.number_input(
            SURFACE[name][0], help=SURFACE[name][1], format="%.3f", step=0.1, width=120,
            **bound(f"descent.start.{name}", float(start[place]), _move, place, start),
        )  # fmt: skip
    label, help_text = SURFACE["usual_start"]
    st.button(label, help=help_text, key="descent.usual", on_click=_usual_start, disabled=spec.start is None)


def _move(place: int, start: tuple[float, float], value: float) -> None:
    moved = (value, start[1]) if place == 0 else (start[0], value)
    change(lambda spec: spec.with_(start=moved))


def _usual_start() -> None:
    change(lambda spec: spec.with_(start=None))


def _walk(spec: DescentSpec) -> None:
    """Draw the number of steps, the noise and its seed."""
    st.slider(SURFACE["steps"][0], 10, MOST_STEPS, step=10, **_common("steps", spec.steps))
    noises = stops("descent.noise", _NOISES, spec.noise)
    st.select_slider(SURFACE["noise"][0], noises, format_func=number, **_common("noise", spec.noise))
    seed = _common("seed", spec.seed)
    st.number_input(SURFACE["seed"][0], 0, 2**31 - 1, step=1, disabled=not spec.noise, **seed)


def _common(name: str, value: Value) -> Bound:
    return {**bound(f"descent.{name}", value, _set, name), "help": SURFACE[name][1]}


def _set(name: str, value: Value) -> None:
    change(lambda spec: spec.with_(**{name: value}))
