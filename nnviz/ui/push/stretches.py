"""A stretch of a chart in full, for the one reader who has zoomed in on it."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from nnviz.charts import CHARTS
from nnviz.charts.stretch import stretch
from nnviz.library.library import Library
from nnviz.records.every_loss import EveryLoss
from nnviz.records.run import Lane
from nnviz.sessions.session import Session
from nnviz.ui.board.payload import encode
from nnviz.ui.board.protocol import Stretch
from nnviz.ui.board.wanted import Wanted
from nnviz.ui.registry import registry
from nnviz.words.language import speaking

LOGGER = logging.getLogger("nnviz")


def closer(wanted: Wanted | None, asked: Mapping[str, Any]) -> bytes:
    """Write the answer; nothing is in it where the session has gone or the chart has no such stretches."""
    found: Stretch = {"id": asked["id"], "n": asked["n"], "data": [], "grows": False}
    session = registry().find(wanted.session_id) if wanted else None
    chart = CHARTS.get(asked["id"])
    if wanted is not None and session is not None and chart is not None and chart.has_stretches:
        try:
            found = _drawn(session, wanted, found, asked["low"], asked["high"])
        except Exception:  # a fault of nnviz itself: the chart stays as it is
            LOGGER.exception("a stretch could not be drawn")
    return encode({"stretch": found})


def _drawn(session: Session, wanted: Wanted, empty: Stretch, low: float, high: float) -> Stretch:
    snapshot = session.glance()
    find = partial(every_loss, session)
    with speaking(wanted.translate):
        traces = stretch(snapshot, find, low, high, wanted.layout.view)
    return {**empty, "data": traces, "grows": session.is_changing(snapshot)}


def every_loss(session: Session, lane: Lane, low: float, high: float) -> EveryLoss:
    """Return the losses of a lane's updates from one to another: what is saved of them, and what is not yet."""
    saver = registry().saver
    library: Library | None = saver.library if saver else None
    saved = library.every_loss(session.stand.name, lane.id, low, high) if library else EveryLoss.none()
    return saved.then(lane.recent.all).between(low, high)
