"""Runs that stay: saved as they go, found again after a restart, gone on from to the bit."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from time import sleep

import numpy as np
import pandas as pd
import pytest
import safetensors
import safetensors.torch
import torch
from numpy.testing import assert_array_equal

from nnviz.catalog.links import read_planned
from nnviz.library import folder
from nnviz.library.codec import Arrays, decode, encode
from nnviz.library.library import Library
from nnviz.library.lock import STALE_S, Trainer, leave, take, trainer_of
from nnviz.library.saved import Saved
from nnviz.library.tensors import write_tensors
from nnviz.records.run import Lane, Record, Snapshot
from nnviz.records.status import Status
from nnviz.runs.keeper import Keeper
from nnviz.runs.lane_spec import LaneSpec
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.branches import fork, let_go
from nnviz.sessions.environment import Environment
from nnviz.sessions.model import ModelSession
from nnviz.sessions.race import RaceSession
from nnviz.sessions.registry import SessionRegistry
from nnviz.sessions.saving import plan_of
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.planned import Planned
from nnviz.specs.race import RaceSpec
from tests.branched import stepped
from tests.homes import BESIDE, EVERYTHING, at_home, everything, named
from tests.runs import SMALL, WILD, arrays, replayed, wait_for
from tests.test_links_replay import turns

FEW = 4  # examples in a batch: many make large networks slow and prove no more
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save what has only begun, too."""
    monkeypatch.setattr(Keeper.__init__, "__defaults__", (0.0, 0.0))


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[SessionRegistry]:
    registry = opened(tmp_path)
    yield registry
    registry.close()


def opened(place: Path) -> SessionRegistry:
    """Start with what is saved in a folder, as a server does."""
    return SessionRegistry(Environment(runs=str(place)))


def saved_by(registry: SessionRegistry) -> Library:
    """Wait until all is written, and return where."""
    assert registry.saver is not None
    assert registry.saver.flush(20)
    assert registry.saver.trouble is None
    return registry.saver.library


def begun_again(registry: SessionRegistry, session: Session) -> tuple[SessionRegistry, Session]:
    """End a server and find one of its sessions on another one."""
    place = saved_by(registry).place
    registry.close()
    other = opened(place)
    found = other.reopen(session.id)
    assert found is not None
    assert wait_for(lambda: found.snapshot().scene is not None)
    return other, found


def losses(snapshot: Snapshot) -> list[list[float]]:
    return [lane.curve.losses.tolist() for lane in snapshot.lanes]


# ---- one lane as a value


def test_every_entry_has_its_turn() -> None:
    specs = [*everything()]
    for kind in BESIDE:
        assert {getattr(spec, kind).name for spec in specs} == {*EVERYTHING[kind]}


@pytest.mark.parametrize("spec", list(everything()), ids=named)
def test_a_run_with_every_live_knob_turned_begins_from_its_link_and_goes_on_from_its_file_to_the_same_bits(
    spec: ExperimentSpec, pool: Pool, tmp_path: Path
) -> None:
    kept: list[tuple[tuple[LaneSpec, ...], Snapshot]] = []
    session = Session(spec.with_(epochs=0, batch_size=FEW), "ann", pool)
    assert isinstance(session.run, Run)
    session.run.keeper = Keeper(lambda lanes, snapshot: kept.append((lanes, snapshot)))
    knobs = list(turns(session.spec))
    for some in (knobs[::2], knobs[1::2]):
        stepped(session, 2)
        for target, value in some:
            session.turn(target, value)
    assert wait_for(lambda: kept[-1][1].lanes[0].step == 4 and len(kept[-1][1].lanes[0].journal) == len(knobs))
    folder.write(tmp_path / "run", example(session.spec), *kept[-1])
    straight = stepped(session, 5)
    again = Run(folder.read_lanes(tmp_path / "run"), pool=pool)
    again.step(5)
    assert wait_for(lambda: again.snapshot().lanes[0].step == 9 and again.snapshot().status == Status.PAUSED)
    plan = read_planned(session.replay(straight).to_query())
    anew = stepped(Session(plan, "bob", pool), 9)
    assert losses(again.snapshot()) == losses(anew) == losses(straight) == [replayed(straight.lanes[0])]
    one, other = straight.lanes[0], again.snapshot().lanes[0]
    assert anew.lanes[0].journal == other.journal == one.journal
    assert (other.order_hash, other.start_hash) == (one.order_hash, one.start_hash)
    assert [mark.text for mark in other.marks] == [mark.text for mark in one.marks]
    judged = [[(part.step, part.test_loss) for part in lane.evaluations] for lane in (one, other)]
    assert judged[0] == judged[1]
    a_branch_repeats_it(session.run, [Change(4, target, value) for target, value in knobs[1::2]])


