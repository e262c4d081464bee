"""A link holds a run as it went: spec, seed, and every live change at its update."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from nnviz.catalog import entry_of, live_of
from nnviz.catalog.links import read_pairing, read_planned
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.sessions.branches import fork, let_go
from nnviz.sessions.model import ModelSession
from nnviz.sessions.planned_branches import is_untold
from nnviz.sessions.session import Session
from nnviz.specs.branches import PlannedBranch
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.planned import Planned
from nnviz.training import Experiment
from nnviz.ui.taken import taken
from tests.branched import BEGINS, ENDLESS, branched, stepped, switches
from tests.homes import at_home
from tests.runs import SMALL, WILD, wait_for


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


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


@pytest.mark.parametrize(("spec", "choice"), [each[1:] for each in switches()], ids=[each[0] for each in switches()])
def test_a_branch_of_another_optimizer_comes_again_from_its_link(
    spec: ExperimentSpec, choice: Choice, pool: Pool
) -> None:
    session = branched(spec, choice, pool)
    before = session.snapshot()
    link = link_of(session, before)
    plan = read_planned(link)
    again = Session(plan, "bob", pool)
    after = stepped(again, before.lanes[1].step)
    assert [lane.label for lane in after.lanes] == [lane.label for lane in before.lanes] == ["Branch 1", "Run"]
    for one, other in zip(after.lanes, before.lanes, strict=True):
        count = min(one.step, other.step)
        assert one.curve.losses.tolist()[:count] == other.curve.losses.tolist()[:count]
        assert [turn for turn in one.journal if turn.step] == [turn for turn in other.journal if turn.step]
    assert (after.lanes[0].since, after.lanes[0].behind, after.lanes[0].step) == (BEGINS, 0, after.lanes[1].step)
    assert again.replay(after) == plan
    assert len({lane.order_hash for lane in after.lanes}) == 2  # another batch size


def test_a_branch_begins_at_its_update_however_fast_its_parent_goes(pool: Pool) -> None:
    plan = Planned(ENDLESS, branches=(PlannedBranch(1, 0, 1237, Choice.of("sgd", lr=0.05)),))
    parent, branch = stepped(Session(plan, "ann", pool), 2000).lanes
    assert (branch.since, branch.step, branch.behind) == (1237, 2000, 0)
    alone = Experiment(ENDLESS)
    alone.advance(1237)
    after = Experiment(branch.spec)
    after.restore(replace(alone.checkpoint(), optimizers=({},)))
    after.advance(763)
    assert branch.curve.losses.tolist() == after.curve.freeze().losses.tolist()
    alone.advance(763)
    assert parent.curve.losses.tolist() == alone.curve.freeze().losses.tolist()


def test_branches_of_branches_stay_in_the_link_and_one_whose_parent_is_gone_does_not(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    stepped(session, 6)
    fork(session, 6, {"optimizer.lr": 0.05})
    stepped(session, 4)
    fork(session, 10, {}, Choice("sgd"))
    before = stepped(session, 3)
    plan = read_planned(link_of(session, before))
    assert [str(each) for each in plan.branches] == ["1@0:6", "2@1:10:sgd"]
    assert plan.focus == 2
    again = Session(plan, "bob", pool)
    after = {lane.racer: lane.curve.losses.tolist() for lane in stepped(again, 13).lanes}
    assert after == {lane.racer: lane.curve.losses.tolist() for lane in before.lanes}
    other = Session(plan, "bob", pool)
    assert other.replay(other.snapshot()) == plan  # nothing has begun
    assert other.replay(stepped(other, 8)) == plan  # one has
    let_go(session, 1)
    assert wait_for(lambda: len(session.snapshot().lanes) == 2)
    assert session.replay(session.snapshot()).branches == ()
    assert is_untold(session.snapshot().lanes)
    alone = read_planned(taken(session, session.snapshot(), 0)[0].to_query())
    assert stepped(Session(alone, "bob", pool), 13).lanes[0].curve.losses.tolist() == after[2]


def test_a_branch_that_is_let_go_before_it_begins_does_not_begin(pool: Pool) -> None:
    plan = Planned(ENDLESS, branches=(PlannedBranch(1, 0, 3), PlannedBranch(2, 1, 6)))
    session = Session(plan, "ann", pool)
    stepped(session, 4)
    let_go(session, 1)
    assert [lane.racer for lane in stepped(session, 5).lanes] == [0]
    assert session.replay(session.snapshot()) == Planned(ENDLESS)


def test_a_run_that_goes_on_after_its_end_does_so_from_its_link(pool: Pool) -> None:
    session = Session(SMALL.with_(epochs=2), "ann", pool)
    session.play()
    assert wait_for(lambda: session.snapshot().status == Status.DONE)
    end = session.snapshot().lanes[0].step
    fork(session, end, {"optimizer.lr": 0.001})
    assert wait_for(lambda: len(session.snapshot().lanes) == 2 and session.snapshot().lanes[0].step > end + 5)
    session.pause()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)
    branch = session.snapshot().lanes[0]
    again = Session(read_planned(link_of(session, session.snapshot())), "bob", pool)
    after = stepped(again, branch.step)
    assert {lane.racer: lane.step for lane in after.lanes} == {0: end, 1: branch.step}
    assert after.lanes[0].curve.losses.tolist() == branch.curve.losses.tolist()


@pytest.mark.parametrize(
    ("branches", "said"),
    [
        ("1", "'1' does not read as racer@parent:step"),
        ("1@0:9:addam", "addam"),
        ("1@3:9", "there is no lane '3'; choose one of 0"),
        ("0@0:9", "there is a lane number 0 already"),
        ("1@0:9;2@1:8", "branch 2 cannot begin at update 8"),
        (";".join(f"{racer}@0:9" for racer in range(1, 9)), "at most 8 lanes"),
    ],
)
def test_branches_that_cannot_be_are_one_sentence(branches: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as error:
        read_planned({**SMALL.to_query(), "branches": branches})
    assert "\n" not in str(error.value)


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
