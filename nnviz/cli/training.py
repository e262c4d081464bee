"""A run in training without a page: shown as it goes, paused by a signal, saved whatever happens."""

import math
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable

from nnviz.cli.goal import Goal
from nnviz.cli.interruption import Interruption, interruption
from nnviz.cli.lines import JsonLines
from nnviz.cli.number import every_of
from nnviz.cli.outcome import Outcome
from nnviz.cli.progress import Show, progress
from nnviz.library.library import Library
from nnviz.library.saver import Saver
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.saving import keep_runs
from nnviz.sessions.session import Session

PATIENCE = math.inf  # nobody has to watch
_LOOK_S = 0.2  # seconds between two looks
_FLUSH_S = 60.0  # for what is to be written yet


def train_on(session: Session, pool: Pool, library: Library | None, goal: Goal, options: Namespace) -> Outcome:
    """Train a session's run to its end, to its goal or to a signal, and save it in a library, if any, as it goes."""
    run = session.run
    assert isinstance(run, Run)
    left = goal.left(steps_of(run.lanes))
    saver = None if library is None else Saver(library)
    if saver is not None:
        keep_runs(session, saver, 0.0)
    lines = JsonLines(run.lanes) if options.jsonl else None
    if lines is not None:
        run.follow(lines.take, every_of(options))
    run.pace = 0.0
    with interruption() as interrupted, progress(goal, sys.stderr, is_quiet=options.quiet) as show:
        run.start() if left is None else run.step(left)
        snapshot = _watched(run, interrupted, show, lines)
        is_saved = saver is None or (saver.flush(_FLUSH_S) and saver.trouble is None)
    pool.close()
    if lines is not None:
        is_there = saver is not None and is_saved and any(lane.step for lane in snapshot.lanes)
        lines.end(snapshot, session.stand.name if is_there else None)
    is_broken = lines is not None and lines.is_broken
    trouble = saver.trouble if saver is not None else None
    return Outcome(snapshot, interrupted.signal, is_broken=is_broken, is_saved=is_saved, trouble=trouble)


def steps_of(lanes: Iterable[LaneSpec]) -> int:
    """Return how many updates the lanes of a run have done."""
    return max((lane.start.step for lane in lanes if lane.start), default=0)


def _watched(run: Run, interrupted: Interruption, show: Show, lines: JsonLines | None) -> Snapshot:
    """Look at a run until it rests, and have it rest where a signal has come or nobody reads any more."""
    pause: Callable[[], None] | None = run.pause
    while not _is_at_rest(snapshot := run.latest()):
        show(snapshot)
        if lines is not None:
            lines.meet(run.lanes)
            lines.drain()
        if pause is not None and (interrupted.signal or (lines is not None and lines.is_broken)):
            pause()
            pause = None
        run.newer(snapshot.version, _LOOK_S)
    if lines is not None:
        lines.meet(run.lanes)
        lines.close(snapshot, is_asked_for=pause is not None and snapshot.status == Status.PAUSED)
    return snapshot


def _is_at_rest(snapshot: Snapshot) -> bool:
    return snapshot.status.is_over or (snapshot.asked is None and snapshot.status == Status.PAUSED)