def a_branch_repeats_it(run: Run, changes: list[Change]) -> None:
    """Go on from the fourth update with what was turned there, and from the last one with nothing."""
    run.fork("0", 4, changes)
    run.fork("0", 9)
    run.step(5)
    assert wait_for(lambda: [lane.step for lane in run.snapshot().lanes] == [14, 9, 14])
    straight, middle, end = (lane.curve.losses.tolist() for lane in run.snapshot().lanes)
    assert middle == straight[:9]
    assert end == straight


def example(spec: ExperimentSpec) -> Saved:
    return Saved(
        id="example", session="example", kind="train", owner="ann", query=spec.to_query(), pace=0.0, status="paused",
        step=5, seconds=0.1, created="2026-01-01T00:00:00+00:00", saved="2026-01-01T00:00:01+00:00", figures={},
    )  # fmt: skip


def test_what_is_written_can_be_read_by_pandas(pool: Pool, tmp_path: Path) -> None:
    kept: list[tuple[tuple[LaneSpec, ...], Snapshot]] = []
    run = Run([SMALL], pool=pool)
    run.keeper = Keeper(lambda lanes, snapshot: kept.append((lanes, snapshot)))
    run.step(40)
    assert wait_for(lambda: bool(kept) and kept[-1][1].lanes[0].step == 40)
    lanes, snapshot = kept[-1]
    folder.write(tmp_path / "run", example(SMALL), lanes, snapshot)
    (place,) = (tmp_path / "run").glob("state-*")
    curves, judged = (pd.read_parquet(place / name) for name in ("curves.parquet", "evaluations.parquet"))
    lane = snapshot.lanes[0]
    assert_array_equal(curves["loss"], lane.curve.losses)
    assert_array_equal(curves["update"], np.arange(1, 41))
    assert judged["test_loss"].tolist() == [part.test_loss for part in lane.judged]
    assert json.loads((tmp_path / "run" / "run.json").read_text())["query"] == SMALL.to_query()


def test_many_whole_numbers_are_written_short_and_read_as_they_were() -> None:
    shapes = [
        (torch.arange(2000), np.uint16),
        (torch.arange(2000) - 9, np.int32),
        (torch.arange(2000) * 2**40, np.int64),
    ]
    for written, short in (*shapes, (torch.arange(20), np.int64), (torch.rand(2000), np.float32)):
        held = Arrays()
        tree = json.loads(json.dumps(encode((written, written.numpy()), held)))
        assert {array.dtype for array in held.values()} == {np.dtype(short)}
        tensor, array = decode(tree, held)
        assert tensor.dtype == written.dtype
        assert torch.equal(tensor, written)
        assert array.dtype == written.numpy().dtype
        assert_array_equal(array, written.numpy())


def test_arrays_are_written_as_the_package_of_the_format_reads_them(tmp_path: Path) -> None:
    kinds = ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8")
    held = {f"of {kind}": np.arange(6, dtype=kind).reshape(2, 3) for kind in kinds}
    held |= {"bool": np.array([True]), "number": np.array(3.5), "empty": np.empty((0, 4), np.float32)}
    words = {"nnviz": '["a \\"word\\" beside", \u00e9]', "more": ""}
    mark = write_tensors(tmp_path / "held", held, words)
    assert mark == hashlib.sha256((tmp_path / "held").read_bytes()).hexdigest()
    with safetensors.safe_open(tmp_path / "held", "numpy") as opened:
        assert opened.metadata() == words
        assert set(opened.keys()) == set(held)
        for name, array in held.items():
            found = opened.get_tensor(name)
            assert (found.dtype, found.shape) == (array.dtype, array.shape)
            assert_array_equal(found, array)
    assert {tensor.dtype for tensor in safetensors.torch.load_file(tmp_path / "held").values()} >= {torch.float16}
    with pytest.raises(TypeError):
        write_tensors(tmp_path / "held", {"complex": np.ones(1, complex)}, {})


