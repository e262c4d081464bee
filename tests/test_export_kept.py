"""What is taken away from a saved run, read back by those for whom it is made."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import safetensors
import safetensors.torch
from numpy.testing import assert_array_equal
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from nnviz.catalog import MODELS
from nnviz.catalog.choices import knob_of
from nnviz.cli.destination import Destination
from nnviz.cli.exports import EXPORTS
from nnviz.export.course import course
from nnviz.export.kept import KeptRun, examples_of
from nnviz.export.settings import settings_json
from nnviz.export.tables import HEAD, curves_csv
from nnviz.export.tensorboard import write_events
from nnviz.export.weights import loading_line, save_weights, state_dict
from nnviz.library.lanes import lane_of
from nnviz.library.library import Library
from nnviz.library.saver import Saver
from nnviz.records.run import Snapshot
from nnviz.runs.keeper import Keeper
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.branches import fork
from nnviz.sessions.saving import keep_runs, kind_of
from nnviz.sessions.session import Session
from nnviz.specs.course import Switch
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.planned import Planned
from nnviz.specs.race import RaceSpec
from nnviz.training import Experiment, Observer
from nnviz.training.origin import Origin
from tests.branched import stepped
from tests.runs import SMALL, wait_for

GAN = MODELS["gan"].usual.with_(model=Choice.of("gan", width=16), dataset=Choice.of("ring", size=400), batch_size=32)
PLANS = {
    "train": Planned(SMALL, journal=(Change(20, "optimizer.lr", 0.05),)),
    "race": RaceSpec(SMALL, (Choice("sgd"), Choice("adam")), seeds=2),
    "gan": Pairing(GAN),
}
UPDATES = 60
Keep = Callable[[str], KeptRun]


@pytest.fixture(scope="module")
def keep(tmp_path_factory: pytest.TempPathFactory) -> Keep:
    """Train each plan once, save it, and read it again."""
    found: dict[str, KeptRun] = {}

    def keep_one(page: str) -> KeptRun:
        if page not in found:
            pool, saver = Pool(), Saver(Library(tmp_path_factory.mktemp(page)))
            session = kind_of(page)(PLANS[page], "ann", pool)
            keep_runs(session, saver, 0.0)
            stepped(session, UPDATES)
            assert saver.flush(20)
            (saved,) = saver.library.of("ann")
            found[page] = KeptRun.of(saver.library, saved)
            pool.close()
        return found[page]

    return keep_one


@pytest.mark.parametrize("page", PLANS)
def test_every_kept_loss_and_accuracy_is_a_line_that_pandas_reads_and_no_digit_is_lost(keep: Keep, page: str) -> None:
    run = keep(page)
    text = curves_csv(run.snapshot, examples_of(run.lanes[0]))
    table = pd.read_csv(io.StringIO(text))
    assert tuple(table.columns) == HEAD
    for lane in run.snapshot.lanes:
        own = table[(table["lane"] == lane.label) & (table["seed"] == lane.spec.seed)]
        every = own[own["kind"].str.startswith("train_batch")]
        losses = [float(loss) for row in (lane.curve.losses, *lane.curve.others) for loss in row]
        assert every["loss"].tolist() == pytest.approx(losses, rel=1e-12)
        assert {repr(loss) for loss in losses} <= set(re.split("[,\n]", text))
        assert own[own["kind"] == "test"]["loss"].tolist() == pytest.approx([part.test_loss for part in lane.judged])
        assert_array_equal(own["examples"], (own["epoch"] * len(run.lanes[0].start.place.order)).round())  # type: ignore[union-attr]
    assert set(table["kind"]) >= ({"train_batch_generator", "train_batch_discriminator"} if page == "gan" else {"test"})


TURNS = (Change(4, "optimizer.lr", 0.05), Change(9, "optimizer.lr", 0.2))
RATED = {
    "turned": ("train", Planned(SMALL, journal=TURNS)),
    "scheduled": ("train", Planned(SMALL.with_(schedule=Choice("cosine")), journal=TURNS)),
    "two players": ("gan", Pairing(GAN, journal=(Change(3, "second_optimizer.lr", 0.05),))),
}


@pytest.mark.parametrize("name", RATED)
def test_beside_each_loss_stands_the_learning_rate_of_its_update(name: str) -> None:
    page, plan = RATED[name]
    expected = done_with(plan.spec, plan.journal, 15)
    for snapshot in looks_at(kind_of(page)(plan, "ann", pool := Pool()), 15):
        rows = list(csv.DictReader(io.StringIO(curves_csv(snapshot))))
        assert {row["learning_rate"] for row in rows if row["kind"] == "test"} == {""}
        assert [float(row["learning_rate"]) for row in rows if row["kind"].startswith("train_batch")] == expected
    pool.close()


def test_a_branch_with_another_optimizer_had_its_parent_s_rates_before() -> None:
    session = Session(Planned(SMALL, journal=TURNS[:1]), "ann", pool := Pool())
    stepped(session, 8)
    fork(session, 8, {}, Choice.of("adam", lr=0.03), is_waited_for=False)
    for snapshot in looks_at(session, 6):
        (branch,) = (lane for lane in snapshot.lanes if lane.parent)
        assert (branch.since, branch.step) == (8, 14)
        rows = list(csv.DictReader(io.StringIO(curves_csv(replace(snapshot, lanes=(branch,))))))
        first = knob_of(SMALL, "optimizer.lr")
        found = [float(row["learning_rate"]) for row in rows if row["kind"] == "train_batch"]
        assert found == [first] * 4 + [0.05] * 4 + [0.03] * 6
    pool.close()


def done_with(spec: ExperimentSpec, journal: Iterable[Change], updates: int) -> list[float]:
    """Return the rates in torch's own hands, update by update, one player after the other."""
    experiment, found = Experiment(spec), []
    for change in journal:
        experiment.apply(change)
    for _ in range(updates):
        experiment.advance(1)
        found.append([player.optimizer.param_groups[0]["lr"] for player in experiment.players])
    return [rate for player in zip(*found, strict=True) for rate in player]


