"""The one press after a divergence: whatever diverged, there is one, and what comes of it trains soundly."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from nnviz.catalog import MODELS
from nnviz.diagnosis.rules import diagnosis
from nnviz.records.moments import deadest, sound_moment
from nnviz.records.rate_curve import RateCurve
from nnviz.records.run import DataSummary, Lane, Snapshot
from nnviz.records.shapes import Shares
from nnviz.records.status import Status
from nnviz.runs.branch import Branch, branch_of
from nnviz.runs.branching_lane import BranchingLane
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.runs.rate_test import held_rate
from nnviz.sessions.cures import cure, findings, marked
from nnviz.sessions.model import ModelSession
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.race import RaceSpec
from nnviz.training import Experiment
from nnviz.training.copied import Copied
from nnviz.training.holding import UPDATES, held
from nnviz.training.range_test import UPDATES as TESTED
from nnviz.training.scene import scene
from nnviz.ui.board.findings import told
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.message import head
from nnviz.words.rate_test import RATE_FOUND, RATE_TEST
from tests.branched import stepped
from tests.runs import SMALL, WILD, wait_for
from tests.seeds import SEEDS

# Each once went on with dead units, or diverged again: squared errors forgive a network that only guesses, and what
# has a memory bears a rate for a while.
HARD = (
    ("digits", "mse", "sgd", 100.0),
    ("digits", "mse", "momentum", 10.0),
    ("digits", "mse", "nag", 1000.0),
    ("spiral", "mse", "momentum", 1.0),
    ("moons", "mse", "momentum", 1.0),
    ("digits", "cross_entropy", "momentum", 100.0),
)
RATE = "optimizer.lr"


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def spec_of(data: str, loss: str, rule: str, rate: float, seed: int = 1) -> ExperimentSpec:
    optimizer = Choice.of(rule, lr=rate)
    return ExperimentSpec(dataset=Choice(data), loss=Choice(loss), optimizer=optimizer, epochs=0, seed=seed)


def trained(lane: BranchingLane, updates: int, rests: int) -> tuple[Lane, DataSummary]:
    """Train a lane by hand and measure it at each rest."""
    start = lane.step
    for rest in range(1, rests + 1):
        if not lane.is_over:
            lane.advance(start + updates * rest // rests - lane.step)
            lane.owe(lane.moment)
            lane.measure(pictures=True)
            lane.show()
    assert lane.experiment is not None
    return lane.freeze(Status.PAUSED), scene(lane.experiment)


def built(entrant: LaneSpec) -> BranchingLane:
    lane = BranchingLane(entrant)
    lane.build()
    return lane


def cured(lane: BranchingLane, shown: Lane, data: DataSummary) -> tuple[RateCurve, Lane, DataSummary]:
    """Do by hand what the cure of the one thing that is wrong does; return what became of it."""
    (found,) = diagnosis(shown, data)
    assert found.cure is not None
    assert (found.cure.is_tried, lane.experiment is not None) == (True, True)
    step, entrant = found.cure.step or 0, branch_of((lane.entrant,), "0")
    start = lane.branched(Branch(entrant, step)).start
    copied = Copied(lane.spec, lane.experiment.origin if lane.experiment else None, start)
    *_, curve = held_rate(copied, RateCurve(spec=lane.spec), below=shown.knobs[RATE])
    assert curve.suggested is not None
    branch = built(lane.branched(Branch(entrant, step, (Change(step, RATE, curve.suggested),))))
    return curve, *trained(branch, 500, 5)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("hard", HARD, ids=lambda hard: "-".join(map(str, hard)))
def test_a_cure_of_a_rate_that_was_far_too_high_leaves_nothing_wrong(
    hard: tuple[str, str, str, float], seed: int
) -> None:
    lane = built(LaneSpec(spec_of(*hard, seed=seed), "one", 0, id="0", is_stored=True))
    shown, data = trained(lane, 80, 4)
    if not {"lost", "dead"} & {each.name for each in diagnosis(shown, data)}:
        pytest.skip("this seed bears the rate")
    curve, after, data = cured(lane, shown, data)
    assert curve.has_held
    assert diagnosis(after, data) == []
    assert after.records[-1].train_loss < data.chance[0]
    assert deadest(after.records[-1])[1] < 0.8


def test_a_rate_holds_only_where_the_network_is_none_the_worse_for_it() -> None:
    spec = spec_of("digits", "mse", "sgd", 0.1)
    answers = {rate: list(held(Experiment(spec), rate)) for rate in (0.1, 20.0, 1e4)}
    assert [each[-1] for each in answers.values()] == [True, False, False]
    assert len(answers[0.1]) == UPDATES // 5 + 1
    assert len(answers[1e4]) < len(answers[0.1])  # it ends where the loss is no number any more
    assert {part for each in answers.values() for part in each[:-1]} == {None}


def test_of_rates_that_do_not_hold_the_next_is_a_quarter_and_none_at_all_is_said() -> None:
    copied = Copied(spec_of("digits", "mse", "sgd", 100.0))
    *steps, found = held_rate(copied, RateCurve(spec=copied.spec), below=100.0)
    progress = [each.progress for each in steps]
    assert progress == sorted(progress)
    assert {each.suggested for each in steps} == {None}
    assert found.first is not None
    assert found.suggested in [float(f"{found.first / 4**times:.2g}") for times in range(4)]
    still = Copied(spec_of("line", "mse", "sgd", 0.1).with_(initializer=Choice("zeros")))
    *_, nothing = held_rate(still, RateCurve(spec=still.spec), below=1e-3)
    assert (nothing.suggested, nothing.has_held) == (1e-4, True)  # less than what is known to be too high


def test_a_moment_at_which_half_a_layer_is_dead_is_not_sound(pool: Pool) -> None:
    session = Session(SMALL, "ann", pool)
    for _ in range(3):
        stepped(session, 5)
    lane = session.snapshot().lanes[0]
    dead = {lane.stored[0]: 0.1, lane.stored[1]: 0.4, lane.stored[-1]: 0.6}
    records = [
        record.with_readings(dead_units=Shares(("lin_1",), np.array([dead.get(record.step, 0.0)], np.float32)))
        for record in lane.records
    ]
    level = tuple(replace(record, test_loss=1.0) for record in records)
    assert sound_moment(replace(lane, records=level)) == lane.stored[-2]
    assert sound_moment(replace(lane, records=level), lane.stored[2]) == lane.stored[1]


def gone(session: Session, racer: int, rate: float) -> Snapshot:
    """Train on soundly, then at a rate at which one lane diverges."""
    for _ in range(3):
        stepped(session, 5)
    session.turn(RATE, rate, racer)
    session.run.step(400)
    assert wait_for(lambda: session.snapshot().status in (Status.PAUSED, Status.DIVERGED))
    return session.snapshot()


def joined(session: Session, count: int) -> Snapshot:
    assert wait_for(lambda: len(session.snapshot().lanes) == count)
    session.pause()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)
    return session.snapshot()


def test_a_lane_of_a_race_is_told_by_its_name_and_goes_on_beside_the_others(pool: Pool) -> None:
    rates = {"sgd": 0.01, "momentum": 0.01}
    wild = RaceSpec(WILD.with_(epochs=0), tuple(Choice.of(rule, lr=rate) for rule, rate in rates.items()))
    session = RaceSession(wild, "ann", pool)
    snapshot = gone(session, 1, 9000.0)
    lost = snapshot.lanes[1]
    (found,) = findings(snapshot)
    assert (lost.status, found.id, found.racer) == (Status.DIVERGED, "lost.1", 1)
    begun = found.cure.step if found.cure else None
    assert begun in lost.stored
    assert begun is not None
    shown = told(snapshot, Layout(has_diagnosis=True))
    assert shown is not None
    ((each),) = shown["findings"]
    assert each["text"].startswith("Momentum: The loss left the finite numbers")
    assert each["cure"]
    assert marked(snapshot, [found]).ills == ()  # the first lane's curve has nothing to show of it
    cure(session, "lost")  # there is no such thing
    assert session.stand.rate_test is None
    cure(session, "lost.1")
    after = joined(session, 3)
    assert after.rate_curve is None
    status = head(session, after, Layout(has_diagnosis=True))["status"]
    assert status is not None
    assert "Momentum diverged at update" in status["text"]
    assert "Reset" not in status["text"]  # it has gone on
    assert findings(after) == []
    assert 0 < after.lanes[2].knobs[RATE] < 1
    session.play()
    assert wait_for(lambda: session.snapshot().lanes[2].step > begun + 200)
    assert session.snapshot().lanes[2].status == Status.RUNNING
    session.close()


def test_a_twin_that_diverged_has_a_press_of_its_own(pool: Pool) -> None:
    autoencoder = MODELS["autoencoder"].usual.with_(model=Choice.of("autoencoder", hidden="16"), epochs=0)
    session = ModelSession(Pairing(autoencoder.with_(optimizer=Choice.of("sgd", lr=0.01)), "linear"), "ann", pool)
    snapshot = gone(session, 0, 9000.0)
    assert [lane.status for lane in snapshot.lanes] == [Status.DIVERGED] * 2
    assert [each.id for each in findings(snapshot)] == ["lost.0", "lost.1"]
    cure(session, "lost.1")
    after = joined(session, 3)
    assert after.lanes[0].parent == snapshot.lanes[1].id
    assert [each.id for each in findings(after)] == ["lost.0"]
    session.close()


def test_of_two_players_both_go_on_with_a_tenth_of_their_rates(pool: Pool) -> None:
    spec = MODELS["gan"].usual.with_(model=Choice.of("gan", width=16), optimizer=Choice.of("sgd", lr=0.01))
    session = ModelSession(Pairing(spec.with_(second_optimizer=Choice.of("sgd", lr=0.02), batch_size=32)), "ann", pool)
    for _ in range(3):
        stepped(session, 5)
    lane = session.snapshot().lanes[0]
    assert findings(session.snapshot()) == []
    lost = replace(lane, status=Status.DIVERGED)
    (found,) = diagnosis(lost, session.snapshot().scene)
    assert found.cure is not None
    assert "both rates" in str(found.cure.text)
    assert found.cure.values == pytest.approx({RATE: 0.001, "second_optimizer.lr": 0.002})
    (bare,) = diagnosis(replace(lost, stored=()), session.snapshot().scene)
    assert bare.cure is not None
    optimizers = [bare.cure.settings[field] for field in ("optimizer", "second_optimizer")]
    assert optimizers == [Choice.of("sgd", lr=0.001), Choice.of("sgd", lr=0.002)]
    session.close()


@pytest.mark.parametrize("family", ["autoencoder", "mlp"])
def test_where_no_moment_is_kept_it_begins_anew_with_a_tenth(family: str, pool: Pool) -> None:
    usual = MODELS["autoencoder"].usual.with_(epochs=0) if family == "autoencoder" else SMALL
    session = Session(usual.with_(optimizer=Choice.of("sgd", lr=0.5)), "ann", pool)
    stepped(session, 5)
    snapshot = session.snapshot()
    lost = replace(snapshot.lanes[0], status=Status.DIVERGED, stored=())
    (found,) = diagnosis(lost, snapshot.scene)
    assert found.name == "lost"
    assert found.cure is not None
    assert found.cure.settings["optimizer"] == Choice.of("sgd", lr=0.05)
    session.close()


def test_whatever_diverged_there_is_one_press_and_one_only(pool: Pool) -> None:
    session = Session(SMALL.with_(optimizer=Choice.of("sgd", lr=0.5, weight_decay=1.0)), "ann", pool)
    stepped(session, 5)
    snapshot = session.snapshot()
    lane, data = replace(snapshot.lanes[0], status=Status.DIVERGED), snapshot.scene
    assert data is not None
    strange = replace(data, input_std=9.0)
    mad = replace(lane, knobs={**lane.knobs, RATE: 5.0})
    for each, of in ((lane, data), (lane, strange), (mad, data), (replace(mad, stored=()), data)):
        (found,) = diagnosis(each, of)
        assert found.cure is not None
    session.close()


def test_what_was_tried_for_longer_is_said_as_it_was() -> None:
    assert (UPDATES, TESTED) == (200, 200)
    assert "200" in RATE_TEST["find"][1]
    for name in ("held", "held_less", "held_none"):
        assert "200 updates" in RATE_FOUND[name]
