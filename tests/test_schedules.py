"""Learning-rate schedules: the rates are those of torch's schedulers, the losses those of a loop by hand."""

import json
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from nnviz.catalog import SCHEDULES, check_spec, read_experiment, read_planned
from nnviz.catalog.plateau import Plateau
from nnviz.catalog.schedules import ENDLESS, Span, pinned, schedule_of
from nnviz.charts import CHARTS
from nnviz.cli.main import main
from nnviz.library.codec import Arrays, decode, encode
from nnviz.library.library import Library
from nnviz.records.moments import until
from nnviz.records.run import Snapshot
from nnviz.runs.branch import branch_of
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.lr_search import Search
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.race import RaceSpec
from nnviz.training import Experiment, Observer
from nnviz.training.rates import frozen_curve
from nnviz.ui.board.counters import counters
from tests.reference import batches, loss_of, losses_by_hand, network, optimizer
from tests.runs import wait_for
from tests.test_pages import open_train

MOONS = ExperimentSpec(
    dataset=Choice.of("moons", size=200),
    model=Choice.of("mlp", hidden="6"),
    activation=Choice("tanh"),
    optimizer=Choice.of("adam", lr=0.02),
    batch_size=20,
    epochs=50,
)
PER_EPOCH = 5  # 100 of the 200 points are trained on
UPDATES = 250
LOW = 1e-12  # how far a rate may be from torch's, beside the largest
NOT_CONSTANT = [name for name in SCHEDULES if name != "constant"]
GAN = read_experiment({"model": "gan:width=16", "dataset": "ring", "epochs": "3"})


def usual(name: str, **more: Any) -> ExperimentSpec:
    """Return the small run with a schedule; the one that listens with so much to hear that it does something."""
    quick: dict[str, Any] = {"patience": 0, "threshold": 0.05} if name == "plateau" else {}
    quick = {"every": 7} if name == "step" else quick
    return MOONS.with_(schedule=Choice(name, quick), **more)


SPECS = {name: usual(name) for name in SCHEDULES}


def rates(spec: ExperimentSpec, updates: int = UPDATES, *changes: Change) -> list[float]:
    experiment = Experiment(spec)
    for change in changes:
        experiment.apply(change)
    experiment.advance(updates)
    (found,) = frozen_curve(experiment).rates
    return [float(rate) for rate in found]


def losses(spec: ExperimentSpec, updates: int = UPDATES, *changes: Change) -> list[float]:
    experiment = Experiment(spec)
    for change in changes:
        experiment.apply(change)
    experiment.advance(updates)
    return [float(loss) for loss in experiment.curve.freeze().losses]


def of_torch(make: Callable[[torch.optim.Optimizer], Any], rate: float = 0.02) -> Iterator[float]:
    """Go through the rates of one of torch's schedulers, stepped after every update."""
    rule = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=rate, momentum=0.9)
    scheduler = make(rule)
    while True:
        yield float(rule.param_groups[0]["lr"])
        rule.step()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SequentialLR tells its own parts the step in a way that it warns of
            scheduler.step()


