"""The part of the sidebar where a mistake is planted on purpose, and mended."""

from collections.abc import Callable

import streamlit as st

from nnviz.catalog.faults import FAULTS, faults_for
from nnviz.sessions.rights import Rights
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.ui.reports import bound_menu
from nnviz.ui.widgets import unfolded
from nnviz.words import texts
from nnviz.words.language import say

_NAME = "set.fault"


def planted(session: Session, spec: ExperimentSpec, change: Callable[..., object], *, rights: Rights) -> None:
    """Draw the menu of mistakes that can be made here; open where one has been made."""
    offered = faults_for(spec)
    if not offered:
        return
    label, help_text = texts.SETTINGS["fault"]
    is_open = unfolded("planted", is_needed=spec.fault is not None)
    with st.expander(label, expanded=is_open, icon=":material/bug_report:", key="planted"):
        name = spec.fault.name if spec.fault else ""
        note = f"\n\n**{say(FAULTS[name].label)}.** {say(FAULTS[name].note)}" if name else ""
        st.selectbox(
            label,
            format_func=lambda each: say(FAULTS[each].label) if each else say(texts.NO_FAULT),
            help=help_text + note,
            label_visibility="collapsed",
            disabled=not rights.may_steer,
            **bound_menu(("", *offered), _NAME, name, change, session.id, _plant),
        )


def _plant(spec: ExperimentSpec, name: str) -> ExperimentSpec:
    return spec.with_(fault=Choice(name) if name else None)
