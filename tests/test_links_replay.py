"""A link holds a run as it went: spec, seed, and every live change at its update."""

from collections.abc import Iterator

import pytest

from nnviz.catalog import entry_of, live_of
from nnviz.catalog.links import read_pairing, read_planned
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.sessions.model import ModelSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.planned import Planned
from tests.homes import at_home
from tests.runs import SMALL, WILD, wait_for


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def stepped(session: Session, updates: int) -> Snapshot:
    """Do so many updates and look."""
    session.run.step(updates)
    assert wait_for(lambda: session.snapshot().status != Status.RUNNING and session.snapshot().asked is None)
    return session.snapshot()


def turns(spec: ExperimentSpec) -> Iterator[tuple[str, float]]:
    """Name another value for every live knob of a spec."""
    yield "batch_size", spec.batch_size + 3
    for field, choice in live_of(spec).items():
        values = entry_of(field, choice).values(choice)
        for knob in entry_of(field, choice).knobs:
            if knob.live:
                value = float(values[knob.name])
                yield f"{field}.{knob.name}", 0.5 * value if value else 0.25


def link_of(session: Session, snapshot: Snapshot) -> dict[str, str]:
    query: dict[str, str] = session.replay(snapshot).to_query()
    return query


def test_what_was_turned_before_the_first_update_is_where_the_link_begins(pool: Pool) -> None:
    session = Session(SMALL, "ann", pool)
    session.begin(is_started=False)
    session.turn("optimizer.lr", 0.3)
    session.turn("batch_size", 7)
    before = stepped(session, 9)
    plan = session.replay(before)
    assert plan == Planned(SMALL.with_(optimizer=Choice.of("adam", lr=0.3), batch_size=7))
    again = stepped(Session(plan, "bob", pool), 9)
    assert again.lanes[0].curve.losses.tolist() == before.lanes[0].curve.losses.tolist()


def test_a_weight_that_was_set_before_the_first_update_stays_in_the_journal(pool: Pool) -> None:
    session = Session(SMALL, "ann", pool)
    session.begin(is_started=False)
    session.run.apply(Change(0, "lin_1.weight.2.0", 1.5))
    before = stepped(session, 5)
    plan = session.replay(before)
    assert plan.journal == (Change(0, "lin_1.weight.2.0", 1.5),)
    again = stepped(Session(read_planned(plan.to_query()), "bob", pool), 5)
    assert again.lanes[0].curve.losses.tolist() == before.lanes[0].curve.losses.tolist()


def test_a_model_s_link_turns_its_twin_along(pool: Pool) -> None:
    usual = Pairing(at_home("model", Choice("autoencoder")).with_(epochs=0), "linear")
    session = ModelSession(usual, "ann", pool)
    stepped(session, 3)
    session.turn("optimizer.lr", 0.05)
    before = stepped(session, 4)
    again = ModelSession(read_pairing(link_of(session, before), usual), "bob", pool)
    after = stepped(again, 7)
    for one, other in zip(before.lanes, after.lanes, strict=True):
        assert one.journal == other.journal == (Change(3, "optimizer.lr", 0.05),)
        assert one.curve.losses.tolist() == other.curve.losses.tolist()


def test_changes_that_are_still_ahead_stay_in_the_link_and_a_hand_that_comes_first_shows_until_then(pool: Pool) -> None:
    ahead = Change(6, "optimizer.lr", 0.001)
    session = Session(Planned(SMALL, journal=(ahead,)), "ann", pool)
    stepped(session, 3)
    session.turn("optimizer.lr", 0.2)
    snapshot = stepped(session, 1)
    assert session.replay(snapshot).journal == (Change(3, "optimizer.lr", 0.2), ahead)
    assert session.knob("optimizer.lr", snapshot) == 0.2
    snapshot = stepped(session, 3)
    assert session.knob("optimizer.lr", snapshot) == 0.001  # as the trainer has it
    assert session.replay(snapshot).journal == (Change(3, "optimizer.lr", 0.2), ahead)
    assert not session.is_ahead(snapshot)


def test_what_is_turned_after_the_end_is_for_the_next_run(pool: Pool) -> None:
    session = Session(WILD, "ann", pool)
    session.play()
    assert wait_for(lambda: session.snapshot().status.is_over)
    assert not session.is_ahead(session.snapshot())
    session.turn("optimizer.lr", 0.01)
    assert session.is_ahead(session.snapshot())
    assert session.replay(session.snapshot()) == Planned(WILD)
    assert session.present_plan(session.snapshot()).spec.optimizer == Choice.of("sgd", lr=0.01)


def test_a_new_seed_replays_the_plan_and_another_optimizer_does_without_it(pool: Pool) -> None:
    plan = Planned(SMALL, journal=(Change(2, "optimizer.lr", 0.1),))
    session = Session(plan, "ann", pool)
    session.restart_with(lambda spec: spec.with_(seed=5))
    assert session.present_plan(session.snapshot()) == Planned(SMALL.with_(seed=5), journal=plan.journal)
    session.edit(lambda spec: spec.with_(optimizer=Choice("sgd")))
    assert session.present_plan(session.snapshot()) == Planned(SMALL.with_(seed=5, optimizer=Choice("sgd")))


@pytest.mark.parametrize(
    ("journal", "said"),
    [
        ("9", "'9'"),
        ("9@*:optimizer.lr", "optimizer.lr"),
        ("9@*:optimizer.lr:fast", "fast"),
        ("9@3:optimizer.lr:0.1", "3"),
        ("9@*:optimizer.momentum:0.1", "optimizer.momentum"),
        ("9@*:optimizer.lr:-1", "-1"),
        ("9@*:lin_9.weight.0.0:1", "lin_9"),
    ],
)
def test_a_journal_that_cannot_be_is_one_sentence(journal: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as error:
        read_planned({**SMALL.to_query(), "journal": journal})
    assert "\n" not in str(error.value)
