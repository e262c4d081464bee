"""All who look at one session in the same way: each new version is drawn once, and offered to each of them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from nnviz.runs.source import Source
from nnviz.sessions.session import Session
from nnviz.ui.board.drawn import Drawn
from nnviz.ui.board.message import drawn, head, name_of
from nnviz.ui.board.wanted import Wanted
from nnviz.ui.push.artist import Artist
from nnviz.ui.push.viewer import Viewer
from nnviz.words.language import speaking

GAP_S = 0.25  # between two drawings that nobody has asked for
FIRST_S = 0.06  # from an answer to the next drawing, which shows what comes of it
PER_VIEWER_S = 0.0008  # the gap grows where more look than this leaves time for
PER_VIEWER_OF_FAST_S = 0.003  # at full speed it is training's time that goes to them: a tenth of it at most
HEAD_START_S = 0.005  # in which numbers leave before the charts are drawn, which keeps the interpreter busy
UNSEEN_S = 6.0  # between two drawings, while the run goes on, of charts that are in nobody's window
REST_S = 0.3  # without news, after which there is time to draw those too
BUILD_S = 0.5  # what takes longer to build shows that it is being built; till then the charts stay as they are
LOOK_S, CALM_S = 0.25, 1.0  # a session also changes by what no run tells of: who looks goes and sees

Find = Callable[[str], Session | None]


class Stage:
    """Draws while anybody looks; lives in the loop, and draws in a thread beside it."""

    def __init__(self, wanted: Wanted, find: Find, artist: Artist, gap_s: float | None = None) -> None:
        self.viewers: set[Viewer] = set()
        self.is_gone = False  # whether there is no such session any more
        self._wanted, self._find, self._artist, self._gap_s = wanted, find, artist, gap_s
        self._want = name_of(wanted)  # asked for once, not with each drawing
        self._loop = asyncio.get_running_loop()
        self._drawn: Drawn | None = None
        self._looked_at = float("-inf")
        self._whole_at = self._new_at = float("-inf")  # when all charts were drawn, and when something was new
        self._is_new = self._is_asked = False  # whether news are not drawn yet, and answer what somebody has done
        self._was_asked = False  # whether the last drawing was an answer
        self._change = asyncio.Event()
        self._built_by: float | None = None  # when a run that is being made should be there
        self._look_s = LOOK_S
        self._source: Source | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def enter(self, viewer: Viewer) -> None:
        """Let a viewer look on: it is sent what it lacks."""
        self.viewers.add(viewer)
        if self._drawn is not None:
            viewer.offer(self._drawn)
        self.wake()

    def leave(self, viewer: Viewer) -> None:
        """Let a viewer go."""
        self.viewers.discard(viewer)
        self._change.set()

    def wake(self) -> None:
        """Look soon: somebody has come back."""
        self._is_new = True
        self._change.set()

    def ask(self) -> None:
        """Look at once: somebody has done something here."""
        self._note(True)

    async def play(self) -> None:
        """Draw for as long as anybody looks at a session that is there."""
        try:
            with self._artist.serving():
                while self.viewers and not self.is_gone:
                    await self._due()
                    if self._is_wanted():
                        await self._draw()
        finally:
            self._unsubscribe()

    async def _due(self) -> None:
        """Wait until there is a reason to look: an answer at once, other news when the gap is over."""
        while self.viewers and (left := self._left()) > 0:
            self._change.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._change.wait()
        self._is_new, self._looked_at = False, self._loop.time()

    def _is_wanted(self) -> bool:
        """Whether anybody would be sent what is drawn now; to look for nobody would keep the run awake."""
        return self._is_urgent or any(viewer.can_take for viewer in self.viewers)

    @property
    def _is_urgent(self) -> bool:
        """Whether somebody who sees it has asked for something, and has not been answered."""
        return self._is_asked and any(not viewer.is_hidden for viewer in self.viewers)

    def _left(self) -> float:
        gap = min(FIRST_S, self.gap) if self._was_asked else self.gap
        wait = 0.0 if self._is_urgent else gap if self._is_new else max(gap, self._look_s)
        return self._looked_at + wait - self._loop.time()

    @property
    def gap(self) -> float:
        """Seconds between two drawings that nobody has asked for."""
        is_fast = self._source is not None and not self._source.pace
        least = GAP_S if self._gap_s is None else self._gap_s
        return max(least, (PER_VIEWER_OF_FAST_S if is_fast else PER_VIEWER_S) * len(self.viewers), self._artist.gap)

    async def _draw(self) -> None:
        is_asked, self._is_asked = self._is_asked, False
        self._was_asked = is_asked
        if self._drawn is not None and self._is_building():
            self._is_new = True
            return
        if is_asked and self._drawn is not None:
            self._offer(self._made(self._numbers), is_answer=True)  # here: another thread would have to be waited for
            await asyncio.sleep(HEAD_START_S)
        sight = self._sight(is_asked)
        make = partial(self._made, lambda session: self._seen(session, sight))
        found = await self._artist.draw(make, lambda: is_asked or self._is_asked)
        self._offer(found, is_answer=is_asked)
        if is_asked:
            for viewer in self.viewers:
                viewer.answer()
        self._count_unseen(found)

    def _offer(self, found: Drawn | None, *, is_answer: bool) -> None:
        is_same = found is None or (self._drawn is not None and found.stamp == self._drawn.stamp)
        self._look_s = min(2 * self._look_s, CALM_S) if is_same else LOOK_S  # who rests is looked at less often
        if found is None or is_same:
            return
        self._drawn, self._new_at = found, self._loop.time()
        for viewer in self.viewers:
            viewer.offer(found, is_answer=is_answer)

    # ---- what there is to see ----

    def _is_building(self) -> bool:
        """Whether its run is being made right now, so that there is nothing to see of it yet."""
        session = self._find(self._wanted.session_id)
        if session is None:
            return False
        self._follow(session.run)
        snapshot, now = session.run.latest(), self._loop.time()
        if snapshot.scene is not None or snapshot.status.is_over or session.is_waiting_for_data:
            self._built_by = None
            return False
        self._built_by = self._built_by or now + BUILD_S
        return now < self._built_by

    def _made(self, make: Callable[[Session], Drawn]) -> Drawn | None:
        session = self._find(self._wanted.session_id)
        if session is None:
            self.is_gone = True
            return None
        self._follow(session.run)
        with speaking(self._wanted.translate):
            return make(session)

    def _sight(self, is_answer: bool) -> frozenset[str] | None:
        """Return the charts that anybody sees; None for all, which is when the others are due and nobody waits."""
        seen = [viewer.sight for viewer in self.viewers if not viewer.is_hidden]
        now = self._loop.time()
        is_due = now - self._whole_at >= UNSEEN_S or now - self._new_at >= REST_S
        if (is_due and not is_answer) or None in seen:
            return None
        return frozenset().union(*(sight for sight in seen if sight is not None))

    def _count_unseen(self, found: Drawn | None) -> None:
        """Note when all charts were drawn; while they are not, look on, for a run may come to rest any time."""
        if found is not None and not found.stale:
            self._whole_at = self._loop.time()
        elif found is not None:
            self._is_new = True

    def _seen(self, session: Session, sight: frozenset[str] | None) -> Drawn:
        return drawn(session, session.glance(), self._wanted.layout, sight, self._want)

    def _numbers(self, session: Session) -> Drawn:
        """Write the numbers, which are there at once, above the charts as they were."""
        snapshot, before = session.glance(), self._drawn
        written = head(session, snapshot, self._wanted.layout, self._want)
        stamp = f"{written['stamp']}.numbers"
        return Drawn({**written, "stamp": stamp, "answers": True}, before.parts if before else ())

    def _follow(self, source: Source) -> None:
        """Be told by the session's run, also when another one has taken its place."""
        if source is not self._source:
            self._unsubscribe()
            self._source = source
            self._unsubscribe = source.subscribe(self._hear)

    def _hear(self, is_answer: bool) -> None:
        """Take news from the run's own thread, which must not be held up, nor fail by what becomes of them."""
        try:
            self._loop.call_soon_threadsafe(self._note, is_answer)
        except RuntimeError:  # the server has ended
            self._unsubscribe()

    def _note(self, is_answer: bool) -> None:
        self._is_new, self._is_asked = True, self._is_asked or is_answer
        self._change.set()
