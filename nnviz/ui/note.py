"""What went otherwise than asked, kept for the top of the page, where it is said once."""

import streamlit as st

_NOTE = "note"


def note(sentence: str) -> None:
    """Keep a sentence for the next drawing of the page."""
    st.session_state[_NOTE] = sentence


def refuse(words: str, error: ValueError) -> None:
    """Keep the sentence of an error in the words for where it came from, which have a place for its `reason`."""
    note(words.format(reason=str(error).rstrip(".")))


def is_due() -> bool:
    """Tell whether there is something to say."""
    return _NOTE in st.session_state


def say() -> None:
    """Draw what there is to say, once."""
    sentence = st.session_state.pop(_NOTE, None)
    if sentence:
        st.warning(sentence, icon=":material/warning:")