def looks_at(session: Session, updates: int) -> tuple[Snapshot, Snapshot]:
    """Do some updates; return the run as its page shows it and as it is saved."""
    kept: list[tuple[LaneSpec, ...]] = []
    assert isinstance(session.run, Run)
    session.run.keeper = Keeper(lambda lanes, snapshot: kept.append(lanes), 0.0, 0.0)
    shown = stepped(session, updates)
    assert wait_for(lambda: bool(kept) and [each.start.step for each in kept[-1] if each.start] == steps_of(shown))
    return shown, replace(shown, lanes=tuple(map(lane_of, kept[-1])))


def steps_of(snapshot: Snapshot) -> list[int]:
    return [lane.step for lane in snapshot.lanes]


@pytest.mark.parametrize("page", PLANS)
def test_tensorboard_reads_the_curves_the_histograms_and_the_settings(keep: Keep, page: str, tmp_path: Path) -> None:
    run = keep(page)
    write_events(run, tmp_path)
    lanes = run.snapshot.lanes
    folders = [tmp_path] if len(lanes) == 1 else [tmp_path / name for name in run.names]
    assert len(set(run.names)) == len(lanes)
    for lane, folder in zip(lanes, folders, strict=True):
        reader = EventAccumulator(str(folder), {"scalars": 0, "histograms": 0, "tensors": 0})
        reader.Reload()
        tag = "loss/batch generator" if page == "gan" else "loss/batch"
        steps, losses = zip(*((event.step, event.value) for event in reader.Scalars(tag)), strict=True)
        assert_array_equal(steps, lane.curve.steps)
        assert_array_equal(losses, lane.curve.losses.astype("float32"))
        assert [event.step for event in reader.Scalars("loss/test")] == [part.step for part in lane.judged]
        layers = {layer.name for record in lane.records for layer in record.layers}
        kinds = {tag.partition("/")[::2] for tag in reader.Tags()["histograms"]}
        assert kinds == {(kind, name) for kind in ("weights", "gradients", "activations") for name in layers}
        for record in lane.records[-1:]:
            found = {event.step: event.histogram_value for event in reader.Histograms(f"weights/{min(layers)}")}
            (weight,) = (layer.weight for layer in record.layers if layer.name == min(layers))
            assert found[record.step].num == weight.counts.sum()
        (told,) = reader.Tensors("spec/text_summary")
        text = told.tensor_proto.string_val[0].decode()
        assert all(f"| {name} | {value} |" in text for name, value in lane.spec.to_query().items())
        assert reader.Scalars(tag)[0].wall_time == pytest.approx(run.begun + lane.curve.seconds[0], abs=1e-3)


