"""The command line: the page's losses without a page, to the bit, however often it was interrupted."""

import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nnviz import train
from nnviz.catalog import MODELS, SWITCHES, check_spec, label_of
from nnviz.catalog.check import CATALOGUES, twin_of
from nnviz.catalog.faults import FAULTS
from nnviz.catalog.links import read_planned
from nnviz.cli import progress
from nnviz.cli.asked import Asked
from nnviz.cli.exports import EXPORTS
from nnviz.cli.link import plan_of, read_link
from nnviz.cli.main import HOMES, main
from nnviz.cli.names import MENUS, names_of
from nnviz.cli.pages import PAGES, link_of
from nnviz.cli.parser import FOLLOWING, parser
from nnviz.cli.place import find
from nnviz.cli.status import ExitStatus
from nnviz.export.kept import KeptRun
from nnviz.library.library import Library
from nnviz.library.naming import settings_of
from nnviz.library.told import settings_told, turns_told
from nnviz.runs.keeper import Keeper
from nnviz.runs.lane_spec import race_lanes
from nnviz.sessions.environment import Environment
from nnviz.sessions.race import RaceSession
from nnviz.sessions.registry import SessionRegistry
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, ExperimentSpec
from nnviz.specs.pairing import Pairing
from nnviz.specs.race import RaceSpec
from nnviz.words import cli as words
from nnviz.words.language import message
from nnviz.words.messages import CHANGE
from tests.branched import stepped
from tests.runs import replayed

ROOT = Path(__file__).resolve().parent.parent
SMALL = "dataset=moons:size=100&model=mlp:hidden=4&batch_size=10&optimizer=adam:lr=0.01"  # 5 updates an epoch
LINKS = {
    "Train, its address": f"http://localhost:8501/Train?{SMALL}&epochs=20&run=abcdefghijkl&clock=epochs&charts=loss",
    "Train, with a journal": f"{SMALL}&epochs=20&journal=7@*:optimizer.lr:0.1;33@*:batch_size:7;50@*:optimizer.lr:0.02",
    "Home": "localhost:8501/?epochs=2",
    "GAN": "GAN?dataset=ring:size=400&model=gan:width=16&batch_size=32&epochs=3&journal=9@*:optimizer.lr:0.01",
    "Autoencoder beside its twin": "http://localhost:8501/nnviz/Autoencoder?model=autoencoder:hidden=16&epochs=2",
    "Race": f"/Race?{SMALL}&lanes=sgd:lr=0.1;adam&seeds=2&epochs=12&journal=9@1:optimizer.lr:0.2",
    "Race, its parameters": f"lanes=adam;adam:lr=0.1&{SMALL}&epochs=6",
}
KEYS = ("epoch", "test_loss", "test_accuracy", "train_loss", "train_accuracy")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Save in a folder of the test's own."""
    monkeypatch.setenv("NNVIZ_RUNS", str(tmp_path / "runs"))


def library() -> Library:
    return Library(Path(os.environ["NNVIZ_RUNS"]))


