"""Going back to the run before: the very run, as it was, after whatever has taken its place."""

import gc
import math
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nnviz.catalog.links import read_experiment
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.source import Source
from nnviz.sessions import formers
from nnviz.sessions.difference import told
from nnviz.sessions.environment import Environment
from nnviz.sessions.formers import MOST, MOST_RUNS
from nnviz.sessions.lab import LabSession
from nnviz.sessions.model import ModelSession
from nnviz.sessions.race import RaceSession
from nnviz.sessions.registry import FORGET_AFTER_S, SessionRegistry
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.race import DEFAULT_LANES, RaceSpec
from tests.runs import wait_for

MOONS = ExperimentSpec(dataset=Choice("moons"), epochs=0)
OTHER: Callable[[ExperimentSpec], ExperimentSpec] = lambda spec: spec.with_(activation=Choice("tanh"))  # noqa: E731


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


@pytest.fixture
def session(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr(formers, "PASSING_S", 0.0)  # no run gives way too soon
    return Session(MOONS, "ann", pool)


def settled(session: Session, *statuses: Status) -> Snapshot:
    assert wait_for(lambda: session.snapshot().status in statuses)
    return session.snapshot()


def trained(session: Session, updates: int = 3) -> Snapshot:
    for _ in range(updates):
        session.step()
    return settled(session, Status.PAUSED)


def losses(snapshot: Snapshot) -> list[float]:
    return [float(loss) for loss in snapshot.lanes[0].curve.losses]


def changed(session: Session) -> str:
    assert session.changed is not None
    return told(session.changed)


def test_undo_brings_back_the_very_run_with_its_curve_its_changes_and_its_settings(session: Session) -> None:
    trained(session)
    session.turn("optimizer.lr", 0.01)
    before, run = trained(session, 1), session.run
    assert session.changed is None
    session.restart_with(OTHER)
    assert changed(session) == "activation ReLU → Tanh"
    trained(session, 1)
    session.undo(session.generation)
    after = settled(session, Status.PAUSED)
    assert session.run is run
    assert losses(after) == losses(before)
    assert after.lanes[0].journal == before.lanes[0].journal
    assert str(session.present_spec(after).optimizer) == "adam:lr=0.01"
    assert session.spec.activation == Choice("relu")
    assert after.ghosts == ()
    assert session.changed is None
    assert trained(session, 1).lanes[0].step == 5  # and it goes on from there


def test_what_was_going_comes_back_paused(session: Session) -> None:
    session.run.pace = 0.001
    session.begin(is_started=True)
    assert wait_for(lambda: session.snapshot().lanes[0].step > 2)
    session.restart_with(OTHER)
    assert session.is_going(session.snapshot())
    session.undo(session.generation)
    assert settled(session, Status.PAUSED).lanes[0].step > 2
    assert not session.is_going(session.snapshot())


def test_reset_and_a_new_seed_can_be_undone_one_after_the_other(session: Session) -> None:
    first = losses(trained(session))
    session.restart_with(lambda spec: spec, is_started=False)
    assert session.changed == []  # the same settings
    trained(session, 2)
    session.restart_with(lambda spec: spec.with_(seed=2))
    assert changed(session) == "seed 1 → 2"
    for steps in (2, 3):
        session.undo(session.generation)
        assert settled(session, Status.PAUSED).lanes[0].step == steps
    assert losses(session.snapshot()) == first


def test_several_stops_of_one_knob_are_one_change(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(session)
    monkeypatch.setattr(formers, "PASSING_S", math.inf)  # every run gives way soon
    for units in ("5", "51", "512"):
        session.restart_with(lambda spec, units=units: spec.with_(model=Choice.of("mlp", hidden=units)))  # type: ignore[misc]
        trained(session, 1)
    assert changed(session) == "hidden layers 32 → 512"
    session.restart_with(lambda spec: spec.with_(seed=2))  # something else
    session.undo(session.generation)
    assert str(session.spec.model) == "mlp:hidden=512"
    session.restart_with(lambda spec: spec.with_(model=Choice.of("mlp", hidden="9")))
    assert changed(session) == "hidden layers 512 → 9"  # what was gone back to is no stop on the way
    for _ in range(2):
        session.undo(session.generation)
    assert settled(session, Status.PAUSED).lanes[0].step == 3


def test_a_run_that_was_never_trained_is_gone_back_to_by_its_settings(session: Session) -> None:
    session.restart_with(OTHER)
    session.restart_with(lambda spec: spec.with_(seed=2))
    for activation in ("tanh", "relu"):
        session.undo(session.generation)
        assert (session.spec.activation, session.spec.seed) == (Choice(activation), 1)
        assert settled(session, Status.READY).lanes[0].step == 0


def test_few_runs_are_kept_and_the_others_are_free_to_go(session: Session) -> None:
    gone: list[weakref.ref[Source]] = []
    for seed in range(2, 8):
        trained(session, 1)
        gone.append(weakref.ref(session.run))
        session.restart_with(lambda spec, seed=seed: spec.with_(seed=seed))  # type: ignore[misc]
    assert len(session.formers) == MOST_RUNS

    def kept() -> int:
        gc.collect()
        return sum(run() is not None for run in gone)

    assert wait_for(lambda: kept() == MOST_RUNS)
    for size in range(1, 12):
        session.restart_with(lambda spec, size=size: spec.with_(batch_size=size))  # type: ignore[misc]
        session.restart_with(lambda spec, size=size: spec.with_(epochs=size))  # type: ignore[misc]
    assert len(session.formers) <= MOST
    registry = SessionRegistry(Environment())
    registry.sessions[session.id] = session
    registry.reap(session.seen_at + FORGET_AFTER_S + 1)
    assert len(session.formers) == 0
    assert wait_for(lambda: kept() == 0)


def test_a_run_that_has_gone_on_for_long_enough_lets_the_one_before_go(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(session)
    session.restart_with(OTHER)
    monkeypatch.setattr(formers, "FORGOTTEN_S", 0.0)
    trained(session)
    assert session.changed is not None  # at rest it may be read for as long as one likes
    session.begin(is_started=True)
    assert wait_for(lambda: session.is_going(session.snapshot()) and session.changed is None)
    session.run.stop()


def test_a_click_on_an_undo_that_is_out_of_date_does_nothing(session: Session) -> None:
    trained(session)
    old = session.generation
    session.restart_with(OTHER)
    trained(session)
    session.restart_with(lambda spec: spec.with_(seed=2))
    for generation in (old, old + 1):
        session.undo(generation)
    assert session.spec.seed == 2
    for _ in range(2):
        session.undo(old + 2)  # the same click, reported twice
    assert (session.spec.seed, session.spec.activation) == (1, Choice("tanh"))


@pytest.mark.parametrize(
    ("spec", "status"),
    [
        (MOONS.with_(epochs=1), Status.DONE),
        (MOONS.with_(dataset=Choice("line"), loss=Choice("mse"), optimizer=Choice.of("sgd", lr=1e4)), Status.DIVERGED),
    ],
    ids=["finished", "diverged"],
)
def test_a_run_that_is_over_can_be_played_again_and_gone_back_to(
    session: Session, spec: ExperimentSpec, status: str
) -> None:
    session.restart(spec, is_started=True)
    over = settled(session, Status(status))
    session.play()
    assert session.changed == []
    session.undo(session.generation)
    after = settled(session, Status(status))
    assert losses(after) == losses(over)
    assert after.lanes[0].message == over.lanes[0].message


def test_data_that_is_not_here_is_left_again(session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    trained(session)
    session.restart_with(lambda spec: spec.with_(dataset=Choice("mnist")))
    assert session.is_waiting_for_data
    assert changed(session) == "data set Moons → MNIST"
    session.undo(session.generation)
    assert not session.is_waiting_for_data
    assert settled(session, Status.PAUSED).lanes[0].step == 3
    assert trained(session, 1).lanes[0].step == 4


def test_a_setting_that_cannot_be_leaves_the_run_as_it_was(session: Session) -> None:
    run = trained(session) and session.run
    with pytest.raises(ValueError, match="cross_entropy"):
        session.restart(MOONS.with_(dataset=Choice("sine")), is_started=False)
    assert session.run is run
    assert (session.spec, session.changed) == (MOONS, None)


def test_a_race_comes_back_with_its_lanes_and_their_turned_knobs(pool: Pool) -> None:
    session = RaceSession(RaceSpec(MOONS, DEFAULT_LANES[:2]), "ann", pool)
    trained(session)
    session.turn("optimizer.lr", 0.3, 1)
    trained(session, 1)
    session.edit_race(lambda race: RaceSpec(race.base, (*race.lanes, Choice("adam")), seeds=2))
    assert changed(session) == "Adam added, seeds 1 → 2"
    session.find_rates()
    session.undo(session.generation)
    after = settled(session, Status.PAUSED)
    assert [lane.step for lane in after.lanes] == [4, 4]
    assert [str(lane) for lane in session.present_race(after).lanes] == ["sgd", "momentum:lr=0.3"]
    assert not session.is_searching(after)  # its result would start the race anew


def test_a_set_up_on_a_model_s_page_is_undone_with_its_twin(pool: Pool) -> None:
    usual = read_experiment({"model": "autoencoder", "loss": "mse", "epochs": "0"})
    session = ModelSession(Pairing(usual), "ann", pool)
    trained(session)
    session.take(Pairing(usual.with_(batch_size=8), "linear"), is_started=True)
    assert changed(session).startswith(f"batch size {usual.batch_size} → 8, beside it nothing → ")
    session.undo(session.generation)
    after = settled(session, Status.PAUSED)
    assert (len(after.lanes), after.lanes[0].step) == (1, 3)
    assert session.present_plan(after) == Pairing(usual)


def test_the_lab_s_run_comes_back(pool: Pool) -> None:
    session = LabSession(ExperimentSpec(epochs=2), "ann", pool)
    trained(session)
    session.restart(session.spec.with_(batch_size=64), is_started=False)
    session.undo(session.generation)
    assert settled(session, Status.PAUSED).lanes[0].step == 3
    assert session.spec.batch_size == 32