def test_a_record_in_full_stands_in_its_moment_alone_and_its_figures_stay_where_that_is_torn(
    pool: Pool, tmp_path: Path
) -> None:
    (lane,), snapshot = kept_after(6, pool)
    assert lane.past is not None
    records = lane.past.records
    assert len(records) == 7
    folder.write(tmp_path, example(SMALL), (lane,), snapshot)  # at rest: each moment is written
    assert [*found_records(tmp_path, with_past=False)] == [record.without_readings() for record in records[:-1]]
    assert as_text(found_records(tmp_path)) == as_text(records[:-1])
    torn = tmp_path / "moments" / "0-3.safetensors"
    torn.write_bytes(torn.read_bytes()[:-1])
    bare = [record.without_readings() if record.step == 3 else record for record in records[:-1]]
    assert as_text(found_records(tmp_path)) == as_text(bare)


def kept_after(updates: int, pool: Pool) -> tuple[tuple[LaneSpec, ...], Snapshot]:
    """Return what a run hands out to be saved after so many updates, with a moment of each."""
    kept: list[tuple[tuple[LaneSpec, ...], Snapshot]] = []
    session = Session(SMALL, "ann", pool)
    assert isinstance(session.run, Run)
    session.run.keeper = Keeper(lambda lanes, snapshot: kept.append((lanes, snapshot)))
    for _ in range(updates):
        stepped(session, 1)
    assert wait_for(lambda: bool(kept) and kept[-1][1].lanes[0].step == updates)
    return kept[-1]


def found_records(place: Path, *, with_past: bool = True) -> tuple[Record, ...]:
    """Read the records of a saved run but for the last one."""
    (lane,) = folder.read_lanes(place, with_past=with_past)
    assert lane.past is not None
    return lane.past.records[:-1]


def as_text(records: Iterable[Record]) -> list[tuple[str, list[object]]]:
    """Write records in words and numbers, each reading in its place."""
    return [(str(encode(record, Arrays())), [array.tolist() for array in arrays([record])]) for record in records]


def test_a_checkpoint_that_is_let_go_leaves_the_disk_though_its_record_stays(pool: Pool, tmp_path: Path) -> None:
    (lane,), snapshot = kept_after(8, pool)
    past = lane.past
    assert past is not None
    written = folder.written_of(tmp_path)
    for stored in (past.stored, past.stored[::2]):
        few = replace(lane, past=replace(past, stored=stored))
        folder.write(tmp_path, example(SMALL), (few,), snapshot, written)
        steps = {each.step for each in stored} - {8}
        assert {file.name for file in (tmp_path / "moments").glob("*-on*")} == {
            f"0-{at}-on.safetensors" for at in steps
        }
        assert (tmp_path / "moments" / "0-5.safetensors").exists()
        (found,) = folder.read_lanes(tmp_path)
        assert found.past is not None
        assert {each.step for each in found.past.stored} == steps


def test_a_branch_gets_nothing_of_one_that_was_let_go(registry: SessionRegistry) -> None:
    session = registry.open(Session, SMALL, "ann")
    stepped(session, 6)
    fork(session, 2, {"optimizer.lr": 0.3}, is_waited_for=False)
    for _ in range(4):
        stepped(session, 1)
    (first,) = branches_of(session)
    let_go(session, first.racer)
    fork(session, 3, {"optimizer.lr": 0.02}, is_waited_for=False)
    for _ in range(4):
        stepped(session, 1)
    (second,) = branches_of(session)
    assert (second.racer, second.id != first.id) == (first.racer, True)
    library = saved_by(registry)
    (saved,) = library.of("ann")
    _, kept = library.lanes(saved.id)
    assert kept.past is not None
    assert {change.value for each in kept.past.stored for change in each.journal} == {0.02}
    files = {file.name.partition("-")[0] for file in (library.folder(saved.id) / "moments").iterdir()}
    assert files == {"0", second.id}


def branches_of(session: Session) -> list[Lane]:
    return [lane for lane in session.snapshot().lanes if lane.parent]


# ---- a server that is started anew


