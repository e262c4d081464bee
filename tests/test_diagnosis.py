"""What is told of a run that goes wrong: the right thing, with its cure, and nothing of a run that goes well."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from nnviz.catalog import MODELS
from nnviz.catalog.cases import CASES
from nnviz.catalog.schedules import schedule_of
from nnviz.charts import CHARTS
from nnviz.diagnosis.examples import unrelated
from nnviz.diagnosis.explosion import unstable
from nnviz.diagnosis.finding import Finding
from nnviz.diagnosis.rise import Rise, greatest_rise, measured_rise, since_below
from nnviz.diagnosis.rules import CONTEST, RULES, diagnosis
from nnviz.records.run import Curve, DataSummary, Evaluation, Lane, Snapshot
from nnviz.records.shapes import LayerNumbers
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
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
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
SOONER = {"starved": 300, "collapsed": 840}  # updates after which the rule would tell equals, too
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
    after = stepped(session, SOONER[name], 6)
    assert findings(after) == []
    assert after.lanes[0].measured[-1].test_loss < distance
    session.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_players_that_are_each_others_equals_nothing_is_told(seed: int) -> None:
    spec = MODELS["gan"].usual.with_(seed=seed)
    for data in ("ring", "grid", "digits"):
        lane, scene = followed(spec.with_(dataset=Choice(data)), 200)
        assert diagnosis(lane, scene) == []


def followed(spec: ExperimentSpec, updates: int, rests: int = 1) -> tuple[Lane, DataSummary]:
    """Train a lane by hand and measure it at each rest."""
    *_, found = moments(spec, [updates * rest // rests for rest in range(1, rests + 1)])
    return found


def moments(spec: ExperimentSpec, rests: Iterable[int]) -> Iterator[tuple[Lane, DataSummary]]:
    """Train a lane by hand, measure it after so many updates and return it as it is then."""
    lane = LaneTrainer(LaneSpec(spec, "one", 0))
    lane.build()
    assert lane.experiment is not None
    for rest in rests:
        lane.advance(rest - lane.step)
        lane.owe(lane.moment)
        lane.measure(pictures=True)
        lane.show()
        yield lane.freeze(Status.PAUSED), scene(lane.experiment)


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
    stepped(session, 1, 1)
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
    lane, scene = followed(case.spec.with_(seed=seed), case.within, 16)
    assert names(diagnosis(lane, scene)) == [case.finding]


@pytest.mark.parametrize(("data", "rule"), WELL)
def test_nothing_is_told_of_a_run_that_goes_well(data: str, rule: str) -> None:
    spec = ExperimentSpec(dataset=Choice(data), optimizer=Choice(rule), epochs=0)
    rests = (10, 20, 30, 130, 230, 330, 550, 800, 1030)
    assert [names(diagnosis(*each)) for each in moments(spec, rests)] == [[]] * len(rests)


@pytest.mark.parametrize("rule", ["momentum", "nag"])
def test_what_hardly_learns_a_spiral_is_not_told_that_its_labels_mean_nothing(rule: str) -> None:
    spec = ExperimentSpec(dataset=Choice("spiral"), optimizer=Choice(rule), epochs=0, seed=2)
    # Single moments have 66 of 100 right in training and 52 in the test.
    assert [names(diagnosis(*each)) for each in moments(spec, range(100, 3001, 100))] == [[]] * 30


def test_permuted_labels_are_told_by_several_moments_and_not_by_one() -> None:
    case = CASES["permuted_labels"]
    lane, data = followed(case.spec, case.within, 16)
    assert names(diagnosis(lane, data)) == ["unrelated"]
    few = tuple(part for part in lane.evaluations if part.step < case.within / 2 or part.step == case.within)
    assert len(few) > 3
    assert unrelated(replace(lane, records=(), evaluations=lane.evaluations), data) is not None
    assert unrelated(replace(lane, records=(), evaluations=few), data) is None


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
    (word,) = [each for each in figure["layout"]["annotations"] if each["text"] == "dead units"]
    assert word["xanchor"] == ("right" if found.since > snapshot.lanes[0].step / 2 else "left")
    assert [trace for trace in CHARTS["loss"].draw(snapshot)["data"] if trace["name"] == "dead units"] == []
    born = Session(CASES["low_biases"].spec, "ann", pool)
    still = stepped(born, 40)
    assert marked(still, findings(still)).ills == ()


def test_below_a_model_the_curve_is_marked_and_the_list_stands_above_alone(pool: Pool) -> None:
    session = Session(CASES["dead_units"].spec, "ann", pool)
    snapshot = stepped(session, 40, 16)
    named, below = b'"name":"dead units"', Layout(("loss",), with_numbers=False, has_diagnosis=True)
    assert "diagnosis" not in drawn(session, snapshot, below).head
    assert named in drawn(session, snapshot, below).message()
    assert named not in drawn(session, snapshot, replace(below, has_diagnosis=False)).message()


LOSSES = [2.0] * 20 + [0.5] * 40 + [1.5] * 20 + [0.25] * 40  # of batches of 32: a mean of five is no accident


def lane_with(losses: Sequence[float], lane: Lane) -> Lane:
    steps = np.arange(1.0, len(losses) + 1)
    return replace(lane, step=len(losses), curve=Curve(steps, steps / 5, steps, np.array(losses)))


def test_a_rise_is_told_from_where_to_where_and_since_when_and_single_batches_make_none(pool: Pool) -> None:
    session = Session(SMALL.with_(batch_size=32), "ann", pool)
    lane = stepped(session, 5, 1).lanes[0]
    assert greatest_rise(lane_with(LOSSES, lane)) == pytest.approx(Rise(25, 65, 0.5, 1.5))
    assert since_below(lane_with(LOSSES, lane), 0.3) == 85
    odd = [0.1] * 50 + [5.1] + [0.1] * 50
    found = greatest_rise(lane_with(odd, lane))
    assert found is not None
    assert found.high == pytest.approx(0.1 + 5.0 / 5)
    few = greatest_rise(replace(lane_with(odd, lane), knobs={"batch_size": 2.0}))
    assert few is None  # 101 updates are no two means of 64
    assert greatest_rise(lane_with([*odd, float("nan")], lane)) is None
    parts = [Evaluation(step, 0.0, 0.0, 1.0, train_loss=loss) for step, loss in enumerate([9, 1, 3, 0.5, 2, 1], 10)]
    judged = replace(lane, records=(), evaluations=tuple(parts))
    assert measured_rise(judged, 11) == Rise(11, 12, 1, 3)
    assert measured_rise(judged, 12) is None  # four are not enough


def test_the_noise_of_the_gradient_is_told_where_it_is_measured(pool: Pool) -> None:
    case = CASES["small_batches"]
    lane, data = followed(case.spec, case.within, 16)
    (plain,) = diagnosis(lane, data)
    last = lane.records[-1].with_readings(noise_scale=LayerNumbers((), np.empty(0, np.float32), 73.2))
    (told_more,) = diagnosis(replace(lane, records=(*lane.records[:-1], last)), data)
    assert "batches of 73" in str(told_more.text)
    assert "batches of 73" not in str(plain.text)
    assert (told_more.since, told_more.cure) == (plain.since, plain.cure)


def test_what_is_thrown_up_is_warmed_up_first_then_clipped_and_slowed_down_last() -> None:
    spec = CASES["unstable"].spec
    lane, data = followed(spec, 160, 16)
    tried: dict[str, Choice | None] = {}
    order = []
    for _ in range(3):
        found = unstable(replace(lane, spec=spec.with_(**tried)), data)
        assert found is not None
        assert found.cure is not None
        order += list(found.cure.settings)
        tried = {**tried, **found.cure.settings}
    assert order == ["schedule", "clipping", "optimizer"]
    assert unstable(replace(lane, journal=(Change(100, "optimizer.lr", 0.001),)), data) is None
    assert tried["optimizer"] == Choice.of("rmsprop", lr=0.003)
    rates = [schedule_of(spec.with_(schedule=tried["schedule"]), 45).factor(step) for step in (0, 100, 200, 5000)]
    assert rates == pytest.approx([0.01, 0.5, 1.0, 1.0], abs=0.01)


def test_every_ill_has_a_name_for_its_mark() -> None:
    assert {*RULES, *CONTEST} <= set(NAMES.english)
    assert set(FINDINGS.english) == set(NAMES.english)


def test_a_healthy_run_is_told_to_be_well_and_of_a_contest_nothing_is_said(pool: Pool) -> None:
    well = Session(SMALL, "ann", pool)
    assert told(stepped(well, 120)) == {"well": "Nothing looks wrong.", "room": True, "findings": []}
    hardly = Session(ExperimentSpec(dataset=Choice("spiral"), epochs=0), "ann", pool)  # 58 of 100 right
    assert told(stepped(hardly, 4)) == told(stepped(hardly, 120)) == {"well": "", "room": True, "findings": []}
    spec = MODELS["gan"].usual.with_(model=Choice.of("gan", width=16), batch_size=32)
    contest = ModelSession(Pairing(spec), "ann", pool)
    assert told(stepped(contest, 120)) == {"well": "", "room": False, "findings": []}


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