LENGTH = 50 * PER_EPOCH
TORCH: dict[str, Callable[[torch.optim.Optimizer], Any]] = {
    "step": lambda rule: lr_scheduler.StepLR(rule, 7 * PER_EPOCH, 0.1),
    "exponential": lambda rule: lr_scheduler.ExponentialLR(rule, 0.9 ** (1 / PER_EPOCH)),
    "cosine": lambda rule: lr_scheduler.CosineAnnealingLR(rule, LENGTH, eta_min=0.0002),
    "warmup_cosine": lambda rule: lr_scheduler.SequentialLR(
        rule,
        [
            lr_scheduler.LinearLR(rule, 0.01, total_iters=LENGTH // 10),
            lr_scheduler.CosineAnnealingLR(rule, LENGTH - LENGTH // 10, eta_min=0.0002),
        ],
        [LENGTH // 10],
    ),
    "one_cycle": lambda rule: lr_scheduler.OneCycleLR(rule, 0.02, LENGTH, cycle_momentum=False),
    "cyclic": lambda rule: lr_scheduler.CyclicLR(rule, 0.002, 0.02, 2 * PER_EPOCH, cycle_momentum=False),
}


@pytest.mark.parametrize("name", TORCH)
def test_the_rates_are_those_of_torchs_own_scheduler(name: str) -> None:
    ours, torchs = rates(usual(name)), list(islice(of_torch(TORCH[name]), UPDATES))
    assert len(ours) == UPDATES
    assert max(abs(one - other) for one, other in zip(ours, torchs, strict=True)) < LOW
    assert len(set(ours)) > 5


def test_reduce_on_plateau_lowers_the_rate_when_torchs_does() -> None:
    spec = usual("plateau")
    heard, ours = losses(spec), rates(spec)
    rule = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.02)
    scheduler = lr_scheduler.ReduceLROnPlateau(rule, "min", 0.5, 0, threshold=0.05, min_lr=0.02 * 0.001, eps=0)
    for start in range(0, UPDATES, PER_EPOCH):
        assert ours[start : start + PER_EPOCH] == pytest.approx([rule.param_groups[0]["lr"]] * PER_EPOCH, rel=1e-12)
        scheduler.step(sum(heard[start : start + PER_EPOCH]) / PER_EPOCH)
    assert len(set(ours)) > 3


def test_every_schedule_is_compared_with_torchs() -> None:
    assert {*TORCH, "plateau", "constant"} == SCHEDULES.keys()


def by_hand(name: str, rate: float = 0.02) -> Callable[[int, Sequence[float]], float]:
    """Spell each schedule out once more: the rate of an update after so many, with the losses until then."""

    def cosine(done: float, length: float) -> float:
        return rate * (0.01 + (1 - 0.01) * (1 + math.cos(math.pi * min(done / length, 1.0))) / 2)

    def listening(done: int, heard: Sequence[float]) -> float:
        factor, best = 1.0, math.inf
        for start in range(0, done // PER_EPOCH * PER_EPOCH, PER_EPOCH):
            *_, total = accumulate(heard[start : start + PER_EPOCH])
            mean = total / PER_EPOCH
            if mean < best * (1 - 0.05):
                best = mean
            else:
                factor = max(factor * 0.5, 0.001)
        return rate * factor

    found: dict[str, Callable[[int, Sequence[float]], float]] = {
        "constant": lambda done, heard: rate,
        "step": lambda done, heard: rate * 0.1 ** (done // (7 * PER_EPOCH)),
        "exponential": lambda done, heard: rate * 0.9 ** (done / PER_EPOCH),
        "cosine": lambda done, heard: cosine(done, LENGTH),
        "warmup_cosine": lambda done, heard: (
            rate * (0.01 + (1 - 0.01) * done / 25) if done < 25 else cosine(done - 25, LENGTH - 25)
        ),
        "one_cycle": lambda done, heard: rate * one_cycle(done),
        "cyclic": lambda done, heard: (
            rate * (0.1 + (1 - 0.1) * (1 - abs(1 - done % (4 * PER_EPOCH) / (2 * PER_EPOCH))))
        ),
        "plateau": listening,
    }
    return found[name]


def one_cycle(done: int) -> float:
    top, last, low = 0.3 * LENGTH - 1, LENGTH - 1, 1 / 25
    if done <= top:
        return 1 + (low - 1) / 2 * (1 + math.cos(math.pi * done / top))
    end = low / 10_000
    return end + (1 - end) / 2 * (1 + math.cos(math.pi * min((done - top) / (last - top), 1.0)))


@pytest.mark.parametrize("rule", ["sgd", "adam"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_run_with_a_schedule_is_the_loop_by_hand_bit_for_bit(name: str, rule: str) -> None:
    spec = usual(name, optimizer=Choice.of(rule, lr=0.02))
    start, rate = Experiment(spec), by_hand(name)
    model = network(start, nn.Tanh)
    own = optimizer(spec.optimizer, model.parameters())
    x, y, found = start.data.train_x, start.data.train_y, list[float]()
    for done, chosen in zip(range(UPDATES), batches(len(x), spec.batch_size, start.generator), strict=False):
        own.param_groups[0]["lr"] = rate(done, found)
        own.zero_grad()
        loss = loss_of(spec.loss.name, model(x[chosen]), y[chosen], 2)
        loss.backward()  # type: ignore[no-untyped-call]
        own.step()
        found.append(loss.item())
    assert losses(spec) == found


def test_a_constant_rate_is_the_run_without_a_schedule() -> None:
    experiment = Experiment(MOONS)
    assert experiment.scheduled is None
    assert losses(MOONS, 60) == list(losses_by_hand(MOONS, 60))
    assert not frozen_curve(experiment).rates
    assert "initial_lr" not in experiment.optimizer.param_groups[0]


@pytest.mark.parametrize("name", TORCH)  # of the one that listens other rates give other losses, and other factors
def test_the_slider_is_the_rate_that_the_schedule_multiplies(name: str) -> None:
    """Turning it to a quarter makes all later rates a quarter, and the factor goes on."""
    turned, plain = rates(usual(name), 200, Change(80, "optimizer.lr", 0.005)), rates(usual(name), 200)
    assert turned[:80] == plain[:80]
    assert turned[80:] == pytest.approx([rate / 4 for rate in plain[80:]], rel=1e-12)


@pytest.mark.parametrize("name", NOT_CONSTANT)
def test_the_slider_shows_the_base_rate_and_the_lane_the_rate_in_use(name: str) -> None:
    run = Run([usual(name)])
    run.step(40)
    assert wait_for(lambda: run.snapshot().lanes[0].step == 40)
    lane = run.snapshot().lanes[0]
    assert lane.knobs["optimizer.lr"] == 0.02
    run.apply(Change(0, "optimizer.lr", 0.01))
    later = run.snapshot().lanes[0]
    assert later.knobs["optimizer.lr"] == 0.01
    assert later.rates[0] == pytest.approx(lane.rates[0] / 2)
    assert len(later.curve.rates[0]) == 40


@pytest.mark.parametrize("name", NOT_CONSTANT)
def test_a_restored_checkpoint_goes_on_bit_equal_with_its_schedule(name: str) -> None:
    spec = usual(name)
    experiment = Experiment(spec)
    experiment.advance(37)
    experiment.apply(Change(37, "optimizer.lr", 0.05))
    experiment.apply(Change(60, "optimizer.lr", 0.01))
    checkpoint = experiment.checkpoint()
    experiment.advance(150)
    straight = frozen_curve(experiment)
    experiment.restore(checkpoint)
    experiment.advance(150)
    other = Experiment(spec)
    other.restore(checkpoint)
    other.advance(150)
    for again in (frozen_curve(experiment), frozen_curve(other)):
        assert again.losses.tolist() == straight.losses.tolist()
        assert again.rates[0].tolist() == straight.rates[0].tolist()


@pytest.mark.parametrize("name", NOT_CONSTANT)
def test_a_branch_that_turns_nothing_trains_as_its_parent(name: str) -> None:
    run = Run([LaneSpec(usual(name), "run", 0, is_stored=True)])
    run.step(60)
    assert wait_for(lambda: run.snapshot().lanes[0].step == 60)
    joined = run.fork("0", 60)
    run.step(60)
    assert wait_for(lambda: {lane.step for lane in run.snapshot().lanes} == {120})
    first, second = (lane.curve for lane in run.snapshot().lanes)
    assert joined.spec == usual(name)
    assert first.losses.tolist() == second.losses.tolist()
    assert first.rates[0].tolist() == second.rates[0].tolist()


@pytest.mark.parametrize("name", NOT_CONSTANT)
def test_a_link_replays_a_steered_run_bit_equal(name: str) -> None:
    spec = usual(name)
    run = Run([spec])
    run.step(30)
    assert wait_for(lambda: run.snapshot().lanes[0].step == 30)
    run.apply(Change(0, "optimizer.lr", 0.03))
    run.apply(Change(0, "batch_size", 10.0))
    run.start()
    assert run.join(60)
    lane = run.snapshot().lanes[0]
    again = read_experiment(spec.to_query())
    assert again == spec
    assert losses(again, lane.step, *lane.journal) == lane.curve.losses.tolist()


def test_epochs_are_counted_in_updates_of_the_batch_size_that_the_run_begins_with() -> None:
    later = rates(usual("cosine"), 100, Change(10, "batch_size", 50.0))
    assert later == rates(usual("cosine"), 100)
    first = rates(usual("cosine"), 100, Change(0, "batch_size", 50.0))
    assert first == rates(usual("cosine", batch_size=50), 100) != later


def test_a_schedule_as_long_as_a_run_without_end_takes_thirty_epochs_and_stays() -> None:
    found = rates(usual("cosine", epochs=0), (ENDLESS + 5) * PER_EPOCH)
    assert found[: ENDLESS * PER_EPOCH] == rates(usual("cosine", epochs=ENDLESS), ENDLESS * PER_EPOCH)
    assert set(found[ENDLESS * PER_EPOCH :]) == {0.02 * 0.01}


@pytest.mark.parametrize("name", NOT_CONSTANT)
def test_factors_are_finite_and_stay_in_their_range_for_ever(name: str) -> None:
    spans = [Span(per_epoch, epochs) for per_epoch in (1, 2, 57) for epochs in (0, 1, 2, 3, 30)]
    for span in spans:
        entry = SCHEDULES[name]
        for values in ({}, *({knob.name: end} for knob in entry.knobs for end in (knob.low, knob.high))):
            given = {**entry.values(Choice(name)), **values}
            schedule = entry.build(span, **given)
            factors = [schedule.factor(step) for step in (*range(200), 10_000, 10_000_000)]
            assert all(0 <= factor <= 1 + 1e-12 for factor in factors), (span, given)


def test_a_longer_run_keeps_the_schedule_that_it_had() -> None:
    spec = usual("cosine")
    kept = pinned(spec).with_(epochs=80)
    assert kept.schedule == Choice.of("cosine", epochs=50)
    assert schedule_of(kept, PER_EPOCH) == schedule_of(spec, PER_EPOCH)
    assert pinned(MOONS) == MOONS
    for name in NOT_CONSTANT:
        assert schedule_of(pinned(usual(name)).with_(epochs=7), 5) == schedule_of(usual(name), 5)
    joined = branch_of([LaneSpec(spec, "run", 0, id="0", is_stored=True)], "0", is_at_end=True)
    assert (joined.spec.epochs, joined.spec.schedule) == (0, kept.schedule)


@pytest.mark.parametrize("name", NOT_CONSTANT)
def test_both_players_follow_the_schedule(name: str) -> None:
    spec = GAN.with_(schedule=Choice(name), second_optimizer=Choice.of("sgd", lr=0.5))
    experiment = Experiment(check_spec(spec))
    experiment.advance(60)
    first, second = frozen_curve(experiment).rates
    base = experiment.knobs["optimizer.lr"]
    assert experiment.knobs["second_optimizer.lr"] == 0.5
    if name != "plateau":  # there each hears its own loss
        assert (second / 0.5).tolist() == pytest.approx((first / base).tolist(), rel=1e-12)
        assert len(set(first.tolist())) > (1 if name != "step" else 0)


def test_of_two_players_each_hears_its_own_loss() -> None:
    spec = GAN.with_(schedule=Choice.of("plateau", patience=0, threshold=0.01), epochs=0, batch_size=100)
    experiment = Experiment(check_spec(spec))
    experiment.advance(300)
    curve, found = experiment.curve.freeze(), frozen_curve(experiment).rates
    per_epoch = -(-experiment.batches.examples // 100)
    for heard, used, name in zip((curve.losses, *curve.others), found, ("optimizer", "second_optimizer"), strict=True):
        plateau = Plateau(per_epoch, 0.5, 0, 0.01, 0.001)
        expected = []
        for loss in heard.tolist():
            expected.append(experiment.knobs[f"{name}.lr"] * plateau.factor)
            plateau.hear(loss)
        assert used.tolist() == expected
        assert len(set(expected)) > 1


def test_rates_are_kept_beside_the_losses_that_are_kept() -> None:
    spec = usual("exponential", epochs=0)
    experiment = Experiment(spec)
    experiment.advance(4096 * 2 + 10)
    curve = frozen_curve(experiment)
    assert len(curve.rates[0]) == len(curve.steps) < 4096
    wanted = [0.02 * 0.9 ** ((step - 1) / PER_EPOCH) for step in curve.steps.tolist()]
    assert curve.rates[0].tolist() == wanted


def test_a_constant_rate_that_was_turned_is_told_update_by_update() -> None:
    found = rates(MOONS, 30, Change(10, "optimizer.lr", 0.5), Change(20, "optimizer.lr", 0.1))
    assert found == [0.02] * 10 + [0.5] * 10 + [0.1] * 10


def test_every_try_of_a_search_begins_as_the_race_would() -> None:
    race = RaceSpec(usual("one_cycle"), lanes=(Choice("sgd"), Choice("adam")))
    search = Search(race, ("a", "b"), rates=(0.01, 0.1), updates=20)
    search.start()
    assert wait_for(lambda: search.state().status.is_over)
    for racer, lane in enumerate(race.lanes):
        for column, rate in enumerate((0.01, 0.1)):
            spec = race.base.with_(optimizer=lane.with_knobs(lr=rate))
            experiment = Experiment(spec)
            experiment.advance(20)
            assert search.state().losses[racer, column] == _train_loss(experiment)


def _train_loss(experiment: Experiment) -> float:
    return Observer(experiment).measure().train_loss


def test_a_link_is_silent_about_a_constant_rate() -> None:
    assert "schedule" not in MOONS.to_query()
    assert usual("cosine").to_query()["schedule"] == "cosine"
    assert "schedule" in RaceSpec(usual("cosine")).to_query()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cosin", "schedule"),
        ("cosine:length=3", "length"),
        ("step:gamma=2", "gamma must be"),
        ("constant:lr=1", "lr"),
        ("plateau:patience=0.5", "patience must be a whole number"),
    ],
)
def test_a_bad_schedule_is_refused_in_one_sentence(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as found:
        read_experiment({"schedule": text})
    assert len(str(found.value).splitlines()) == 1


# ---- what is kept, shown and taken away


def test_nothing_of_a_schedule_is_saved_while_the_rate_is_constant() -> None:
    written = {name: encode(Experiment(spec).checkpoint(), Arrays()) for name, spec in SPECS.items()}
    assert "schedule" not in written["constant"]
    assert len(written["plateau"]["schedule"]) == 1
    assert "initial_lr" not in str(written["constant"])


@pytest.mark.parametrize("name", NOT_CONSTANT)
def test_a_checkpoint_comes_back_from_its_file_and_goes_on_bit_equal(name: str) -> None:
    experiment, arrays = Experiment(SPECS[name]), Arrays()
    experiment.advance(40)
    written = json.loads(json.dumps(encode(experiment.checkpoint(), arrays)))
    other = Experiment(SPECS[name])
    other.restore(decode(written, arrays))
    for each in (experiment, other):
        each.advance(60)
    one, two = frozen_curve(experiment), frozen_curve(other)
    assert one.losses.tolist() == two.losses.tolist()
    assert one.rates[0].tolist() == two.rates[0].tolist()


@pytest.mark.parametrize("name", NOT_CONSTANT)
def test_a_session_s_link_replays_what_was_turned_before_the_first_update(name: str) -> None:
    pool = Pool()
    session = Session(SPECS[name], "me", pool)
    session.turn("batch_size", 40.0)
    session.turn("optimizer.lr", 0.05)
    session.run.step(90)
    assert wait_for(lambda: session.snapshot().lanes[0].step == 90)
    snapshot = session.snapshot()
    plan = read_planned(session.replay(snapshot).to_query())
    lane = snapshot.lanes[0]
    assert plan.spec.batch_size == 40
    assert losses(plan.spec, lane.step, *plan.journal) == lane.curve.losses.tolist()
    pool.close()


def test_a_run_that_is_given_more_epochs_later_keeps_its_past(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link, folder = urlencode(usual("cosine", epochs=4).to_query()), ["--runs", str(tmp_path), "--quiet"]
    assert main(["train", link, *folder]) == 0
    (saved,) = Library(tmp_path).all()
    assert main(["resume", saved.id, "--epochs", "7", *folder]) == 0
    (longer,) = Library(tmp_path).all()
    assert longer.query["schedule"] == "cosine:epochs=4"
    plan = read_planned(dict(longer.query))
    (lane,) = Library(tmp_path).lanes(longer.id)
    assert lane.start is not None
    assert lane.start.curve is not None
    assert losses(plan.spec, 35) == lane.start.curve.freeze().losses.tolist()
    capsys.readouterr()


def test_the_table_of_a_saved_run_has_the_rate_of_each_update(tmp_path: Path) -> None:
    for name in ("cosine", "constant"):
        folder = ["--runs", str(tmp_path / name), "--quiet"]
        assert main(["train", urlencode(usual(name, epochs=4).to_query()), *folder]) == 0
    tables = {name: next((tmp_path / name).rglob("curves.parquet")) for name in ("cosine", "constant")}
    assert pd.read_parquet(tables["cosine"])["rate"].tolist() == rates(usual("cosine", epochs=4), 20)
    assert "rate" not in pd.read_parquet(tables["constant"])


def stepped(spec: ExperimentSpec, updates: int, *changes: Change) -> Snapshot:
    run = Run([spec])
    run.prepare()
    for change in changes:
        run.apply(change)
    if updates:
        run.step(updates)
    assert wait_for(lambda: run.snapshot().lanes[0].step == updates)
    return run.snapshot()


def test_the_chart_draws_the_rate_of_every_update() -> None:
    shown = CHARTS["learning_rate"].draw(stepped(SPECS["cosine"], 100))
    (line,) = shown["data"]
    assert line["y"].tolist() == pytest.approx(rates(SPECS["cosine"], 100), rel=1e-6)
    assert line["x"].tolist() == list(range(1, 101))
    assert line["line"]["shape"] == "vh"


def test_the_chart_is_there_where_a_schedule_runs_and_does_not_push_others_aside_where_the_rate_was_turned() -> None:
    fits = CHARTS["learning_rate"].fits
    assert not fits(stepped(MOONS, 10))
    assert not fits(stepped(MOONS, 10, Change(5, "batch_size", 10.0)))
    assert not fits(stepped(MOONS, 10, Change(5, "optimizer.lr", 0.5)))
    assert all(fits(stepped(SPECS[name], 0)) for name in NOT_CONSTANT)


def test_the_chart_of_a_race_has_a_line_for_every_lane_and_counts_powers_where_they_are_far_apart() -> None:
    specs = [SPECS["cosine"].with_(optimizer=Choice.of(name, lr=rate)) for name, rate in (("sgd", 1), ("adam", 0.001))]
    run = Run(specs)
    run.step(30)
    assert wait_for(lambda: run.snapshot().lanes[1].step == 30)
    shown = CHARTS["learning_rate"].draw(run.snapshot())
    assert [line["y"].max() for line in shown["data"]] == pytest.approx([1.0, 0.001])
    assert shown["layout"]["yaxis"]["type"] == "log"
    assert "type" not in CHARTS["learning_rate"].draw(stepped(SPECS["cosine"], 30))["layout"]["yaxis"]


def test_the_chart_of_two_players_names_both() -> None:
    spec = check_spec(GAN.with_(schedule=Choice("cosine"), second_optimizer=Choice.of("sgd", lr=0.5)))
    shown = CHARTS["learning_rate"].draw(stepped(spec, 20))
    assert [line["name"] for line in shown["data"]] == ["generator", "discriminator"]
    assert shown["data"][1]["y"][0] == pytest.approx(0.5)


def test_the_rate_in_use_is_among_the_numbers_also_of_an_earlier_moment() -> None:
    snapshot = stepped(SPECS["step"], 60)
    told = {counter["id"]: counter["value"] for counter in counters(snapshot)}
    assert told["rate"] == "0.002"
    assert "rate" not in {counter["id"] for counter in counters(stepped(MOONS, 5))}
    early = until(snapshot, 0)
    assert early.lanes[0].step == 0
    assert early.lanes[0].curve.rates[0].tolist() == []


def test_the_picture_of_the_factor_has_its_ends(own_registry: None) -> None:
    page = open_train(usual("one_cycle").to_query())
    assert "Factor: 0.04 at first, 4e-06 after 50 epochs." in [each.value for each in page.caption]
    assert "clip-path:polygon(0% 100%,0.0%" in "".join(part.proto.body for part in page.get("html"))
    quiet = open_train(MOONS.to_query())
    assert not [each.value for each in quiet.caption if "Factor" in each.value]
    heard = open_train(usual("plateau").to_query())
    assert [each.value for each in heard.caption if "training loss decides" in each.value]


def test_the_slider_s_help_says_that_it_is_the_base_while_a_schedule_runs(own_registry: None) -> None:
    helps = [
        next(each.help for each in open_train(spec.to_query()).select_slider if each.key == "live.adam.lr")
        for spec in (MOONS, usual("cosine"))
    ]
    assert ["this is the base" in text for text in helps] == [False, True]