@pytest.mark.parametrize("page", PLANS)
def test_the_weights_load_into_a_fresh_network_which_then_does_as_well(keep: Keep, page: str, tmp_path: Path) -> None:
    run = keep(page)
    for lane, kept, name in zip(run.snapshot.lanes, run.lanes, run.names, strict=True):
        file = tmp_path / f"{name}.safetensors"
        save_weights(kept, file)
        model = Origin.of(lane.spec).model()
        exec(loading_line(file), {"model": model, "safetensors": safetensors})
        experiment = Experiment(lane.spec)
        experiment.model.load_state_dict(model.state_dict())
        expected = Experiment(lane.spec)
        assert kept.start is not None
        expected.restore(kept.start)
        judged = [Observer(each).measure(frozenset({"losses"})) for each in (experiment, expected)]
        assert (judged[0].test_loss, judged[0].train_loss) == (judged[1].test_loss, judged[1].train_loss)
        assert judged[0].test_loss != Observer(Experiment(lane.spec)).measure(frozenset({"losses"})).test_loss
        with safetensors.safe_open(file, "pt") as opened:
            words = dict(opened.metadata())
        assert words.pop("update") == str(UPDATES)
        assert ExperimentSpec.from_query(words) == lane.spec
        assert list(state_dict(kept)) == list(model.state_dict())


@pytest.mark.parametrize("page", PLANS)
def test_the_settings_are_json_whose_query_is_the_run_s(keep: Keep, page: str) -> None:
    run, written = keep(page), json.loads(settings_json(keep(page)))
    assert written["query"] == run.saved.query
    assert run.plan == PLANS[page]
    assert [lane["optimizer"]["name"] for lane in written["lanes"]] == [lane.spec.optimizer.name for lane in run.lanes]
    turns = [{"update": 20, "racer": None, "target": "optimizer.lr", "value": 0.05}] if page == "train" else []
    assert written["journal"] == turns


def test_the_script_of_a_saved_run_prints_its_losses(keep: Keep, tmp_path: Path) -> None:
    codes, losses = {}, {}
    for page in PLANS:
        run, folder = keep(page), tmp_path / page
        folder.mkdir()
        written = list(EXPORTS["script"](run, Destination(str(folder), "run")))
        files = sorted(folder.rglob("*.py"))
        assert len(written) == len(files) == len(run.lanes)
        for file, lane in zip(files, run.snapshot.lanes, strict=True):
            codes[str(file)] = file.read_text(encoding="utf-8")
            losses[str(file)] = repr(float(lane.curve.losses[-1]))
    for name, loss in losses.items():
        told = printed(codes[name])
        last = next(line for line in told.splitlines() if line.startswith(f"update {UPDATES}:"))
        assert loss in last


def printed(code: str) -> str:
    """Run a script right here; test_export_code.py runs all kinds in an interpreter without this project."""
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(code, "script", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def test_a_branch_that_goes_on_with_another_optimizer_is_told_with_what_was_before() -> None:
    pool = Pool()
    session = Session(SMALL, "ann", pool)
    stepped(session, 5)
    fork(session, 5, {}, Choice("sgd"))
    branch, run = stepped(session, 2).lanes
    plan, length = course(branch, (), None)
    assert (plan.spec, plan.switches, length.updates) == (SMALL, (Switch(5, {"optimizer": Choice("sgd")}),), 7)
    plan, length = course(run, (), None)
    assert (plan.spec, plan.switches, length.updates) == (SMALL, (), 7)
    pool.close()
