"""The lines of all browsers: who may open one, and which stage each of them looks at."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import streamlit as st
from starlette.websockets import WebSocket, WebSocketDisconnect

from nnviz.sessions.rights import ANYONE
from nnviz.ui.board.wanted import Wanted, wants
from nnviz.ui.environment import environment
from nnviz.ui.lesson_kit.seat import Answering, seats
from nnviz.ui.loading import loading
from nnviz.ui.push.answers import Answers, answerers
from nnviz.ui.push.artist import Artist
from nnviz.ui.push.newest import Newest
from nnviz.ui.push.origin import is_own
from nnviz.ui.push.request import Rate, Request, read
from nnviz.ui.push.stage import Stage
from nnviz.ui.push.stretches import closer
from nnviz.ui.push.turns import hold, take
from nnviz.ui.push.viewer import Viewer
from nnviz.ui.registry import registry
from nnviz.ui.visitor import COOKIE, name_from_cookie

LOGGER = logging.getLogger("nnviz")

MOST, MOST_EACH = 2000, 60  # lines in all, and of one visitor
# Codes that a line is closed with: by a page of another site, for a board that is not (or no longer) known, for too
# many lines, for what no board says.
FOREIGN, UNKNOWN, MANY, UNSOUND = 4403, 4404, 4429, 4400


class Channel:
    """Keeps the lines; lives in the loop."""

    def __init__(self) -> None:
        self._stages: dict[Wanted, tuple[Stage, asyncio.Task[None]]] = {}
        self._lines: Counter[str] = Counter()
        self._artist = Artist()
        self.answerers = answerers()

    async def attend(self, socket: WebSocket) -> None:
        """Serve one line from its opening to its end."""
        if not is_own(socket.headers, is_behind_proxy=environment().is_behind_proxy, others=_others()):
            await socket.close(FOREIGN)  # before it is accepted: the browser reads 403
            return
        await socket.accept()
        visitor = name_from_cookie(socket.cookies.get(COOKIE, "")) or ""
        if self._lines.total() >= MOST or (visitor and self._lines[visitor] >= MOST_EACH):
            await socket.close(MANY)
            return
        self._lines[visitor] += 1
        try:
            await self._serve(socket, visitor)
        finally:
            self._lines -= Counter([visitor])

    async def _serve(self, socket: WebSocket, visitor: str) -> None:
        """Send and listen until either ends; what has broken a line is its end, and no fault."""
        viewer = Viewer(socket)
        line = Attendance(self, socket, viewer, visitor or ANYONE)
        tasks = [asyncio.create_task(viewer.serve()), asyncio.create_task(line.listen())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if viewer.is_over:
                with suppress(RuntimeError, WebSocketDisconnect):  # the browser may have left in this moment
                    await socket.close(UNKNOWN)
        finally:
            line.leave()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def stage(self, wanted: Wanted) -> Stage:
        """Return the stage of a board, set up for the first who looks."""
        if wanted not in self._stages or self._stages[wanted][1].done():
            stage = Stage(wanted, registry().find, self._artist, 1 / environment().hz)
            self._stages[wanted] = stage, asyncio.create_task(self._play(wanted, stage))
        return self._stages[wanted][0]

    async def _play(self, wanted: Wanted, stage: Stage) -> None:
        await asyncio.sleep(0)  # let the first one enter
        try:
            await stage.play()
        except Exception:  # a fault of nnviz itself: these pages are drawn again, the others go on
            LOGGER.exception("a board could not be drawn")
        if self._stages[wanted][0] is stage:
            del self._stages[wanted]
        for viewer in stage.viewers:
            viewer.end()


class Attendance:
    """One line and the stage that it looks at."""

    def __init__(self, channel: Channel, socket: WebSocket, viewer: Viewer, visitor: str) -> None:
        self._channel, self._socket, self._viewer, self._visitor = channel, socket, viewer, visitor
        self._wanted: Wanted | None = None
        self._answers: Answers | None = None  # at a board of a lesson
        self._turning = asyncio.Lock()  # what was turned first is done first
        self._turns: set[asyncio.Task[None]] = set()
        self._stretch, self._knob = Newest(self._look_closer), Newest(self._hold)
        self._stage: Stage | None = None
        self._rate = Rate()

    async def listen(self) -> None:
        """Do what the browser says, until it leaves or says what no board does."""
        with suppress(WebSocketDisconnect):
            while True:
                code = self._do(await self._socket.receive_text())
                if code:
                    await self._socket.close(code)
                    return

    def _do(self, text: str) -> int:
        """Do what a message says; return the code to close the line with, or 0."""
        try:
            request = read(text)
        except (ValueError, TypeError):
            return UNSOUND
        if self._rate.is_too_high(asyncio.get_running_loop().time()):
            return UNSOUND
        if request.drawn:
            self._viewer.took()
        self._note_sight(request)
        if self._answers is not None and (request.drawn or request.hidden is not None):
            self._answers.wake()
        self._follow_hand(request)
        if request.stretch is not None:
            self._stretch.take(request.stretch)
        return self._look(request) if request.want is not None else 0

    def _follow_hand(self, request: Request) -> None:
        """Do what a hand does to dials, to a slider of the page, or to a point of a chart."""
        if request.turn is not None:
            self._begin_turn(request.turn)
        if request.knob is not None:
            self._knob.take(request.knob)
        if request.move is not None:
            self._move(request.move)

    def _note_sight(self, request: Request) -> None:
        """Note what of the board can be seen, and whether anybody sees it."""
        if request.sight is not None:
            self._viewer.sight = frozenset(request.sight)
        if request.hidden is not None:
            self._viewer.show(request.hidden)
        if self._stage is not None and (request.sight, request.hidden) != (None, None):
            self._stage.wake()

    def _look(self, request: Request) -> int:
        seat = seats().find(request.want or "")
        return self._look_at_run(request) if seat is None else self._look_at_lesson(seat, request)

    def _look_at_lesson(self, seat: Answering, request: Request) -> int:
        """Look at a board of a lesson: the tab's own, so that nobody else has anything to do there."""
        if seat.owner != self._visitor or not loading().wait(0):
            return UNKNOWN
        self.leave()
        self._viewer.have, self._viewer.flying = request.have, 0
        self._answers = Answers(seat, self._viewer, self._channel.answerers, request.past)
        self._viewer.say(want=seat.name)
        return 0

    def _look_at_run(self, request: Request) -> int:
        wanted = wants().find(request.want or "")
        if wanted is None or not loading().wait(0) or registry().find(wanted.session_id) is None:
            return UNKNOWN
        self.leave()
        self._wanted = wanted
        if request.past is not None and wanted.layout.has_past:
            wanted = wanted.at(request.past)
        self._viewer.have, self._viewer.flying = request.have, 0
        self._stage = self._channel.stage(wanted)
        self._stage.enter(self._viewer)
        return 0

    def _begin_turn(self, turn: Mapping[str, Any]) -> None:
        """Let it be done in a thread, for it may take as long as a run takes to be made; drawings go on meanwhile."""
        if self._answers is not None:
            self._answers.turn(turn["id"], turn["value"], turn["n"])
            return
        task = asyncio.create_task(self._turn(turn))
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)

    def _move(self, move: Mapping[str, Any]) -> None:
        """Let a point of a chart be moved; only lessons have points that a line moves."""
        if self._answers is not None:
            self._answers.move(move, move["n"])
        else:
            self._viewer.say(heard=move["n"], refused=1)

    async def _turn(self, turn: Mapping[str, Any]) -> None:
        """Do what a hand asks for; what cannot be done here is for the page, which can say why."""
        async with self._turning:
            is_done = await asyncio.to_thread(take, self._wanted, self._visitor, turn["id"], turn["value"])
        if is_done and self._stage is not None:
            self._viewer.hear(turn["n"])
            self._stage.ask()
        else:
            self._viewer.say(heard=turn["n"], refused=1)

    async def _hold(self, knob: Mapping[str, Any]) -> None:
        """Turn what a hand holds; the run tells when it has taken it, and the page tells the last of it once more."""
        async with self._turning:
            await asyncio.to_thread(hold, self._wanted, self._visitor, knob)

    async def _look_closer(self, stretch: Mapping[str, Any]) -> None:
        """Look for a stretch of a chart in a thread."""
        self._viewer.show_stretch(await asyncio.to_thread(closer, self._wanted, stretch))

    def leave(self) -> None:
        """Look at nothing any more."""
        if self._stage is not None:
            self._stage.leave(self._viewer)
        if self._answers is not None:
            self._answers.leave()
        self._stage = self._answers = None


def _others() -> list[str]:
    """List the further hosts that the server is set to be reached by."""
    return [*(st.get_option("server.corsAllowedOrigins") or ()), st.get_option("browser.serverAddress") or ""]


@st.cache_resource(max_entries=1, show_spinner=False)
def channel() -> Channel:
    """Return the lines of this process."""
    return Channel()
