"""Every update's loss of a run that stays: none is lost on the way to the disk, and whoever zooms in sees it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from nnviz.charts.chart import View
from nnviz.charts.curves import loss_curves
from nnviz.charts.stretch import MOST, stretch
from nnviz.library import losses as library_losses
from nnviz.library.losses import LossFiles, read_losses
from nnviz.records.every_loss import EveryLoss
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.runs.keeper import Keeper
from nnviz.sessions.environment import Environment
from nnviz.sessions.registry import SessionRegistry
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice
from nnviz.training import Experiment, loss_log
from nnviz.training.curve import LossCurve
from nnviz.training.loss_log import LossLog
from tests.branched import stepped
from tests.runs import SMALL

LANE = Lane("Run", SMALL, Status.PAUSED, None, 0, 0.0, 0.0, LossCurve().freeze(), (), id="0")
PART = 100
BURST_AT, BURST = 40_001, 0.0059 + 2**-40  # between two kept points, and no number of half the bytes


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_losses, "PART", PART)


def noted(losses: np.ndarray) -> Iterator[tuple[int, LossLog, LossCurve]]:
    """Note losses as an experiment does, one update after the other."""
    log, curve = LossLog(losses.shape[1]), LossCurve(losses.shape[1])
    for step, each in enumerate(losses.tolist(), 1):
        log.add(tuple(each))
        curve.add(step, step / 25, step / 800, *each) if step % curve.stride == 0 else curve.skip(tuple(each))
        yield step, log, curve


def lane_at(step: int, log: LossLog, curve: LossCurve) -> Lane:
    epoch, seconds = step / 25, step / 800
    return replace(LANE, step=step, epoch=epoch, seconds=seconds, curve=curve.freeze(), recent=log.freeze())


def test_an_experiment_knows_its_last_losses_and_forgets_what_it_takes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loss_log, "PART", 8)
    monkeypatch.setattr(loss_log, "MOST_PARTS", 3)
    experiment = Experiment(SMALL)
    experiment.advance(20)
    start = experiment.checkpoint()
    experiment.advance(10)
    before = experiment.curve.freeze().losses
    found = experiment.losses.freeze().all
    assert (found.steps[0], found.steps[-1]) == (1, 30)
    assert_array_equal(found.losses[:, 0], before)
    experiment.restore(start)
    assert experiment.losses.freeze().all.steps[-1] == 20
    experiment.advance(30)
    found = experiment.losses.freeze().all
    assert found.steps.tolist() == list(range(50 - len(found) + 1, 51))
    assert 3 * 8 <= len(found) < 5 * 8
    assert_array_equal(found.losses[:, 0], experiment.curve.freeze().losses[found.steps - 1])
    experiment.restore(replace(start, step=200))
    assert len(experiment.losses.freeze().all) == 0


@pytest.mark.parametrize("players", [1, 2])
def test_what_is_written_with_each_state_is_read_as_it_was_also_after_a_new_start(
    players: int, small_files: None, tmp_path: Path
) -> None:
    every = np.random.default_rng(0).random((1000, players))
    files, place = LossFiles(), tmp_path / "state-1"
    place.mkdir()
    for step, log, curve in noted(every):
        if step in (7, 90, 250, 333, 600, 999):
            files.write(tmp_path, place, [lane_at(step, log, curve)])
            files.forget(tmp_path)
            files = LossFiles.of(tmp_path, place) if step == 250 else files
            found = read_losses(tmp_path, place, "0", 1, step + 50)
            assert_array_equal(found.steps, np.arange(1, step + 1))
            assert_array_equal(found.losses, every[:step])
    assert len([*(tmp_path / "losses").iterdir()]) == 999 // PART
    some = read_losses(tmp_path, place, "0", 150, 420)
    assert_array_equal(some.losses, every[149:420])
    assert len(read_losses(tmp_path, place, "7", 1, 1000)) == 0
    table = pd.read_parquet(tmp_path / "losses" / "0-3.parquet")
    assert table["update"].tolist() == players * list(range(301, 401))
    assert_array_equal(table[table["player"] == players - 1]["loss"], every[300:400, -1])


def test_half_the_bytes_will_do_where_they_hold_every_digit(small_files: None, tmp_path: Path) -> None:
    short = np.random.default_rng(0).random((150, 1)).astype(np.float32).astype(np.float64)
    for name, every in (("short", short), ("long", short + 2**-40)):
        files, place = LossFiles(), tmp_path / name
        place.mkdir()
        *_, (step, log, curve) = noted(every)
        files.write(place, place, [lane_at(step, log, curve)])
        assert_array_equal(read_losses(place, place, "0", 1, 150).losses, every)
    kinds = [pd.read_parquet(tmp_path / name / "losses" / "0-0.parquet")["loss"].dtype for name in ("short", "long")]
    assert kinds == [np.float32, np.float64]


def test_a_torn_file_leaves_a_gap_and_the_oldest_of_too_many_keep_their_bursts(
    small_files: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    every = np.random.default_rng(0).random((450, 1))
    files, place = LossFiles(), tmp_path / "state-1"
    place.mkdir()
    *_, (step, log, curve) = noted(every)
    files.write(tmp_path, place, [lane_at(step, log, curve)])
    size = sum(file.stat().st_size for file in (tmp_path / "losses").iterdir())
    monkeypatch.setattr(library_losses, "MOST_BYTES", size - 1)
    files.forget(tmp_path)
    found = read_losses(tmp_path, place, "0", 1, 450)
    assert 0 < (found.steps <= PART).sum() < PART / 4
    assert (found.steps > PART).sum() == 350
    assert_array_equal(found.losses[:, 0], every[found.steps - 1, 0])
    first = found.between(1, PART).losses
    assert (first.min(), first.max()) == (every[:PART].min(), every[:PART].max())
    file = tmp_path / "losses" / "0-2.parquet"
    whole = file.read_bytes()
    middle = len(whole) // 3
    for torn in (whole[:middle], b"", whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]):
        file.write_bytes(torn)
        kept = read_losses(tmp_path, place, "0", 1, 450).steps
        assert not ((kept > 2 * PART) & (kept <= 3 * PART)).any()
        assert (kept > 3 * PART).sum() == 150
    (place / "losses.parquet").write_bytes(b"PAR1")
    assert len(read_losses(tmp_path, place, "0", 1, 450)) == 0


def test_a_lane_in_the_place_of_one_that_left_has_none_of_its_losses(small_files: None, tmp_path: Path) -> None:
    files, place = LossFiles(), tmp_path / "state-1"
    place.mkdir()
    for count, level in ((350, 0.0), (120, 1.0)):
        *_, (step, log, curve) = noted(np.full((count, 1), level))
        files.write(tmp_path, place, [lane_at(step, log, curve)])
        files.forget(tmp_path)
    found = read_losses(tmp_path, place, "0", 1, 350)
    assert (len(found), set(found.losses[:, 0])) == (120, {1.0})
    assert [file.name for file in (tmp_path / "losses").iterdir()] == ["0-0.parquet"]


# ---- what is drawn of it


def drawn(lane: Lane, every: EveryLoss, low: float, high: float, view: View) -> list[dict[str, Any]]:
    snapshot = Snapshot(1, Status.PAUSED, None, (lane,))
    return stretch(snapshot, lambda _, first, last: every.between(first, last), low, high, view)


@pytest.mark.parametrize("clock", ["updates", "epochs", "seconds"])
def test_a_burst_between_kept_points_is_drawn_with_its_exact_value_at_its_update(clock: str, tmp_path: Path) -> None:
    losses = np.random.default_rng(0).uniform(0.0001, 0.0002, (60_000, 1))
    losses[BURST_AT - 1] = BURST
    files, place = LossFiles(), tmp_path / "state-1"
    place.mkdir()
    *_, (step, log, curve) = noted(losses)
    lane = lane_at(step, log, curve)
    files.write(tmp_path, place, [lane])
    assert lane.curve.stride == 16
    assert BURST not in lane.curve.losses
    every = read_losses(tmp_path, place, "0", 1, step)
    each = {"updates": 1.0, "epochs": 1 / 25, "seconds": 1 / 800}[clock]
    (close,) = drawn(lane, every, 39_500 * each, 40_500 * each, View(clock=clock))
    at = int(close["y"].argmax())
    assert (close["y"][at], close["customdata"][at]) == (BURST, BURST_AT)
    assert close["x"][at] == pytest.approx(BURST_AT * each)
    assert_array_equal(close["customdata"], np.arange(39_500, 40_501))
    assert close["name"] == "every update"
    (far,) = drawn(lane, every, 5_000 * each, 60_000 * each, View(clock=clock))
    assert BURST in far["y"]
    assert len(far["y"]) <= MOST
    assert far["name"] == "least and greatest of every 28 updates"
    whole = loss_curves(Snapshot(1, Status.PAUSED, None, (lane,)), View(clock=clock))
    assert not any(np.float32(BURST) in trace["y"] for trace in whole["data"] if "fill" not in trace)  # but in the band


def test_what_is_no_number_hides_nothing() -> None:
    losses = np.array([[3.0], [np.nan], [1.0], [np.inf], [2.0]])
    found = EveryLoss(np.arange(1, 6), losses).telling(5)
    assert found.steps.tolist() == [1, 3, 5]
    assert EveryLoss.none().telling(5).steps.tolist() == []


@pytest.mark.usefixtures("own_registry")
def test_a_saved_run_that_is_opened_again_shows_every_update_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnviz.ui.board.layout import Layout
    from nnviz.ui.board.wanted import Wanted
    from nnviz.ui.push import stretches

    monkeypatch.setattr(Keeper.__init__, "__defaults__", (0.0, 0.0))
    monkeypatch.setattr(library_losses, "PART", 16)
    first = SessionRegistry(Environment(runs=str(tmp_path)))
    session = first.open(Session, SMALL.with_(optimizer=Choice.of("adam", lr=0.05)), "ann")
    before = stepped(session, 70)
    assert first.saver is not None
    assert first.saver.flush(20)
    first.close()
    again = SessionRegistry(Environment(runs=str(tmp_path)))
    monkeypatch.setattr(stretches, "registry", lambda: again)
    found = again.reopen(session.id)
    assert found is not None
    snapshot = stepped(found, 10)
    wanted = Wanted(found.id, Layout(), str)

    def close(chart: str, low: float, high: float) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(stretches.closer(wanted, {"id": chart, "n": 3, "low": low, "high": high}))
        return answer["stretch"]  # type: ignore[no-any-return]

    assert (len(close("loss", 20, 75)["data"]), close("loss", 20, 75)["n"]) == (1, 3)
    assert close("weights", 20, 75)["data"] == []
    every = stretches.every_loss(found, snapshot.lanes[0], 1, 80)
    assert_array_equal(every.losses[:70, 0], before.lanes[0].curve.losses)
    assert_array_equal(every.losses[:, 0], snapshot.lanes[0].curve.losses)
    again.close()
