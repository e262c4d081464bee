"""All sessions of this process, the workers that their runs share, and the downloads under way."""

import atexit
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from nnviz.catalog.download import Download
from nnviz.lessons.depth.study_signal import Signals
from nnviz.library.library import Library
from nnviz.library.saver import Saver
from nnviz.library.shelf import usual_place
from nnviz.runs.pool import Pool
from nnviz.runs.timeline import Stream
from nnviz.sessions.descent_cache import DescentCache
from nnviz.sessions.environment import Environment
from nnviz.sessions.saving import keep_runs, reopened
from nnviz.sessions.session import Session
from nnviz.words.language import Message, message
from nnviz.words.library import TOLD

FORGET_AFTER_S = 600.0
MOST_SESSIONS = 300
_FLUSH_S = 2.0  # for what is to be written yet when the server ends
AnySession = TypeVar("AnySession", bound=Session)


class SessionRegistry:
    """Finds sessions by id; forgets those that nobody has looked at for `FORGET_AFTER_S` seconds."""

    def __init__(self, environment: Environment) -> None:
        self.pool = Pool(environment.max_live, environment.share)
        self.patience = environment.patience
        self.sessions: dict[str, Session] = {}
        self.downloads: dict[str, Download] = {}
        self.descents = DescentCache()
        self.stream = Stream()
        self.signals = Signals()
        self.saver = _saver(environment.runs)  # None: runs are not saved
        self._lock = threading.RLock()
        atexit.register(self.close)

    def open(self, kind: type[AnySession], plan: Any, owner: str, pace: float = 0.0) -> AnySession:
        """Give a plan a session of its own, of a kind that takes such plans; its run is not started."""
        session = kind(plan, owner, self.pool, pace, self.patience)
        with self._lock:
            self.reap(time.monotonic())
            self._take(session)
        return session

    def _take(self, session: Session) -> None:
        self.sessions[session.id] = session
        if self.saver is not None:
            keep_runs(session, self.saver)

    def reopen(
        self, session_id: str | None, tell: Callable[[Message], object] = lambda sentence: None
    ) -> Session | None:
        """Return the session of a link, one that was forgotten or is of a server before this one from its saved run.

        tell: hears that another process trains that run: then it is looked at, and gone on from, as a copy.  Raises
        ValueError where it is torn.
        """
        with self._lock:
            found = self.find(session_id) or self._that_shows(session_id)
            library = self.saver.library if self.saver else None
            saved = library.find(session_id or "") if library and found is None else None
            if saved is None or library is None:
                return found
            other = library.trainer(saved.id)
            lanes = library.take_up(saved.id) if other is None else library.lanes(saved.id)
            name = str(session_id)
            self._take(reopened(saved, lanes, name, self.pool, self.patience, is_copy=other is not None))
            if other is not None:
                tell(message(TOLD["elsewhere"], process=other.process, host=other.host))
            return self.find(session_id)

    def find(self, session_id: str | None, kind: type[AnySession] = Session) -> AnySession | None:  # type: ignore[assignment]
        """Return the session of a link if it is of a kind, or None; also one of before Streamlit reloaded the kind."""
        session = self.sessions.get(session_id or "")
        kinds = {each.__name__ for each in type(session).__mro__}
        return cast(AnySession, session) if kind.__name__ in kinds else None

    def _that_shows(self, run: str | None) -> Session | None:
        """Return the session whose present run has a name: two that go on with one would write over each other."""
        kept_as = self.saver.library.kept_as if self.saver else str
        return next((each for each in self.sessions.values() if kept_as(each.stand.name) == run), None)

    def download(self, name: str, *, is_new: bool = False) -> Download | None:
        """Return the download of a data set that all visitors share, if there is one (or start it)."""
        with self._lock:
            if is_new and (name not in self.downloads or self.downloads[name].state != "running"):
                self.downloads[name] = Download(name)
                self.downloads[name].start()
            return self.downloads.get(name)

    def reap(self, now: float) -> None:
        """Stop and forget the sessions that were not looked at lately, and the oldest above `MOST_SESSIONS`."""
        by_age = sorted(self.sessions.values(), key=lambda session: session.seen_at)
        surplus = len(by_age) - MOST_SESSIONS
        for place, session in enumerate(by_age):
            if place < surplus or now - session.seen_at > FORGET_AFTER_S:
                session.close()
                del self.sessions[session.id]

    def close(self) -> None:
        """Stop everything; safe to call twice."""
        atexit.unregister(self.close)
        for download in self.downloads.values():
            download.cancel()
        self.pool.close()
        if self.saver is not None:
            self.saver.flush(_FLUSH_S)


def _saver(named: str) -> Saver | None:
    """Return what saves runs in a folder, in the user's own where none is named."""
    return None if named == "off" else Saver(Library(Path(named) if named else usual_place()))
