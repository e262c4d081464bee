"""What is tried beside a session's run, on copies of it: the run, its journal and its curves know nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
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
from nnviz.sessions.session import Session
from nnviz.training.copied import Copied

RATE = "optimizer.lr"
_NEAR = 0.05  # powers of ten: less than a hand can tell on the chart


def can_try(session: Session) -> bool:
    """Tell whether anything can be tried beside a run: not of two networks against each other, nor of a race."""
    is_race = session.kind == "race"
    return isinstance(session.run, Run) and not is_race and len(optimizers_of(session.spec)) == 1


def find_rate(session: Session, then: Callable[[RateCurve], object] | None = None) -> None:
    """Test learning rates on a copy of the lane in focus as it stands; of one that diverged, as it was when sound.

    then: is told from the pool's thread what was found, unless the test was given up or another run has come.
    """
    with session.lock:
        if not can_try(session) or session.is_waiting_for_data:
            return
        forget_rates(session)
        run = cast(Run, session.run)

        def tell(found: RateCurve) -> None:
            with session.lock:
                if then is not None and session.stand.rate_test is test:
                    then(found)

        test = RateTest(session.spec, run.pool, run.patience, tell)
        session.hold(rate_test=test)
        _copy(session, test.begin)


def go_on_slower(session: Session, step: int, values: Mapping[str, float]) -> None:
    """Test rates on a copy of a lane that diverged, then go on from a moment with the one that is suggested.

    values: with which it goes on where no smaller rate is suggested, or none can be tested.  ValueError where no lane
    may join.
    """
    with session.lock:
        if not can_try(session):
            fork(session, step, values)
            return
        run = cast(Run, session.run)
        branch_of(run.lanes, run.lanes[session.lanes_of(None)[0]].id)  # asked now: later nobody would hear of it
        present = session.knob(RATE, run.peek(0))
        find_rate(session, partial(_go_on, session, step, values, present))


def _go_on(session: Session, step: int, values: Mapping[str, float], present: float, found: RateCurve) -> None:
    rate = found.suggested if found.suggested is not None and found.suggested < present else values[RATE]
    with suppress(ValueError):  # others have joined meanwhile
        fork(session, step, {**values, RATE: rate})


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
