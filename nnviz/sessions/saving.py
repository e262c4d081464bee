"""How a session's runs are saved as they go, and how a saved one comes back as a session."""

from functools import partial
from typing import Any

from nnviz.catalog.models import MODELS
from nnviz.catalog.openings import read_page
from nnviz.library.machine import machine
from nnviz.library.naming import words_of
from nnviz.library.saved import Saved, curve_of, figures_of, now
from nnviz.library.saver import Saver
from nnviz.records.run import Lane, Snapshot
from nnviz.runs.keeper import Keeper
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.model import ModelSession
from nnviz.sessions.race import RaceSession
from nnviz.sessions.rights import ANYONE
from nnviz.sessions.session import Session
from nnviz.sessions.stand import Stand
from nnviz.words import errors
from nnviz.words.language import message

_SAME = ("dataset", "model", "loss", "seed", "epochs")  # in a run's plan and in its first lane
KEPT = ("train", "race", *MODELS)  # kinds of sessions whose runs are saved


def keep_runs(session: Session, saver: Saver, first_s: float | None = None) -> None:
    """Have the present run of a session saved as it goes, and every one that takes its place.

    first_s: seconds for which a run has to go before it is saved, if not as long as usual.
    """
    if session.kind in KEPT:
        session.on_run = partial(_keep, session, saver, first_s)
        session.on_run(session.stand)


def _keep(session: Session, saver: Saver, first_s: float | None, stand: Stand) -> None:
    if isinstance(stand.run, Run) and stand.run.keeper is None:
        starts = [lane.start for lane in stand.run.lanes if lane.start]
        at = sum(start.step for start in starts), sum(len(start.journal) for start in starts)
        sooner = {} if first_s is None else {"first_s": first_s}
        stand.run.keeper = Keeper(partial(_take, session, saver, stand, now()), at=at, **sooner)


def _take(
    session: Session, saver: Saver, stand: Stand, created: str, lanes: tuple[LaneSpec, ...], snapshot: Snapshot
) -> None:
    if not saver.library.is_quiet(session.owner):
        saver.put(_saved(session, stand, created, snapshot), lanes, snapshot)


def _saved(session: Session, stand: Stand, created: str, snapshot: Snapshot) -> Saved:
    plan = session.replay_of(stand, snapshot)
    return Saved(
        id=stand.name,
        session=session.id,
        kind=session.kind,
        owner=session.owner,
        query=plan.to_query(),
        pace=snapshot.pace,
        status=str(snapshot.status),
        step=max(lane.step for lane in snapshot.lanes),
        seconds=sum(lane.seconds for lane in snapshot.lanes),
        created=created,
        saved=now(),
        figures=figures_of(snapshot),
        curve=curve_of(snapshot),
        machine=machine(),
        lanes=tuple(map(_told, snapshot.lanes)),
        words=words_of(plan),
    )


def _told(lane: Lane) -> dict[str, str]:
    """Tell of a lane what it is found by."""
    spec = lane.spec
    return {
        "id": lane.id, "label": lane.label, "seed": str(spec.seed), "optimizer": str(spec.optimizer),
        "parent": lane.parent, "since": str(lane.since),
    }  # fmt: skip


def reopened(
    saved: Saved, lanes: tuple[LaneSpec, ...], name: str, pool: Pool, patience: float, *, is_copy: bool = False
) -> Session:  # fmt: skip
    """Make a saved run a session again, at rest where it stood; ValueError where its plan is none any more.

    name: of the session, by which it was asked for.  is_copy: whether it goes on as a run of its own.
    """
    plan = plan_of(saved, lanes)
    session = kind_of(saved.kind)(plan, saved.owner or ANYONE, pool, saved.pace, patience)
    there = {lane.racer for lane in lanes}
    ahead = [branch for branch in plan.branches if branch.racer not in there]
    run = Run(lanes, pace=saved.pace, patience=patience, pool=pool, ahead=ahead)
    session.reopen(name, "" if is_copy else saved.id, run)
    return session


def plan_of(saved: Saved, lanes: tuple[LaneSpec, ...]) -> Any:
    """Read what a saved run was begun with; ValueError where it is none any more, or not that of its lanes."""
    plan: Any = read_page(saved.kind, dict(saved.query))
    if any(getattr(lanes[0].spec, name) != getattr(plan.spec, name) for name in _SAME):
        raise ValueError(message(errors.LIBRARY["torn"], reason="run.json"))
    return plan


def kind_of(page: str) -> type[Session]:
    """Return the kind of a page's sessions: "home", "train", "race" or the name of a model."""
    return RaceSession if page == "race" else ModelSession if page in MODELS else Session
