"""Cards with something to try: a press sets it up, plays, and calls the reader to the charts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from nnviz.sessions.rights import Rights
from nnviz.specs.experiment import ExperimentSpec
from nnviz.words.language import Text, say
from nnviz.words.models import page as words

_CALLS = "tries.calls"


@dataclass(frozen=True, slots=True)
class Try:
    """Something to try: what to do, what to look for, and the settings that it needs.

    edit: from the page's usual settings.  beside: the twin to train beside it.
    """

    label: Text
    text: Text
    edit: Callable[[ExperimentSpec], ExperimentSpec] = lambda spec: spec
    beside: str = ""


def draw_tries(
    tries: Sequence[Try], do: Callable[[str, Try], None], session_id: str, rights: Rights, across: int = 3
) -> None:  # fmt: skip
    """Draw the cards in rows; `do(session_id, card)` sets up what was pressed."""
    for row in (tries[at : at + across] for at in range(0, len(tries), across)):
        for column, each in zip(st.columns(across), row, strict=False):
            with column, st.container(border=True, height="stretch"):
                st.markdown(f"**{say(each.label)}**")
                st.caption(say(each.text))
                st.button(
                    words.FAMILY["do"], key=f"try.{each.label}", icon=":material/play_arrow:",
                    disabled=not rights.may_steer, on_click=do, args=(session_id, each),
                )  # fmt: skip


def calls() -> int:
    """Count how often something to try was set up: each time the reader is called to the charts."""
    return int(st.session_state.get(_CALLS, 0))


def call() -> None:
    """Call the reader to the charts."""
    st.session_state[_CALLS] = calls() + 1
