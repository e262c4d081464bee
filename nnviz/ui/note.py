"""What went otherwise than asked, kept for the top of the page, where it stays until something is pressed."""

from typing import NoReturn

import streamlit as st

from nnviz.ui.fragment import slot
from nnviz.words.language import Message, Text, message, message_of

_NOTE = "note"
_SAID = "note.said"  # what the page says now


def note(sentence: str | Message) -> None:
    """Keep a sentence for the next drawing of the page, in the language in which that will be drawn."""
    st.session_state[_NOTE] = sentence


def refuse(words: Text, error: ValueError) -> None:
    """Keep the sentence of an error in the words for where it came from, which have a place for its `reason`."""
    note(message(words, reason=message_of(error)))


def is_due() -> bool:
    """Tell whether there is something to say."""
    return _NOTE in st.session_state


def draw_note() -> None:
    """Draw what there is to say, until something is pressed."""
    sentence = st.session_state[_SAID] = st.session_state.pop(_NOTE, None)
    with slot():
        if sentence:
            st.warning(str(sentence), icon=":material/warning:")


def draw_late_note() -> None:
    """Draw what a part of the page that is drawn by itself has to say, where it was asked for."""
    with slot():
        if is_due():
            draw_note()


def forget() -> None:
    """Let go of what the page says, because something was turned."""
    st.session_state.pop(_SAID, None)


def draw_again() -> NoReturn:
    """Draw the whole page afresh because a run has moved on: nobody has pressed anything, so what it says stays."""
    if said := st.session_state.get(_SAID):
        st.session_state.setdefault(_NOTE, said)
    st.rerun()
