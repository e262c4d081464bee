"""What is tried beside a session's run, on copies of it: the run, its journal and its curves know nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from math import inf, log10
from typing import Any, cast

from nnviz.catalog import optimizers_of
from nnviz.records.moments import focused, sound_moment
from nnviz.records.rate_curve import RateCurve
from nnviz.records.status import Status
from nnviz.runs.branch import branch_of
from nnviz.runs.rate_test import RateTest
from nnviz.runs.run import Run
from nnviz.runs.setup_checks import SetupChecks
from nnviz.sessions.branches import fork
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.training.copied import Copied

RATE = "optimizer.lr"
_NEAR = 0.05  # powers of ten: less than a hand can tell on the chart


def can_try(session: Session) -> bool:
    """Tell whether anything can be tried beside a run: not of two networks against each other, nor of a race."""
    is_race = session.kind == "race"
    return isinstance(session.run, Run) and not is_race and len(optimizers_of(session.spec)) == 1


def find_rate(session: Session) -> None:
    """Test learning rates on a copy of the lane in focus as it stands; of one that diverged, as it was when sound."""
    with session.lock:
        if can_try(session) and not session.is_waiting_for_data:
            forget_rates(session)
            run = cast(Run, session.run)
            test = RateTest(session.spec, run.pool, run.patience)
            session.hold(rate_test=test)
            _copy(session, test.begin)


def go_on_slower(session: Session, step: int, values: Mapping[str, float], racer: int | None = None) -> None:
    """Try rates on a copy of a racer's lane, by itself the one in focus, then go on with one that has held there.

    values: with which it goes on where several players each have a rate.  ValueError where no lane may join.
    """
    with session.lock:
        racer = session.focus if racer is None else racer
        run, seen = cast(Run, session.run), session.run.peek(0)
        lane = focused(seen, racer).lanes[0]
        if len(optimizers_of(lane.spec)) > 1:
            fork(session, step, values, racer=racer)
            return
        branch_of(run.lanes, lane.id)  # asked now: later nobody would hear of it
        forget_rates(session)

        def go_on(found: RateCurve) -> None:
            with session.lock:
                if session.stand.rate_test is test:
                    _go_on(session, step, racer, found)

        test = RateTest(lane.spec, run.pool, run.patience, go_on, session.knob(RATE, seen, racer))
        session.hold(rate_test=test)
        run.hand_out(lane.id, test.begin, step)


def _go_on(session: Session, step: int, racer: int, found: RateCurve) -> None:
    """Let the branch begin; of a race there is nothing more to show."""
    if session.kind == RaceSession.kind:
        forget_rates(session)
    if found.suggested is not None:
        with suppress(ValueError):  # others have joined meanwhile
            fork(session, step, {RATE: found.suggested}, racer=racer)


def forget_rates(session: Session) -> None:
    """End the test, and let go of what it found."""
    with session.lock:
        if session.stand.rate_test is not None:
            session.stand.rate_test.cancel()
            session.hold(rate_test=None)


def take_rate(session: Session) -> None:
    """Set the learning rate to what the test suggests, as a live change; ValueError where that cannot be."""
    test = session.stand.rate_test
    rate = test.state().suggested if test else None
    if rate is not None:
        session.turn(RATE, rate)


def take_rate_near(session: Session, rate: float) -> None:
    """Set the learning rate to one that a hand points at among those that were tried, as a live change.

    It is written in two digits; close to the suggestion it is that.  Beyond the ends of what was tried it is the end.
    """
    test = session.stand.rate_test
    found = test.state() if test else None
    if found is None or not found.status.is_over or not len(found.rates) or not rate > 0:
        return
    rate = min(max(rate, float(found.rates[0])), float(found.rates[-1]))
    if found.suggested is not None and abs(log10(rate / found.suggested)) < _NEAR:
        rate = found.suggested
    session.turn(RATE, float(f"{rate:.2g}"))


def check_setup(session: Session) -> None:
    """Check the settings on screen, from the first weights on."""
    with session.lock:
        if not can_try(session) or session.is_waiting_for_data:
            return
        forget_checks(session)
        run = cast(Run, session.run)
        checks = SetupChecks(session.present_spec(run.peek(0)), run.pool, run.patience)
        session.hold(checks=checks)
        _copy(session, checks.begin)


def forget_checks(session: Session) -> None:
    """End the checks, and let go of what they found."""
    with session.lock:
        if session.stand.checks is not None:
            session.stand.checks.cancel()
            session.hold(checks=None)


def _copy(session: Session, then: Callable[[Copied | None], Any]) -> None:
    """Have the lane in focus copied."""
    run = cast(Run, session.run)
    lane = focused(run.peek(0), session.focus).lanes[0]
    sound = sound_moment(lane) if lane.status == Status.DIVERGED else None
    before = inf if lane.status != Status.DIVERGED else sound or 0
    run.hand_out(run.lanes[session.lanes_of(None)[0]].id, then, before)