def test_a_page_finds_its_run_again_after_the_server_was_started_anew(registry: SessionRegistry) -> None:
    session = registry.open(Session, SMALL, "ann", 0.01)
    stepped(session, 20)
    session.turn("optimizer.lr", 0.2)
    before = stepped(session, 15)
    other, again = begun_again(registry, session)
    try:
        after = again.snapshot()
        assert (again.id, again.owner, again.run.pace) == (session.id, "ann", 0.01)
        assert after.status == Status.PAUSED
        assert losses(after) == losses(before)
        assert again.replay(after) == session.replay(before)
        assert str(encode(after.lanes[0].records, Arrays())) == str(encode(before.lanes[0].records, Arrays()))
        for one, other_ in zip(arrays(after.lanes[0].records), arrays(before.lanes[0].records), strict=True):
            assert_array_equal(one, other_)
        straight = Session(session.replay(before), "bob", other.pool)
        assert losses(stepped(again, 30)) == losses(stepped(straight, 65))
    finally:
        other.close()


def test_a_race_and_a_pair_come_back_as_they_were(tmp_path: Path) -> None:
    race = RaceSpec(SMALL, (Choice("sgd"), Choice("adam")), seeds=2)
    pair = Pairing(at_home("model", Choice("autoencoder")).with_(epochs=0), "linear")
    for kind, plan in ((RaceSession, race), (ModelSession, pair)):
        registry = opened(tmp_path / kind.kind)
        session: Session = registry.open(kind, plan, "ann")
        before = stepped(session, 12)
        other, again = begun_again(registry, session)
        try:
            assert type(again) is kind
            assert losses(again.snapshot()) == losses(before)
            assert again.present_plan(again.snapshot()) == plan
            assert [lane.label for lane in again.snapshot().lanes] == [lane.label for lane in before.lanes]
        finally:
            other.close()


def test_a_run_that_is_over_comes_back_over(registry: SessionRegistry) -> None:
    session = registry.open(Session, WILD, "ann")
    session.play()
    assert wait_for(lambda: session.snapshot().status == Status.DIVERGED)
    before = session.snapshot()
    other, again = begun_again(registry, session)
    try:
        after = again.snapshot()
        assert (after.status, str(after.message)) == (Status.DIVERGED, str(before.message))
        assert after.lanes[0].step == before.lanes[0].step
    finally:
        other.close()


def test_a_forgotten_session_comes_back_and_its_runs_before_have_folders_of_their_own(
    registry: SessionRegistry,
) -> None:
    session = registry.open(Session, SMALL, "ann")
    stepped(session, 9)
    session.restart_with(lambda spec: spec.with_(seed=5))
    stepped(session, 4)
    library = saved_by(registry)
    newest, oldest = library.of("ann")
    assert (newest.step, oldest.step) == (4, 9)
    assert oldest.session == session.id == newest.session
    registry.reap(1e18)
    assert registry.find(session.id) is None
    again = registry.reopen(session.id)
    assert again is not None
    assert again.spec.seed == 5
    assert registry.reopen(newest.id) is again  # which shows that run already
    earlier = registry.reopen(oldest.id)
    assert earlier is not None
    assert (earlier.spec.seed, earlier.id) == (SMALL.seed, oldest.id)
    assert library.of("bob") == []


def test_undo_goes_on_saving_the_run_that_it_brings_back(registry: SessionRegistry) -> None:
    session = registry.open(Session, SMALL, "ann")
    stepped(session, 9)
    session.restart_with(lambda spec: spec.with_(seed=5))
    stepped(session, 4)
    session.undo(session.generation)
    stepped(session, 3)
    assert sorted(each.step for each in saved_by(registry).of("ann")) == [4, 12]