def trained(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """Carry out a command that trains, and return what it has told of evaluations."""
    return of_kind("evaluation", told(capsys, *arguments))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """Carry out a command that trains, and return its lines."""
    assert main([*arguments, "--jsonl", "--quiet"]) == ExitStatus.DONE
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def of_kind(record: str, lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["record"] == record]


def lanes_of(plan: Any) -> list[tuple[ExperimentSpec, Sequence[Change]]]:
    """List what each lane of a plan trains, told without a run."""
    if isinstance(plan, RaceSpec):
        return [(lane.spec, lane.journal) for lane in race_lanes(plan, [str(lane) for lane in plan.lanes])]
    twin = twin_of(plan) if isinstance(plan, Pairing) else None
    return [(spec, plan.journal) for spec in [plan.spec, *([check_spec(twin.edit(plan.spec))] if twin else [])]]


# ---- the same stream


@pytest.mark.parametrize("name", LINKS)
def test_every_line_of_a_link_is_a_record_of_train_to_the_bit(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = trained(capsys, "train", LINKS[name])
    plan = read_link(LINKS[name]).plan
    lanes = lanes_of(plan)
    assert {line["lane"] for line in lines} == set(range(len(lanes)))
    for place, (spec, journal) in enumerate(lanes):
        records = {record.step: record for record in train(spec, journal, every=1)}
        own = [line for line in lines if line["lane"] == place]
        assert [line["update"] for line in own][:1] == [0]
        assert own[-1]["update"] == max(records)
        assert len(own) >= 7
        for line in own:
            told = {key: line[key] for key in KEYS if line[key] is not None}
            assert told == {key: getattr(records[line["update"]], key) for key in told}
            assert {"epoch", "test_loss"} <= set(told)
            assert line["seed"] == spec.seed


def test_the_branches_of_a_link_join_on_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    link = f"{SMALL}&epochs=20&branches=1@0:9;2@1:20:sgd&journal=9@1:optimizer.lr:0.2"
    lines = trained(capsys, "train", link)
    updates = [[line["update"] for line in lines if line["lane"] == place] for place in range(3)]
    assert updates[0][0] == 0
    assert (min(updates[1]) >= 9, min(updates[2]) >= 20) == (True, True)
    assert len({each[-1] for each in updates}) == 1
    spec = read_link(link).plan.spec
    records = {record.step: record for record in train(spec, [Change(9, "optimizer.lr", 0.2)], every=1)}
    own = [line for line in lines if line["lane"] == 1]
    assert [line["test_loss"] for line in own] == [records[line["update"]].test_loss for line in own]
    (saved,) = library().all()
    assert saved.query["branches"] == "1@0:9;2@1:20:sgd"


@pytest.mark.parametrize("name", ["Train, with a journal", "GAN", "Race"])
def test_a_run_is_saved_with_the_loss_of_every_update_and_under_its_link(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    trained(capsys, "train", LINKS[name])
    (saved,) = library().all()
    run = KeptRun.of(library(), saved)
    lanes = run.snapshot.lanes
    assert [lane.curve.losses.tolist() for lane in lanes] == [replayed(lane) for lane in lanes]
    assert saved.status == "done"
    assert run.plan == read_link(LINKS[name]).plan == read_link(link_of(saved)).plan
    (place,) = (library().place / saved.id).glob("state-*")
    curves, judged = (pd.read_parquet(place / f"{each}.parquet") for each in ("curves", "evaluations"))
    assert curves["loss"].tolist() == [
        loss for lane in lanes for row in (lane.curve.losses, *lane.curve.others) for loss in row
    ]
    assert judged["test_loss"].tolist() == [part.test_loss for lane in lanes for part in lane.judged]


def test_lines_come_in_the_order_of_updates_and_lanes(capsys: pytest.CaptureFixture[str]) -> None:
    lines = trained(capsys, "train", LINKS["Race"])
    places = [(line["update"], line["lane"]) for line in lines]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("name", ["Train, with a journal", "GAN", "Race"])
def test_every_so_many_updates_a_line_tells_the_loss_and_the_rate_of_that_update(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(capsys, "train", LINKS[name], "--every", "7")
    (saved,) = library().all()
    lanes = KeptRun.of(library(), saved).snapshot.lanes
    for place, lane in enumerate(lanes):
        own = [line for line in of_kind("update", lines) if line["lane"] == place]
        assert [line["update"] for line in own] == list(range(7, lane.step + 1, 7))
        losses = [line["loss"] if isinstance(line["loss"], dict) else {"": line["loss"]} for line in own]
        kept = (lane.curve.losses, *lane.curve.others)
        assert [[*each.values()] for each in losses] == [[row[line["update"] - 1] for row in kept] for line in own]
    order = [
        (line["update"], line["record"] == "evaluation", line["lane"]) for line in lines if line["record"] != "end"
    ]
    assert order == sorted(order)
    # The same evaluations as without, and the same run.
    assert [*map(without_time, of_kind("evaluation", lines))] == [
        without_time(line) for line in trained(capsys, "train", LINKS[name], "--no-save")
    ]


def test_the_rate_of_a_line_is_the_one_that_its_update_was_done_with(capsys: pytest.CaptureFixture[str]) -> None:
    journal = "3@*:optimizer.lr:0.5;7@*:optimizer.lr:0.25"
    lines = told(capsys, "train", f"{SMALL}&epochs=2&journal={journal}", "--every", "1")
    assert [line["learning_rate"] for line in of_kind("update", lines)] == [0.01] * 3 + [0.5] * 4 + [0.25] * 3
    lines = told(capsys, "train", f"{SMALL}&epochs=2&schedule=step:every=1,gamma=0.1", "--every", "1")
    rates = [line["learning_rate"] for line in of_kind("update", lines)]
    assert rates == pytest.approx([0.01] * 5 + [0.001] * 5)
    lines = told(capsys, "train", LINKS["GAN"], "--every", "20")
    (first, *_) = of_kind("update", lines)
    assert set(first["loss"]) == set(first["learning_rate"]) == {"generator", "discriminator"}


def test_the_last_line_of_each_lane_tells_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, "train", LINKS["Race"])
    (saved,) = library().all()
    ends = lines[-4:]
    assert [line["record"] for line in lines[:-4]] == ["evaluation"] * (len(lines) - 4)
    assert [(line["record"], line["lane"], line["status"], line["update"]) for line in ends] == [
        ("end", place, "done", 60) for place in range(4)
    ]
    for place, end in enumerate(ends):
        own = [line for line in of_kind("evaluation", lines) if line["lane"] == place]
        best = min(own, key=lambda line: line["test_loss"])
        assert (end["best_test_loss"], end["best_update"]) == (best["test_loss"], best["update"])
        assert (end["run"], end["reason"]) == (saved.id, None)
    paused = told(capsys, "train", SMALL, "--updates", "8", "--no-save")[-1]
    assert (paused["record"], paused["status"], paused["update"], paused["run"]) == ("end", "paused", 8, None)


def test_a_pause_that_was_asked_for_tells_how_it_stands_there(capsys: pytest.CaptureFixture[str]) -> None:
    lines = trained(capsys, "train", SMALL, "--updates", "83")
    records = list(train(read_link(SMALL).plan.spec.with_(epochs=17), every=1))
    assert lines[-1]["update"] == 83
    assert lines[-1]["test_loss"] == records[83].test_loss


def test_other_epochs_than_the_link_s_are_trained_and_saved(capsys: pytest.CaptureFixture[str]) -> None:
    assert trained(capsys, "train", f"{SMALL}&epochs=0", "--epochs", "3")[-1]["update"] == 15
    (saved,) = library().all()
    assert saved.query["epochs"] == "3"


# ---- going on


def test_a_run_goes_on_to_the_lines_that_it_would_have_written_without_a_stop(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("Train, with a journal", "Race"):
        straight = trained(capsys, "train", LINKS[name], "--no-save")
        parts = trained(capsys, "train", LINKS[name], "--updates", "20")
        (saved, *_) = library().all()
        parts += trained(capsys, "resume", saved.id, "--updates", "41")
        parts += trained(capsys, "resume", saved.id)
        asked_for = {20, 41} - {line["update"] for line in straight}
        found = [without_time(line) for line in parts if line["update"] not in asked_for]
        assert found == [without_time(line) for line in straight]


def without_time(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "seconds"}


def test_a_run_that_is_done_goes_on_for_more_epochs(capsys: pytest.CaptureFixture[str]) -> None:
    trained(capsys, "train", f"{SMALL}&epochs=4")
    (saved,) = library().all()
    assert main(["resume", saved.id]) == ExitStatus.DONE
    assert f"Run {saved.id} is over" in capsys.readouterr().err
    longer = trained(capsys, "resume", saved.id, "--epochs", "9")[-1]
    assert longer["update"] == 45
    assert longer["test_loss"] == list(train(read_link(f"{SMALL}&epochs=9").plan.spec))[-1].test_loss


def test_whoever_asks_again_for_what_is_done_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    trained(capsys, "train", f"{SMALL}&epochs=0", "--updates", "20")
    (saved,) = library().all()
    assert trained(capsys, "resume", saved.id, "--updates", "20") == []
    assert main(["resume", saved.id, "--updates", "19"]) == ExitStatus.REFUSED
    assert "this run has done 20 updates already: --updates must be more, not 19" in capsys.readouterr().err
    assert trained(capsys, "resume", saved.id, "--epochs", "5")[-1]["update"] == 25
    assert trained(capsys, "resume", saved.id, "--epochs", "5") == []
    assert main(["resume", saved.id, "--epochs", "4"]) == ExitStatus.REFUSED


def test_its_link_opens_it_in_the_app_where_nobody_s_list_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    trained(capsys, "train", LINKS["Race"])
    (saved,) = library().all()
    registry = SessionRegistry(Environment(runs=str(library().place)))
    try:
        session = registry.reopen(saved.id)
        assert isinstance(session, RaceSession)
        assert session.race == read_link(LINKS["Race"]).plan
        assert session.snapshot().status == "done"
        assert not session.rights_of("ann").may_steer
        assert library().of("ann") == []
    finally:
        registry.close()


def test_a_run_of_the_app_goes_on_here_and_stays_its_owner_s(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Keeper.__init__, "__defaults__", (0.0, 0.0))
    registry = SessionRegistry(Environment(runs=str(library().place)))
    session = registry.open(Session, read_link(f"{SMALL}&epochs=9").plan, "ann", 0.01)
    stepped(session, 12)
    assert registry.saver is not None
    assert registry.saver.flush(20)
    registry.close()
    (before,) = library().of("ann")
    assert trained(capsys, "resume", before.id)[-1]["update"] == 45
    (after,) = library().of("ann")
    assert (after.id, after.session, after.step, after.status) == (before.id, before.session, 45, "done")


# ---- how it ends


def test_a_run_that_diverges_says_so_and_has_a_status_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    link = "dataset=sine:size=100&model=mlp:hidden=4&loss=mse&activation=identity&optimizer=sgd:lr=10000&epochs=5"
    assert main(["train", link]) == ExitStatus.DIVERGED
    told = capsys.readouterr()
    assert "The loss stopped being a finite number at update" in told.err
    (saved,) = library().all()
    assert main(["resume", saved.id]) == ExitStatus.DIVERGED
    assert main(["train", link, "--jsonl"]) == ExitStatus.DIVERGED
    *_, last, end = map(json.loads, capsys.readouterr().out.splitlines())
    assert last["train_loss"] is None
    assert (end["status"], "finite number" in end["reason"]) == ("diverged", True)


def test_nothing_is_saved_where_that_is_switched_off_and_elsewhere_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trained(capsys, "train", f"{SMALL}&epochs=1", "--no-save")
    assert not library().place.exists()
    trained(capsys, "train", f"{SMALL}&epochs=1", "--out", str(tmp_path / "there"))
    assert not library().place.exists()
    (saved,) = Library(tmp_path / "there").all()
    assert saved.owner == "cli"
    monkeypatch.setenv("NNVIZ_RUNS", "off")
    assert main(["train", f"{SMALL}&epochs=1"]) == ExitStatus.DONE
    assert "Nothing was saved." in capsys.readouterr().err


def test_a_disk_that_takes_nothing_costs_a_sentence_and_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Library, "save", refuse)
    assert main(["train", f"{SMALL}&epochs=1"]) == ExitStatus.FAILED
    assert "Runs are not saved at present" in capsys.readouterr().err


# ---- how far it has come


class Terminal(io.StringIO):
    """Takes what is written for a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("columns", [50, 80, 140])
def test_a_terminal_shows_a_bar_in_one_line_and_then_how_it_ended(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert main(["train", LINKS["Race"], "--no-save"]) == ExitStatus.DONE
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    bars = [line for line in re.split("[\r\n]", shown) if "━" in line]
    assert bars
    assert all(len(line) <= columns for line in bars)
    assert re.search(r"\d% .*epoch [\d.]+ of 12|making data", bars[-1])
    assert re.search(
        r"[\r\n]Done: update 60 · epoch 12 of 12 · \w+, seed \d leads · test loss [\d.]+ · accuracy", shown
    )
    assert re.search(r"\n  Adam, seed 2  test loss [\d.]+ · accuracy [\d.]+ %\n", shown)


def test_elsewhere_a_line_tells_it_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY_S", 0.0)
    assert main(["train", f"{SMALL}&epochs=400", "--no-save"]) == ExitStatus.DONE
    lines = capsys.readouterr().err.splitlines()
    assert any(re.match(r"epoch [\d.]+ of 400 · test loss [\d.]+ · accuracy", line) for line in lines[1:-2])
    assert main(["train", f"{SMALL}&epochs=400", "--no-save", "--quiet"]) == ExitStatus.DONE
    assert len(capsys.readouterr().err.splitlines()) == 3


# ---- finding, showing, taking away


@pytest.fixture(scope="module")
def two_trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Train two runs; return their folder and their ids, the newest first."""
    place = tmp_path_factory.mktemp("two")
    for name in ("Train, with a journal", "Race"):
        assert main(["train", LINKS[name], "--quiet", "--out", str(place)]) == ExitStatus.DONE
    return place, [saved.id for saved in Library(place).all()]


@pytest.fixture
def two_runs(two_trained: tuple[Path, list[str]]) -> list[str]:
    """Copy two runs to the test's own folder, and return their ids, the newest first."""
    place, ids = two_trained
    shutil.copytree(place, library().place)
    return ids


def test_runs_are_listed_for_whoever_has_the_folder(two_runs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    library().write_label(two_runs[0], name="The best one")
    assert main(["runs"]) == ExitStatus.DONE
    table = capsys.readouterr().out.splitlines()
    assert len(table) == 3
    assert table[0].split()[:3] == ["id", "name", "page"]
    assert "The best one" in table[1]
    assert "Moons · MLP 4 · SGD 0.1 · Adam" in table[1]
    assert main(["runs", "--json"]) == ExitStatus.DONE
    written = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in written] == two_runs
    assert [each["name"] for each in written] == ["The best one", ""]
    assert read_link(written[0]["link"]).page == "race"


def test_a_run_is_told_with_its_changes_figures_and_link(
    two_runs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", two_runs[1]]) == ExitStatus.DONE
    told = capsys.readouterr().out
    assert "before update 7: Learning rate → 0.1" in told
    assert "before update 33: Batch size → 7" in told
    (link,) = re.findall(r"/Train\?\S+", told)
    assert read_link(link).plan == read_link(LINKS["Train, with a journal"]).plan
    assert main(["show", two_runs[0]]) == ExitStatus.DONE
    assert "before update 9, Adam: Learning rate → 0.2" in capsys.readouterr().out
    assert main(["show", two_runs[0], "--json"]) == ExitStatus.DONE
    assert json.loads(capsys.readouterr().out)["query"]["seeds"] == "2"


def test_branches_are_told_with_and_without_changes_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    link = f"{SMALL}&epochs=4&branches=1@0:9;2@1:12:sgd:lr=0.5;3@0:900&journal=10@1:optimizer.lr:0.2"
    trained(capsys, "train", link)
    (saved,) = library().all()
    assert main(["show", saved.id]) == ExitStatus.DONE
    told = capsys.readouterr().out
    assert "Branch 1: from Run after update 9\n" in told
    assert "Branch 2: from Branch 1 after update 12, with SGD 0.5\n" in told
    assert "before update 10, Branch 1: Learning rate → 0.2\n" in told
    assert "branches=" not in told.partition("\nlink")[0]
    assert main(["train", f"{SMALL}&branches=1@0:900", "--updates", "5", "--quiet"]) == ExitStatus.DONE
    capsys.readouterr()
    assert main(["show", library().all()[0].id]) == ExitStatus.DONE
    assert "planned, number 1: from number 0 after update 900\n" in capsys.readouterr().out


def test_a_terminal_of_few_letters_is_told_all_the_same(two_runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert main(["show", two_runs[1]]) == ExitStatus.DONE
    sys.stdout.flush()
    assert b"before update 7: Learning rate ? 0.1" in written.getvalue()


def test_a_run_is_found_by_its_id_its_beginning_and_its_name(two_runs: list[str]) -> None:
    library().write_label(two_runs[0], name="mine")
    assert find(library(), two_runs[1]).id == two_runs[1]
    assert find(library(), two_runs[1][:5]).id == two_runs[1]
    assert find(library(), "mine").id == two_runs[0]
    library().write_label(two_runs[1], name="mine")
    with pytest.raises(ValueError, match="several runs may be meant by 'mine': "):
        find(library(), "mine")
    with pytest.raises(ValueError, match=f"there is no run 'other' in .*; the newest are {two_runs[0]}, {two_runs[1]}"):
        find(library(), "other")


def test_an_id_that_begins_with_a_dash_is_no_option(two_runs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    name = "-" + two_runs[0][1:]
    folder = library().place / two_runs[0]
    head = json.loads((folder / "run.json").read_text())
    folder.rename(library().place / name)
    (library().place / name / "run.json").write_text(json.dumps({**head, "id": name}))
    assert main(["show", name, "--json"]) == ExitStatus.DONE
    assert json.loads(capsys.readouterr().out)["id"] == name
    assert main(["runs"]) == ExitStatus.DONE
    assert name in capsys.readouterr().out


@pytest.mark.parametrize("what", EXPORTS)
def test_a_run_is_taken_away_to_where_it_was_asked_for(
    what: str, two_runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for run in two_runs:
        assert main(["export", run, what]) == ExitStatus.DONE
        assert main(["export", run, what, "--out", str(tmp_path / "there" / run / "it")]) == ExitStatus.DONE
        assert (tmp_path / "there" / run / "it").exists()
    told = capsys.readouterr()
    assert (len([*(tmp_path / "here").iterdir()]), told.out) == (2, "")
    named = re.findall("Written: (.*)", told.err)
    assert named
    assert all(Path(each).exists() for each in named)


def test_a_run_in_a_folder_that_cannot_be_written_is_not_gone_on_with_in_vain(
    two_runs: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nnviz.cli.resuming.can_be_written", lambda folder: folder.name != two_runs[0])
    assert main(["resume", two_runs[0], "--updates", "9000"]) == ExitStatus.REFUSED
    said = capsys.readouterr().err
    assert said == f"nnviz: run {two_runs[0]} cannot be gone on with: its folder {library().place / two_runs[0]} " + (
        "cannot be written to\n"
    )


def test_one_network_of_several_is_taken_away_by_its_name_or_its_number(
    two_runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "adam.py"
    assert main(["export", two_runs[0], "script", "--lane", "2", "--out", str(place)]) == ExitStatus.DONE
    assert "Adam(" in place.read_text()
    capsys.readouterr()
    assert main(["export", two_runs[0], "json", "--lane", "2-Adam-seed-1", "--out", "-"]) == ExitStatus.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["page"], [lane["label"] for lane in told["lanes"]]) == ("train", ["Adam"])
    assert read_planned(told["query"]).spec.optimizer.name == "adam"
    for name in ("Adam", "9", ""):  # of two seeds there is no one Adam
        assert main(["export", two_runs[0], "state", "--lane", name]) == ExitStatus.REFUSED
        assert f"there is no lane {name!r} alone; choose one of 0-SGD-seed-1, " in capsys.readouterr().err


def test_a_text_can_go_to_the_standard_output_and_a_folder_cannot(
    two_runs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", two_runs[0], "csv", "--out", "-"]) == ExitStatus.DONE
    assert capsys.readouterr().out.startswith("lane,seed,kind,update")
    assert main(["export", two_runs[0], "json", "--out", "-"]) == ExitStatus.DONE
    assert json.loads(capsys.readouterr().out)["page"] == "race"
    assert main(["export", two_runs[0], "tensorboard", "--out", "-"]) == ExitStatus.REFUSED


def test_what_is_there_already_is_not_written_over_by_a_folder(
    two_runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "events")
    assert main(["export", two_runs[0], "tensorboard", "--out", place]) == ExitStatus.DONE
    assert main(["export", two_runs[0], "tensorboard", "--out", place]) == ExitStatus.DONE  # within it
    assert main(["export", two_runs[0], "tensorboard", "--out", place]) == ExitStatus.REFUSED
    assert "is there already and is not empty: name another place by --out" in capsys.readouterr().err


# ---- what hangs together


def test_the_pages_are_those_of_the_app() -> None:
    names = {path.stem.partition("_")[2] for path in (ROOT / "pages").glob("*.py")}
    assert set(PAGES.values()) - {"Home"} == names & set(PAGES.values())
    assert {name: PAGES[name] for name in MODELS if name != "mlp"} == {
        name: family.label for name, family in MODELS.items() if name != "mlp"
    }
    assert {name.lower() for name in PAGES if name not in ("train", "race", "home")} == {
        path.stem for path in (ROOT / "nnviz/ui/families/models").glob("[a-z]*.py")
    }


def test_the_names_that_are_read_from_the_catalogue_s_text_are_its_own() -> None:
    menus = {**CATALOGUES, **SWITCHES, "fault": FAULTS}
    assert {kind: list(names_of(kind)) for kind in MENUS} == {kind: list(menu) for kind, menu in menus.items()}


@pytest.mark.parametrize("text", ["optimizer=adm", "dataset=x&epochs=3", "Race?lanes=sgd;x", "branches=1@0:5:x"])
def test_a_name_is_refused_with_and_without_the_catalogue_in_the_same_words(text: str) -> None:
    with pytest.raises(ValueError, match="there is no ") as early:
        Asked.of(text)
    page, query = ("race", "lanes=sgd;x") if "Race" in text else ("train", text)
    with pytest.raises(ValueError, match="there is no ") as late:
        plan_of(Asked(page, dict(part.split("=", 1) for part in query.split("&"))))
    assert str(early.value) == str(late.value)


def test_the_help_tells_of_every_command_every_export_and_every_status() -> None:
    assert set(words.COMMANDS) - {"nnviz"} == set(words.ABOUT) == set(HOMES)
    assert set(words.EXPORTS) == set(EXPORTS)
    told = {int(name.removeprefix("_")) for name in words.STATUSES}
    assert told == {*ExitStatus, 128 + signal.SIGTERM} - {ExitStatus.BROKEN_PIPE}


def typed() -> list[str]:
    """List the command lines that readers are shown."""
    readme = re.findall(r"^\.venv/bin/python -m nnviz (.*)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    return [*readme, *(f"{name} {each}" for name, examples in FOLLOWING.items() for each in examples)]


@pytest.mark.parametrize("line", typed())
def test_a_command_line_that_readers_are_shown_can_be_carried_out(line: str) -> None:
    options = parser().parse_args(shlex.split(line.partition(" > ")[0], comments=True))
    assert options.command in HOMES
    if options.command == "train":
        assert read_link(options.link).plan.spec.epochs or options.epochs or options.updates
    if options.command == "export":
        assert options.what in EXPORTS


# Carries out one command line after the other; tells how each ended, what it said and which packages were there then.
TELLING = """
import contextlib, io, json, sys, traceback
from nnviz.cli.main import main
told = []
for words in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(words)
        except SystemExit as ended:
            status = ended.code or 0
        except Exception:
            status = traceback.format_exc()
    told.append([status, out.getvalue(), err.getvalue(), list(sys.modules)])
json.dump(told, sys.stdout)
"""
SLOW = {"torch", "sklearn", "pyarrow", "pandas", "streamlit"}  # to import
HELP = ["", *(f"{name} --help" for name in HOMES)]
QUICK = {
    line: (status, said)
    for line, status, said in [
        ("runs", 0, "Moons · MLP 4 · SGD 0.1 · Adam"),
        ("runs --json", 0, '"words": {'),
        ("show {race}", 0, "before update 9, Adam: Learning rate → 0.2"),
        ("show {train}", 0, "before update 33: Batch size → 7"),
        ("show nothing", 2, "there is no run 'nothing' in "),
        ("resume nothing", 2, "there is no run 'nothing' in "),
        ("resume {train} --updates many", 2, "--updates must be a whole number"),
        ("export nothing csv", 2, "there is no run 'nothing' in "),
        ("export {train} excel", 2, "there is no export 'excel'; choose one of script, notebook, csv, "),
        ("train epoch=3", 2, "'epoch' is not part of a link; did you mean 'epochs'?"),
        ("train epochs=x", 2, "epochs must be a whole number"),
        ("train Surfaces", 2, "no page 'Surfaces' trains anything; choose one of Train, Race, Home, AlexNet, "),
        ("train epochs=3 --epochs 0", 2, "--epochs must be a whole number"),
        ("train epochs=3 --every 3", 2, "--every says how often losses are written: it needs --jsonl"),
        ("train epochs=3 --jsonl --every x", 2, "--every must be a whole number"),
        ("train optimizer=adm", 2, "there is no optimizer 'adm'; choose one of sgd, momentum, nag, "),
        ("train Race?lanes=sgd;adm:lr=0.1&epochs=1", 2, "there is no optimizer 'adm'; choose one of sgd, "),
        ("train branches=1@0:5:adm&epochs=1", 2, "there is no optimizer 'adm'; choose one of sgd, "),
        ("train GAN?second_optimizer=adm", 2, "there is no optimizer 'adm'; choose one of sgd, "),
        ("train dataset=mooons", 2, "there is no dataset 'mooons'; choose one of circles, moons, "),
        ("train schedule=never", 2, "there is no schedule 'never'; choose one of constant, step, "),
        ("train fault=none_such", 2, "there is no fault 'none_such'; choose one of permuted_labels, "),
        ("fly", 2, "invalid choice: 'fly'"),
    ]
}
Told = dict[str, tuple[object, str, str, set[str]]]


@pytest.fixture(scope="module")
def answers(two_trained: tuple[Path, list[str]]) -> Told:
    """Carry out what needs no training in one fresh interpreter, the helps first: they load least."""
    place, (race, train_run) = two_trained
    lines = [*HELP, *QUICK]
    words = [line.format(race=race, train=train_run).split() for line in lines]
    done = subprocess.run(
        [sys.executable, "-c", TELLING], input=json.dumps(words), cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "NNVIZ_RUNS": str(place)},
    )  # fmt: skip
    found = zip(lines, json.loads(done.stdout), strict=True)
    return {line: (status, out, err, set(loaded)) for line, (status, out, err, loaded) in found}


@pytest.mark.parametrize("line", QUICK)
def test_what_needs_no_training_is_answered_without_pytorch(line: str, answers: Told) -> None:
    status, out, err, loaded = answers[line]
    wanted, said = QUICK[line]
    assert status == wanted, err
    assert said in out + err
    assert not SLOW & loaded


def test_a_run_saved_without_its_words_is_told_by_its_ids(
    two_runs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for run in two_runs:
        file = library().place / run / "run.json"
        head = json.loads(file.read_text())
        assert head.pop("words")
        file.write_text(json.dumps(head))
    assert main(["runs"]) == ExitStatus.DONE
    assert "moons · mlp 4 · sgd 0.1 · adam" in capsys.readouterr().out
    assert main(["show", two_runs[0]]) == ExitStatus.DONE
    assert "before update 9, adam: optimizer.lr → 0.2" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["Train, with a journal", "GAN", "Race"])
def test_the_words_of_a_run_are_those_of_the_catalogue(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    trained(capsys, "train", LINKS[name])
    (saved,) = library().all()
    plan = read_link(LINKS[name]).plan
    assert settings_told(saved.kind, saved.query, saved.words) == settings_of(saved)
    spec = plan.specs[0] if isinstance(plan, RaceSpec) else plan.spec
    turns = [turn if isinstance(turn, Change) else turn.change for turn in plan.journal]
    wanted = [message(CHANGE["to"], knob=label_of(spec, turn.target), after=turn.value) for turn in turns]
    assert [str(told) for _, _, told in turns_told(saved)] == [*map(str, wanted)]


@pytest.mark.parametrize("line", HELP)
def test_help_is_printed_without_pytorch(line: str, answers: Told) -> None:
    status, out, err, loaded = answers[line]
    assert (status, err) == (0, "")
    assert out.startswith("usage: python -m nnviz")
    assert not {"torch", "numpy", "streamlit"} & loaded
