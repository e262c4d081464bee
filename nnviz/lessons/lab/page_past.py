"""The slider over the lab's run: all steps show the same earlier moment, and the run goes on meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from nnviz.charts.chart import PLAIN_VIEW
from nnviz.lessons.lab.page_controller import CONTROLLER
from nnviz.records.moments import moments_of, until
from nnviz.records.run import Snapshot
from nnviz.sessions.lab import LabSession
from nnviz.ui.board.component import show
from nnviz.ui.board.drawn import Drawn
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.looked_back import moment_of, take_past
from nnviz.ui.board.past_bar import name_of, past_bar
from nnviz.ui.board.protocol import Past
from nnviz.ui.fragment import slot
from nnviz.ui.lesson_kit.drawing import BoardSpec, drawn_of
from nnviz.words.language import language

_KEY = "lab.board.past"


@dataclass(frozen=True, slots=True)
class Sight:
    """A run as it stands, and as its reader sees it."""

    snapshot: Snapshot
    shown: Snapshot
    past: Past | None  # the slider; None where there is nothing to go back to


Scene = Callable[[Sight], BoardSpec]  # called by lines, too: it knows what it needs of the tab


def moment(session: LabSession, snapshot: Snapshot) -> int | None:
    """Return the moment that this reader looks back at; None for the present."""
    return moment_of(session, name_of(_run(session), snapshot))


def seen(session: LabSession, snapshot: Snapshot) -> Snapshot:
    """Return the run as this reader sees it."""
    return _at(snapshot, moment(session, snapshot))


def _at(snapshot: Snapshot, at: int | None) -> Snapshot:
    return snapshot if at is None else until(snapshot, at)


def moving(
    key: str, session: LabSession, snapshot: Snapshot, scene: Scene, *, apart: object = None, **reports: Any
) -> None:  # fmt: skip
    """Draw a board that shows the run alone, once for all who look; its line answers the slider.

    apart: what it shows beside the run, where readers differ in that.
    """
    draw = partial(_drawn, key, session, scene, apart)
    found = draw(snapshot, moment(session, snapshot))
    show(key, CONTROLLER.look(key).seen(found, partial(_again, session, draw), language()), **reports)


def _drawn(
    key: str, session: LabSession, scene: Scene, apart: object, snapshot: Snapshot, at: int | None
) -> Drawn:  # fmt: skip
    stamp, tag = f"{snapshot.generation}.{snapshot.version}", (key, language(), at, apart)

    def draw() -> Drawn:
        sight = Sight(snapshot, _at(snapshot, at), _past(session, snapshot, at))
        return drawn_of(CONTROLLER.texts, key, replace(scene(sight), past=_hung(key, sight.past)))

    return session.drawings.drawing(tag, stamp, draw)


def _hung(key: str, past: Past | None) -> Past | None:
    """Let the slider be seen on its own board only; the others know by it which moment they show."""
    return {**past, "own": True} if past is not None and key == _KEY else past


def _again(session: LabSession, draw: Callable[[Snapshot, int | None], Drawn], at: int | None) -> Drawn | None:
    snapshot = session.glance()
    return draw(snapshot, at) if is_built(snapshot) else None


def is_built(snapshot: Snapshot) -> bool:
    """Tell whether there is a network to look at."""
    return snapshot.scene is not None and bool(snapshot.lanes[0].records)


def _past(session: LabSession, snapshot: Snapshot, at: int | None) -> Past | None:
    if len(moments_of(snapshot)) < 2:  # it comes with what stands below it
        return None
    view = replace(PLAIN_VIEW, clock="epochs", moment=at)
    return past_bar(_run(session), snapshot, Layout(view=view, has_past=True, is_watched=True))  # nobody branches here


def slider(session: LabSession, snapshot: Snapshot) -> None:
    """Draw it, once there is something to go back to."""
    with slot():
        if _past(session, snapshot, None) is not None:
            then = partial(take_past, _KEY, session.id, session.generation)
            moving(_KEY, session, snapshot, lambda sight: BoardSpec({}, {}), on_past=then)


def tell(session: LabSession, snapshot: Snapshot) -> None:
    """Say which moment a step shows, where that is not the present."""
    with slot():
        if moment(session, snapshot) is not None:
            lane = seen(session, snapshot).lanes[0]
            st.caption(CONTROLLER.texts.words["back"].format(step=lane.step, epoch=lane.epoch))


def _run(session: LabSession) -> str:
    return f"{session.id}.{session.generation}"