def test_two_servers_on_one_folder_do_each_other_no_harm(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    sessions = [registry.open(Session, SMALL.with_(seed=seed), "ann") for seed, registry in enumerate((one, other), 1)]
    for session in sessions:
        stepped(session, 7)
    libraries = [saved_by(registry) for registry in (one, other)]
    assert [len(library.of("ann")) for library in libraries] == [2, 2]
    for registry in (one, other):
        registry.close()


def test_a_run_that_is_trained_elsewhere_is_opened_as_a_copy_and_nothing_is_lost(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    session, said = one.open(Session, SMALL, "ann", 0.002), list[str]()
    assert one.saver is not None
    assert other.saver is not None
    library = one.saver.library
    session.play()
    assert wait_for(lambda: session.snapshot() and library.of("ann"))
    with pytest.raises(ValueError, match=f"is being trained elsewhere at present, by process {os.getpid()} on "):
        Library(tmp_path).take_up(library.of("ann")[0].id)
    library.most_mb = 0
    library.make_room()
    assert library.of("ann")  # what is trained at present stays
    copy = other.reopen(session.id, lambda sentence: said.append(str(sentence)))
    assert copy is not None
    assert said[0].startswith("This run is being trained elsewhere at present, by process ")
    assert wait_for(lambda: copy.snapshot().scene is not None)
    then = stepped(copy, 20).lanes[0]
    session.pause()
    assert wait_for(lambda: session.snapshot().status == Status.PAUSED)
    now = session.snapshot().lanes[0]
    for registry in (one, other):
        saved_by(registry)
    assert sorted(each.step for each in library.of("ann")) == sorted([then.step, now.step])
    assert [lane.curve.losses.tolist() for lane in (then, now)] == [replayed(lane) for lane in (then, now)]
    for registry in (one, other):
        registry.close()


def test_what_goes_on_from_a_state_that_is_the_newest_no_more_is_a_run_of_its_own(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    session = one.open(Session, SMALL, "ann")
    stepped(session, 9)
    (first,) = saved_by(one).of("ann")
    again = other.reopen(session.id, lambda sentence: pytest.fail(str(sentence)))  # it rests: nobody trains it
    assert again is not None
    stepped(again, 5)
    saved_by(other)
    stepped(session, 2)
    session.turn("optimizer.lr", 0.5)
    stepped(session, 3)
    library = saved_by(one)
    assert {each.id == first.id: each.step for each in library.of("ann")} == {True: 14, False: 14}
    assert losses(again.snapshot()) != losses(session.snapshot())
    own = next(each for each in library.of("ann") if each.id != first.id)
    assert library.kept_as(first.id) == own.id
    assert one.reopen(own.id) is session
    kept = library.lanes(own.id)[0].start
    assert kept is not None
    assert kept.curve is not None
    assert [kept.curve.freeze().losses.tolist()] == losses(session.snapshot())
    for registry in (one, other):
        registry.close()


def test_a_process_that_has_ended_or_says_nothing_trains_nothing(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    here, soon = socket.gethostname(), time.time()
    cases = (
        (Trainer(os.getpid(), here, "a", soon), True),
        (Trainer(ended.pid, here, "a", soon), False),
        (Trainer(ended.pid, "elsewhere", "a", soon), True),
        (Trainer(os.getpid(), here, "a", soon - 2 * STALE_S), False),
        (Trainer(10**30, here, "a", soon), True),
    )
    for trainer, is_held in cases:
        (tmp_path / "lock.json").write_text(json.dumps(asdict(trainer)))
        assert (trainer_of(tmp_path) is not None) is is_held
        assert take(tmp_path, "b") is not is_held
    for written in ("", "[]", "3", '{"process": "x"}', '{"process": 1, "host": 2}'):
        (tmp_path / "lock.json").write_text(written)
        assert trainer_of(tmp_path) is None
    leave(tmp_path, "b")
    assert (tmp_path / "lock.json").exists()
    assert take(tmp_path, "b")
    leave(tmp_path, "a")
    assert not take(tmp_path, "a")
    leave(tmp_path, "b")
    assert not (tmp_path / "lock.json").exists()


# ---- whoever does not want it, and disks that do not


def test_nothing_is_saved_where_it_is_switched_off_or_for_whoever_wants_none(
    tmp_path: Path, registry: SessionRegistry
) -> None:
    off = SessionRegistry(Environment(runs="off"))
    stepped(off.open(Session, SMALL, "ann"), 5)
    assert off.saver is None
    off.close()
    library = saved_by(registry)
    library.be_quiet("ann", True)
    quiet, loud = (registry.open(Session, SMALL, name) for name in ("ann", "bob"))
    for session in (quiet, loud):
        stepped(session, 5)
    assert [len(saved_by(registry).of(name)) for name in ("ann", "bob")] == [0, 1]
    library.be_quiet("ann", False)
    stepped(quiet, 5)
    assert len(saved_by(registry).of("ann")) == 1


def test_a_disk_that_takes_nothing_costs_a_sentence_and_no_training(tmp_path: Path) -> None:
    place = tmp_path / "a file"
    place.write_text("")
    registry = opened(place)
    session = registry.open(Session, SMALL, "ann")
    stepped(session, 5)
    assert registry.saver is not None
    assert registry.saver.flush(20)
    assert str(registry.saver.trouble).startswith("Runs are not saved at present: ")
    assert stepped(session, 5).lanes[0].step == 10
    registry.close()


def test_the_oldest_runs_go_where_there_is_no_room_but_none_that_is_pinned(registry: SessionRegistry) -> None:
    for seed in range(4):
        stepped(registry.open(Session, SMALL.with_(seed=seed), "ann"), 5)
        sleep(0.01)
    library = saved_by(registry)
    oldest, second, *_ = reversed(library.of("ann"))
    library.write_label(oldest.id, name="The first", is_pinned=True)
    library.most_mb = 0.6 * library.megabytes
    library.make_room()
    left = [each.id for each in library.of("ann")]
    assert oldest.id in left
    assert second.id not in left
    assert library.megabytes <= library.most_mb
    assert library.label(oldest.id).name == "The first"


def test_what_is_put_away_can_be_brought_back_and_is_not_written_again_meanwhile(registry: SessionRegistry) -> None:
    session = registry.open(Session, SMALL, "ann")
    stepped(session, 5)
    library = saved_by(registry)
    (saved,) = library.of("ann")
    library.put_away(saved.id)
    stepped(session, 5)
    assert saved_by(registry).of("ann") == []
    assert library.bring_back(saved.id)
    assert [each.step for each in library.of("ann")] == [5]
    assert not library.bring_back(saved.id)


# ---- whatever happens to a file


@pytest.mark.parametrize("seed", range(3))
def test_a_mangled_folder_is_a_sentence(seed: int, registry: SessionRegistry) -> None:
    session = registry.open(Session, SMALL, "ann")
    stepped(session, 3)
    library, random = saved_by(registry), Random(seed)
    registry.reap(1e18)
    files = [*library.place.rglob("run.json"), *library.place.rglob("*.safetensors")]
    whole = {file: file.read_bytes() for file in files}
    for number in range(400):
        file = random.choice(files)
        file.write_bytes(mangled(whole[file], random))
        said = complaint(registry, session.id) if number % 50 == 0 else complaint_of_reading(registry, session.id)
        # A letter of the words of a run may be another, and a run may be without any; a moment is left out.
        assert said or file.name == "run.json" or file.parent.name == "moments"
        assert "\n" not in said
        file.write_bytes(whole[file])
    assert not complaint(registry, session.id)
    assert registry.find(session.id) is None


def complaint_of_reading(registry: SessionRegistry, name: str) -> str:
    """Read a run as far as that can be done without making its network, and return what was said against it."""
    assert registry.saver is not None
    library = registry.saver.library
    try:
        saved = library.find(name)
        if saved is not None:
            lanes = library.take_up(saved.id)
            plan_of(saved, lanes)
            assert Run(lanes, pool=registry.pool).peek().status == Status.READY
    except ValueError as error:
        return str(error)
    return ""


def complaint(registry: SessionRegistry, name: str) -> str:
    """Open a run that is saved, close it again, and return what was said against it."""
    try:
        found = registry.reopen(name)
    except ValueError as error:
        return str(error)
    if found is not None:
        assert wait_for(lambda: found.snapshot().asked is None)
        assert found.snapshot().status in (Status.PAUSED, Status.DIVERGED)
        registry.reap(1e18)
    return ""


def mangled(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    kind = random.randrange(4)
    other = bytes([(data[at] + random.randrange(1, 256)) % 256])
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + other + data[at + 1 :]
    if kind == 2:
        return data[:at] + data[at + random.randrange(1, 40) :]
    return data[:at] + random.randbytes(random.randrange(1, 20)) + data[at:]


@pytest.mark.parametrize("name", ["", "..", "../secret", "a/b", "run.json", "x" * 400, "C:\\runs", ".away"])
def test_a_link_names_no_path(name: str, registry: SessionRegistry) -> None:
    assert registry.reopen(name) is None


def test_a_journal_survives(registry: SessionRegistry) -> None:
    plan = Planned(SMALL, journal=(Change(30, "optimizer.lr", 0.5),))
    session = registry.open(Session, plan, "ann")
    stepped(session, 10)
    other, again = begun_again(registry, session)
    try:
        assert losses(stepped(again, 40)) == losses(stepped(Session(plan, "bob", other.pool), 50))
    finally:
        other.close()
