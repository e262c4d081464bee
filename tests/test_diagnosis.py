"""What is told of a run that goes wrong: the right thing, with its cure, and nothing of a run that goes well."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from nnviz.catalog import MODELS
from nnviz.catalog.cases import CASES
from nnviz.charts import CHARTS
from nnviz.diagnosis.finding import Finding
from nnviz.diagnosis.rules import CONTEST, RULES, diagnosis
from nnviz.records.run import DataSummary, Lane, Snapshot
from nnviz.records.status import Status
from nnviz.runs.branch import MOST_LANES
from nnviz.runs.lane import LaneTrainer
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.sessions.branches import fork
from nnviz.sessions.cures import cure, findings, marked
from nnviz.sessions.model import ModelSession
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.sessions.trials import forget_rates, go_on_slower
from nnviz.specs.experiment import Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.race import RaceSpec
from nnviz.training.scene import scene
from nnviz.ui.board.findings import told as ui_told
from nnviz.ui.board.layout import Layout
from nnviz.ui.board.message import drawn
from nnviz.words.diagnosis import FINDINGS, NAMES
from tests.runs import SMALL, wait_for

MOONS = ExperimentSpec(dataset=Choice("moons"), epochs=0)
DIGITS = ExperimentSpec(epochs=0)
SINE = ExperimentSpec(dataset=Choice("sine"), loss=Choice("mse"), epochs=0)
CONTESTS = ("starved", "collapsed")
# Each with what is said of it, and after how many updates at the latest.
ILL: dict[str, tuple[ExperimentSpec, str, int]] = {
    **{name: (case.spec, case.finding, case.within) for name, case in CASES.items() if name not in CONTESTS},
    "decay that turns weights around": (
        MOONS.with_(optimizer=Choice.of("sgd", lr=2.5, weight_decay=1.0)), "decay_lost", 400,
    ),
    "a rate at which it diverges": (SINE.with_(optimizer=Choice.of("sgd", lr=0.1)), "lost", 80),
    "inputs as they come": (DIGITS.with_(dataset=Choice.of("digits", normalisation="none")), "raw", 160),
}  # fmt: skip
DATA = ("moons", "circles", "xor", "spiral", "digits")
OPTIMIZERS = ("sgd", "momentum", "nag", "adagrad", "rmsprop", "adam", "adamw", "radam")
WELL = [(data, rule) for data in DATA for rule in OPTIMIZERS]  # 40 runs at their defaults


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


def stepped(session: Session, count: int, rests: int = 4) -> Snapshot:
    """Do some updates with a rest now and then, at which all is measured; fewer where the run ends."""
    for _ in range(rests):
        goal = session.snapshot().lanes[0].step + count // rests
        session.run.step(count // rests)
        assert wait_for(partial(has_come, session, goal))
    return session.snapshot()


def has_come(session: Session, goal: int) -> bool:
    snapshot = session.snapshot()
    return snapshot.status.is_over or (snapshot.lanes[0].step >= goal and snapshot.status == Status.PAUSED)


def names(found: Sequence[Finding]) -> list[str]:
    return [each.name for each in found]


@pytest.mark.parametrize("ill", list(ILL))
def test_each_ill_is_told_by_its_name_and_no_other_and_its_cure_cures_it(ill: str, pool: Pool) -> None:
    spec, name, updates = ILL[ill]
    session = Session(spec, "ann", pool)
    (found,) = findings(stepped(session, updates, 16))
    assert found.name == name
    assert found.cure is not None
    assert found.since <= updates
    assert not {"{", "}"} & set(str(found.text) + str(found.cure.text))
    before = session.snapshot().lanes[0].measured[-1].test_loss
    generation, lanes = session.generation, len(session.snapshot().lanes)
    cure(session, name)
    assert wait_for(lambda: is_cured_by_something(session, generation, lanes))
    session.pause()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)
    after = stepped(session, updates, 16)
    assert name not in names(findings(after))
    assert not after.lanes[0].measured[-1].test_loss >= before
    session.close()


@pytest.mark.parametrize("name", CONTESTS)
def test_two_that_are_no_equals_are_told_and_made_equal(name: str, pool: Pool) -> None:
    case = CASES[name]
    session = ModelSession(Pairing(case.spec), "ann", pool)
    assert names(findings(stepped(session, case.within, 6))) == [case.finding]
    distance = session.snapshot().lanes[0].measured[-1].test_loss
    generation, lanes = session.generation, len(session.snapshot().lanes)
    cure(session, case.finding)
    assert wait_for(lambda: is_cured_by_something(session, generation, lanes))
    after = stepped(session, case.within, 6)
    assert findings(after) == []
    assert after.lanes[0].measured[-1].test_loss < distance
    session.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_players_that_are_each_others_equals_nothing_is_told(seed: int) -> None:
    spec = MODELS["gan"].usual.with_(seed=seed)
    for data in ("ring", "grid", "digits"):
        lane, scene = followed(spec.with_(dataset=Choice(data)), 300)
        assert diagnosis(lane, scene) == []


def followed(spec: ExperimentSpec, updates: int, rests: int = 1) -> tuple[Lane, DataSummary]:
    """Train a lane by hand and measure it at each rest."""
    lane = LaneTrainer(LaneSpec(spec, "one", 0))
    lane.build()
    assert lane.experiment is not None
    for rest in range(1, rests + 1):
        lane.advance(updates * rest // rests - lane.step)
        lane.owe(lane.moment)
        lane.measure(pictures=True)
        lane.show()
    return lane.freeze(Status.PAUSED), scene(lane.experiment)


@pytest.mark.parametrize(("rate", "seed"), [(1.0, 1), (100.0, 2), (1e4, 3)])
def test_one_press_takes_a_run_that_diverged_below_guessing_however_high_the_rate_was(
    rate: float, seed: int, pool: Pool
) -> None:
    session = Session(SINE.with_(optimizer=Choice.of("sgd", lr=rate), seed=seed), "ann", pool)
    (found,) = findings(stepped(session, 80, 16))
    assert (found.name, found.cure and found.cure.is_tried) == ("lost", True)
    cure(session, "lost")
    assert wait_for(lambda: len(session.snapshot().lanes) == 2)
    session.pause()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)
    tested, after = session.snapshot().rate_curve, stepped(session, 400, 4)
    assert tested is not None
    assert after.lanes[0].knobs["optimizer.lr"] == tested.suggested
    assert findings(after) == []
    assert after.scene is not None
    assert after.lanes[0].measured[-1].test_loss < after.scene.chance[0]
    session.close()


def test_a_rate_that_nobody_waits_for_any_more_begins_no_branch(pool: Pool) -> None:
    session = Session(SINE.with_(optimizer=Choice.of("sgd", lr=1.0)), "ann", pool)
    stepped(session, 80)
    with session.lock:  # the pool's thread cannot tell of its end before this is let go
        cure(session, "lost")
        forget_rates(session)
    stepped(session, 1)
    assert len(session.snapshot().lanes) == 1
    for _ in range(MOST_LANES - 1):
        fork(session, 0, {"optimizer.lr": 0.001})
    assert wait_for(lambda: len(session.snapshot().lanes) == MOST_LANES)
    session.focus_on(0)
    with pytest.raises(ValueError, match="8"):
        go_on_slower(session, 0, {"optimizer.lr": 0.001})
    session.close()


def is_cured_by_something(session: Session, generation: int, lanes: int) -> bool:
    """Whether there is a fresh run, a branch or a turned knob, and all of it is built."""
    snapshot = session.snapshot()
    is_other = session.generation > generation or len(snapshot.lanes) > lanes or bool(snapshot.lanes[0].journal)
    return is_other and snapshot.scene is not None


@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("name", list(CASES))
def test_a_case_of_the_gallery_is_told_at_other_seeds_too_and_nothing_else(name: str, seed: int) -> None:
    case = CASES[name]
    lane, scene = followed(case.spec.with_(seed=seed), case.within, 8)
    assert names(diagnosis(lane, scene)) == [case.finding]


@pytest.mark.parametrize(("data", "rule"), WELL)
def test_nothing_is_told_of_a_run_that_goes_well(data: str, rule: str, pool: Pool) -> None:
    session = Session(ExperimentSpec(dataset=Choice(data), optimizer=Choice(rule), epochs=0), "ann", pool)
    for count in (30, 300, 700):
        assert names(findings(stepped(session, count, 3))) == []
    session.close()


def test_no_rule_stumbles_over_a_run_that_has_hardly_begun(pool: Pool) -> None:
    session = Session(SMALL, "ann", pool)
    assert findings(session.snapshot()) == []
    stepped(session, 1, 1)
    lane, data = session.snapshot().lanes[0], session.snapshot().scene
    assert data is not None
    bare = replace(lane, records=(), evaluations=(), knobs={}, curve=type(lane.curve).empty(), step=1000)
    strange = [replace(part, test_loss=float("nan"), train_loss=float("inf")) for part in lane.evaluations]
    for each in (bare, replace(lane, evaluations=tuple(strange), step=1000)):
        for rule in RULES.values():
            assert rule(each, data) is None
    assert diagnosis(lane, None) == []
    assert diagnosis(lane, replace(data, players=("a", "b"))) == []


def test_a_race_is_not_judged_and_a_watcher_reads_without_a_button(pool: Pool) -> None:
    race = RaceSession(RaceSpec(MOONS, (Choice.of("sgd", lr=1e-6), Choice("adam"))), "ann", pool)
    assert findings(stepped(race, 600)) == []
    spec, name, updates = ILL["dead_units"]
    session = Session(spec, "ann", pool)
    snapshot = stepped(session, updates, 16)
    for is_watched in (False, True):
        shown = drawn(session, snapshot, Layout(has_diagnosis=True, is_watched=is_watched)).head["diagnosis"]
        ((each),) = shown["findings"]
        assert each["id"] == name
        assert bool(each["cure"]) != is_watched
        assert shown["well"] == ""
    assert "diagnosis" not in drawn(session, snapshot, Layout()).head


def test_where_an_ill_began_is_marked_on_the_curve_and_one_of_the_start_is_not(pool: Pool) -> None:
    session = Session(CASES["dead_units"].spec, "ann", pool)
    snapshot = stepped(session, 40, 16)
    (found,) = findings(snapshot)
    shown = marked(snapshot, [found])
    (ill,) = shown.ills
    assert (ill.step, str(ill.text)) == (found.since, "dead units")
    figure = CHARTS["loss"].draw(shown)
    (upright,) = [trace for trace in figure["data"] if trace["name"] == "dead units"]
    assert list(upright["x"]) == [found.since, found.since]
    assert "dead units" in [each["text"] for each in figure["layout"]["annotations"]]
    assert [trace for trace in CHARTS["loss"].draw(snapshot)["data"] if trace["name"] == "dead units"] == []
    born = Session(CASES["low_biases"].spec, "ann", pool)
    still = stepped(born, 40)
    assert marked(still, findings(still)).ills == ()


def test_every_ill_has_a_name_for_its_mark() -> None:
    assert {*RULES, *CONTEST} <= set(NAMES.english)
    assert set(FINDINGS.english) == set(NAMES.english)


def test_a_healthy_run_is_told_to_be_well_and_of_a_contest_nothing_is_said(pool: Pool) -> None:
    well = Session(SMALL, "ann", pool)
    assert told(stepped(well, 120)) == {"well": "Nothing looks wrong.", "findings": []}
    spec = MODELS["gan"].usual.with_(model=Choice.of("gan", width=16), batch_size=32)
    contest = ModelSession(Pairing(spec), "ann", pool)
    assert told(stepped(contest, 120)) == {"well": "", "findings": []}


def told(snapshot: Snapshot) -> dict[str, object]:
    return {**(ui_told(snapshot, Layout(has_diagnosis=True)) or {})}


def test_a_cure_of_what_is_not_wrong_any_more_does_nothing(pool: Pool) -> None:
    session = Session(SMALL, "ann", pool)
    stepped(session, 5, 1)
    generation = session.generation
    cure(session, "dead")
    cure(session, "nothing of that name")
    assert session.generation == generation
    assert np.isfinite(session.snapshot().lanes[0].curve.losses).all()
