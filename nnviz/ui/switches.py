"""More settings of training: what most runs leave alone, and what makes and cures faults."""

from collections.abc import Callable

import streamlit as st

from nnviz.catalog import CATALOGUES, NUMBERS, SWITCHES, Knob
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.widgets import unfolded
from nnviz.words import texts
from nnviz.words.language import say

_WITH_MORE = ("model", "loss")
_USUAL = ExperimentSpec()


def switches(
    spec: ExperimentSpec,
    menu: Callable[[str], None],
    number: Callable[[Knob], None],
    more: Callable[[str], None],
) -> None:
    """Draw them behind a heading, which is open where anything is not as usual.

    menu, number: draw what stands in a field of the spec.  more: draws the knobs of a field for who asks for more.
    """
    with st.expander(say(texts.MORE_SETTINGS), expanded=unfolded("switches", is_needed=is_switched(spec))):
        for field in SWITCHES:
            menu(field)
        for knob in NUMBERS.values():
            number(knob)
        for kind in _WITH_MORE:
            more(kind)


def is_switched(spec: ExperimentSpec) -> bool:
    """Tell whether anything behind the heading is not as usual."""
    is_other = any(getattr(spec, field) != getattr(_USUAL, field) for field in (*SWITCHES, *NUMBERS))
    return is_other or any(_is_turned(kind, getattr(spec, kind)) for kind in _WITH_MORE)


def _is_turned(kind: str, choice: Choice) -> bool:
    knobs = {knob.name: knob for knob in CATALOGUES[kind][choice.name].knobs if knob.more}
    return any(value != knobs[name].default for name, value in choice.knobs.items() if name in knobs)
