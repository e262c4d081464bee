"""Play for a lesson: a whole number of its state that grows by itself."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import streamlit as st

from nnviz.ui.fragment import fragment
from nnviz.ui.lesson_kit.controller import LessonController
from nnviz.ui.note import draw_again
from nnviz.words import lessons


class Playback:
    """Counts one field of a lesson up to a top, by hand or by itself."""

    def __init__(
        self, controller: LessonController[Any], name: str, top: int, *, stride: int = 1, every_s: float = 0.15
    ) -> None:
        self.controller, self.name, self.top, self.stride, self.every_s = controller, name, top, stride, every_s
        self._key = f"lesson.{controller.name}.{name}.playing"

    @property
    def is_playing(self) -> bool:
        """Whether the count goes on by itself."""
        return bool(st.session_state.get(self._key))

    @property
    def count(self) -> int:
        """Where the count stands."""
        return int(getattr(self.controller.state, self.name))

    def run(self, section: Callable[[], None]) -> None:
        """Draw a section as a fragment that comes again while the count goes on; call `beat` first in it."""
        fragment(section, every_s=self.every_s if self.is_playing else None)()

    def beat(self) -> None:
        """Count on if it is time to."""
        due: float | None = st.session_state.get(self._key)
        now = monotonic()
        if not due or now < due:
            return
        self.controller.change(**{self.name: min(self.count + self.stride, self.top)})
        st.session_state[self._key] = now + 0.7 * self.every_s
        if self.count >= self.top:
            self.pause()
            draw_again()  # the timer's end

    def buttons(self) -> None:
        """Draw Play or Pause, one step, and back to the start."""
        words = lessons.LESSON_PLAYER
        is_at_top = self.count >= self.top
        with st.container(horizontal=True, key=f"{self._key}.bar", gap="small"):
            name, icon = ("pause", ":material/pause:") if self.is_playing else ("play", ":material/play_arrow:")
            if self._button(name, words[name], icon, is_primary=True):
                self.toggle()
                st.rerun()  # the timer begins or ends with the page
            if self._button("step", words["step"], ":material/skip_next:", is_off=is_at_top):
                self.pause()
                self.controller.change(**{self.name: min(self.count + 1, self.top)})
                st.rerun()
            if self._button("reset", words["reset"], ":material/restart_alt:", is_off=self.count == 0):
                self.pause()
                self.controller.change(**{self.name: 0})
                st.rerun()

    def toggle(self) -> None:
        """Go on, from the start where the end was reached, or hold."""
        if self.is_playing:
            self.pause()
            return
        if self.count >= self.top:
            self.controller.change(**{self.name: 0})
        st.session_state[self._key] = monotonic()

    def pause(self) -> None:
        """Hold the count."""
        st.session_state[self._key] = None

    def _button(
        self, name: str, words: tuple[str, str], icon: str, *, is_primary: bool = False, is_off: bool = False
    ) -> bool:
        kind: Any = "primary" if is_primary else "secondary"
        key = f"{self._key}.{name}"
        return st.button(words[0], key=key, help=words[1], icon=icon, type=kind, disabled=is_off)
