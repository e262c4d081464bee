"""The button that copies a run's link: what the link holds is what it says."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from nnviz.catalog import read_planned, read_race
from nnviz.charts.chart import PLAIN_VIEW
from nnviz.records.run import Snapshot
from nnviz.runs.pool import Pool
from nnviz.sessions.branches import fork
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice
from nnviz.specs.race import RaceSpec
from nnviz.ui.copy_link import Held, held_by
from nnviz.ui.link import MOST_CHARACTERS, RACE, RACE_VIEW, TRAIN
from tests.branched import stepped
from tests.runs import SMALL, wait_for

ENDLESS = SMALL.with_(epochs=0, seed=7)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def query_of(held: Held) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(held.link).query).items()}


def held(session: Session) -> Held:
    return held_by(session, session.snapshot(), TRAIN, PLAIN_VIEW)


def test_a_link_holds_the_settings_the_seed_and_each_change_at_its_update_and_says_so(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    again = "Whoever opens it and presses Play gets this run again."
    assert held(session).said == f"It holds all settings and the seed (7). {again}"
    stepped(session, 5)
    session.turn("optimizer.lr", 0.2)
    stepped(session, 5)
    assert held(session).said == f"It holds all settings, the seed (7) and 1 live change, at its update. {again}"
    session.turn("batch_size", 7)
    snapshot = stepped(session, 5)
    found = held(session)
    assert found.said == f"It holds all settings, the seed (7) and 2 live changes, each at its update. {again}"
    plan = read_planned(query_of(found))
    assert (plan.spec.seed, plan.journal) == (7, snapshot.lanes[0].journal)
    assert [change.step for change in plan.journal] == [5, 10]
    assert "run" not in query_of(found)


def test_a_race_s_link_holds_its_lanes_and_their_turns(pool: Pool) -> None:
    session = RaceSession(RaceSpec(ENDLESS, (Choice("sgd"), Choice("adam"))), "ann", pool)
    stepped(session, 5)
    session.turn("optimizer.lr", 0.2, racer=1)
    stepped(session, 5)
    found = held_by(session, session.snapshot(), RACE, RACE_VIEW)
    assert "and 1 live change, at its update" in found.said
    assert [str(turn) for turn in read_race(query_of(found)).journal] == ["5@1:optimizer.lr:0.2"]


def test_a_run_with_more_changes_than_a_link_can_hold_says_that_only_its_settings_are_in_it(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    stepped(session, 1)
    for place in range(400):
        session.turn("optimizer.lr", 0.02 + place / 10_000)  # never what it was
    last = turned_to_the_end(session)
    found = held(session)
    assert found.said.startswith("400 live changes are too long for a link, which has 8,000 characters at most.")
    assert len(found.link) <= MOST_CHARACTERS
    plan = read_planned(query_of(found))
    assert (plan.journal, plan.spec.optimizer.knobs["lr"]) == ((), last)


def turned_to_the_end(session: Session) -> float:
    """Let a run take what was turned, and return the rate that it has then."""
    snapshot: Snapshot = stepped(session, 1)
    assert len(snapshot.lanes[0].journal) == 400
    return snapshot.lanes[0].knobs["optimizer.lr"]


def test_a_link_says_how_many_branches_it_holds_and_which_it_cannot(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    stepped(session, 5)
    fork(session, 5, {}, Choice("sgd"))
    assert wait_for(lambda: len(session.snapshot().lanes) == 2)
    found = held(session)
    assert found.said == (
        "It holds all settings and the seed (7). A branch begins in it as it did here. "
        "Whoever opens it and presses Play gets this run again."
    )
    (branch,) = read_planned(query_of(found)).branches
    assert (branch.step, branch.optimizer) == (5, Choice("sgd"))


def test_settings_that_are_longer_than_a_link_have_none(pool: Pool) -> None:
    session = Session(ENDLESS, "ann", pool)
    long = {"charts": ",".join(["loss"] * 2000)}
    address = type("Far", (), {"view_query": lambda self, view: long})()
    found = held_by(session, session.snapshot(), address, PLAIN_VIEW)
    assert (found.link, found.said[:45]) == ("", "These settings are too long for a link, which")
