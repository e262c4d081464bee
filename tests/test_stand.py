"""A session whose run changes between looking and asking: another script of the same reader, or another tab."""

from collections.abc import Iterator

import pytest

from nnviz.catalog.choices import knob_of
from nnviz.catalog.links import read_experiment
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.sessions.model import ModelSession
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.race import DEFAULT_LANES, RaceSpec
from tests.runs import wait_for

MOONS = ExperimentSpec(dataset=Choice("moons"), optimizer=Choice("adam"), epochs=0)


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def looked_at(session: Session) -> Snapshot:
    """Look at a run that has done one update."""
    session.step()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)
    return session.snapshot()


def test_an_outdated_look_gives_the_settings_of_the_run_that_is_there_now(pool: Pool) -> None:
    session = Session(MOONS, "ann", pool)
    before = looked_at(session)
    session.edit(lambda spec: spec.with_(optimizer=Choice("sgd")))
    assert "optimizer.beta1" in before.lanes[0].knobs
    assert session.present_spec(before) == MOONS.with_(optimizer=Choice("sgd"))
    assert session.turned(before) == []
    assert session.knob("optimizer.lr", before) == knob_of(session.spec, "optimizer.lr")
    now = looked_at(session)
    assert session.knobs(before) == session.knobs(now)


def test_a_live_change_of_the_run_before_is_not_taken_for_one_of_the_run_that_is_there(pool: Pool) -> None:
    session = Session(MOONS, "ann", pool)
    session.turn("optimizer.lr", 0.3)
    before = looked_at(session)
    session.edit(lambda spec: spec.with_(seed=7, optimizer=Choice("adam")))
    assert session.knob("optimizer.lr", before) == knob_of(MOONS, "optimizer.lr") != 0.3
    assert session.present_spec(before).optimizer == Choice("adam")


def test_an_outdated_look_at_a_race_gives_its_present_lanes(pool: Pool) -> None:
    session = RaceSession(RaceSpec(MOONS, DEFAULT_LANES[:2]), "ann", pool)
    before = looked_at(session)
    session.edit_race(lambda race: RaceSpec(race.base, (Choice("adam"), Choice("sgd"), Choice("rmsprop"))))
    assert session.present_race(before).lanes == (Choice("adam"), Choice("sgd"), Choice("rmsprop"))
    assert session.knob("optimizer.lr", before, 2) == knob_of(MOONS.with_(optimizer=Choice("rmsprop")), "optimizer.lr")
    session.edit_race(lambda race: RaceSpec(race.base, race.lanes[:2]))
    assert len(session.present_race(before).lanes) == 2


def test_an_outdated_look_at_a_model_s_page_gives_what_stands_there_now(pool: Pool) -> None:
    usual = read_experiment({"model": "autoencoder", "loss": "mse", "epochs": "0"})
    session = ModelSession(Pairing(usual, "linear"), "ann", pool)
    before = looked_at(session)
    session.edit(lambda spec: spec.with_(optimizer=Choice("sgd")))
    session.pair("")
    assert session.present_plan(before) == Pairing(usual.with_(optimizer=Choice("sgd")))


def test_a_run_that_cannot_be_made_leaves_the_one_that_is_there(pool: Pool) -> None:
    session = Session(MOONS, "ann", pool)
    run, generation = session.run, session.generation
    with pytest.raises(ValueError, match="optimizer"):
        session.edit(lambda spec: spec.with_(optimizer=Choice("nothing")))
    assert (session.run, session.spec, session.generation) == (run, MOONS, generation)
