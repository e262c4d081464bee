"""What boards are drawn by, under names that a browser may ask for: a layout never comes from outside."""

import secrets
import threading
from dataclasses import dataclass, replace

import streamlit as st
from cachetools import LRUCache

from nnviz.ui.board.layout import Layout
from nnviz.words.language import Translate

_MOST = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A board: of which session, drawn how, in which language."""

    session_id: str
    layout: Layout
    translate: Translate

    def at(self, moment: int) -> "Wanted":
        """Return it as it was after so many updates."""
        return replace(self, layout=replace(self.layout, view=replace(self.layout.view, moment=moment)))


class Wants:
    """Names for boards, the same for all who look at one session in the same way; any thread may ask."""

    def __init__(self) -> None:
        self._names: LRUCache[Wanted, str] = LRUCache(_MOST)
        self._wanted: LRUCache[str, Wanted] = LRUCache(_MOST)
        self._lock = threading.Lock()

    def name(self, wanted: Wanted) -> str:
        """Return the name of a board, given at the first call."""
        with self._lock:
            name = self._names.setdefault(wanted, secrets.token_urlsafe(9))
            self._wanted[name] = wanted
            return name

    def find(self, name: str) -> Wanted | None:
        """Return what a name stands for, or None."""
        with self._lock:
            return self._wanted.get(name)


@st.cache_resource(max_entries=1, show_spinner=False)
def wants() -> Wants:
    """Return the names of this process."""
    return Wants()
