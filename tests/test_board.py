"""What the board receives: exact, small, and drawn once for all who look."""

import base64
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnviz.charts import CHARTS
from nnviz.charts.chart import Chart, View
from nnviz.pool import Pool
from nnviz.records import Snapshot, Status
from nnviz.run import Run
from nnviz.spec import Change, Choice, ExperimentSpec
from nnviz.ui import board as board_module
from nnviz.ui import serving, texts
from nnviz.ui.board import Layout, chosen, counters, message
from nnviz.ui.payload import encode
from nnviz.ui.seats import Seat
from nnviz.ui.visitor import name_from_cookie
from nnviz.ui.widgets import log_scale, step_size

MOONS = ExperimentSpec(dataset=Choice("moons"), epochs=2)


def decoded(value: Any) -> Any:
    return json.loads(encode({"value": value}))["value"]


@pytest.mark.parametrize(
    ("kind", "sent"), [("f4", "f4"), ("f8", "f4"), ("i8", "i4"), ("u1", "u1"), ("i2", "i2")], ids=str
)
def test_an_array_travels_as_typed_base64(kind: str, sent: str) -> None:
    array = np.arange(12, dtype=kind)
    typed = decoded(array)
    assert typed["dtype"] == sent
    assert np.frombuffer(base64.b64decode(typed["bdata"]), "<" + sent).tolist() == array.tolist()


def test_a_table_of_numbers_keeps_its_shape_whatever_its_memory_order() -> None:
    array = np.asfortranarray(np.arange(12, dtype=np.float32).reshape(3, 4))
    typed = decoded(array)
    assert typed["shape"] == "3,4"
    assert np.frombuffer(base64.b64decode(typed["bdata"]), "<f4").tolist() == list(range(12))


def test_words_truths_and_small_arrays_stay_lists() -> None:
    assert decoded(np.array(["a", "b"])) == ["a", "b"]
    assert decoded(np.array([True] * 9)) == [True] * 9
    assert decoded(np.array([0.0, 1.0])) == [0.0, 1.0]
    assert decoded([np.arange(9)]) == [list(range(9))]


def test_numbers_that_are_not_finite_become_null() -> None:
    assert decoded([1.0, float("nan"), float("inf"), np.float32("nan")]) == [1.0, None, None, None]


@pytest.fixture(scope="module")
def trained() -> Run:
    run = Run((MOONS,))
    run.apply(Change(3, "optimizer.lr", 0.001))
    run.start()
    assert run.join(60)
    return run


def sent(snapshot: Snapshot, seat: Seat | None = None) -> Any:
    return json.loads(message(seat or Seat(MOONS, "ann", Pool()), "1", snapshot, Layout()))


def test_a_board_has_a_card_for_each_chart_that_fits(trained: Run) -> None:
    snapshot = trained.snapshot()
    charts = sent(snapshot)["charts"]
    assert [card["id"] for card in charts] == chosen(snapshot)
    assert "field" in chosen(snapshot)
    assert "gallery" not in chosen(snapshot)
    assert all(card["label"] and card["help"] and "figure" in card for card in charts)


def test_a_change_stands_in_the_log(trained: Run) -> None:
    (line,) = sent(trained.snapshot())["log"]
    assert line.startswith("3: ")


def test_the_numbers_above_the_charts_are_the_run_s_own(trained: Run) -> None:
    snapshot = trained.snapshot()
    shown = {counter["id"]: counter["value"] for counter in counters(snapshot)}
    lane = snapshot.lanes[0]
    assert shown["step"] == str(lane.step)
    assert shown["epoch"] == "2.00 / 2"
    assert shown["train_loss"] == f"{lane.records[-1].train_loss:.4f}"
    assert shown["test_accuracy"] == f"{100 * (lane.records[-1].test_accuracy or 0):.1f} %"


def test_a_regression_shows_no_accuracy() -> None:
    run = Run((ExperimentSpec(dataset=Choice("sine"), loss=Choice("mse"), epochs=1),))
    run.start()
    assert run.join(60)
    assert "test_accuracy" not in {counter["id"] for counter in counters(run.snapshot())}


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_every_status_has_a_sentence(trained: Run, status: Status) -> None:
    told = sent(replace(trained.snapshot(), status=status, message=""))["status"]
    assert told["text"] == texts.STATUS[str(status)]


def test_a_reason_goes_before_the_general_sentence(trained: Run) -> None:
    told = sent(replace(trained.snapshot(), status=Status.FAILED, message="No disk."))["status"]
    assert told == {"kind": "bad", "text": "No disk."}


def test_a_chart_that_fails_leaves_the_others(trained: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(snapshot: object, view: View) -> dict[str, Any]:
        raise ValueError("no numbers")

    monkeypatch.setattr(board_module, "CHARTS", {"broken": Chart("Broken", broken, "Fails."), **CHARTS})
    first, second, *_ = sent(trained.snapshot())["charts"]
    assert first["error"] == "ValueError: no numbers"
    assert "figure" in second


def test_only_charts_whose_source_changed_are_drawn_again(trained: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def noted(name: str) -> Chart:
        def draw(snapshot: Snapshot, view: View) -> Any:
            drawn.append(name)
            return CHARTS[name].draw(snapshot, view)

        return replace(CHARTS[name], draw=draw)

    monkeypatch.setattr(board_module, "CHARTS", {name: noted(name) for name in ("loss", "accuracy", "weights")})
    seat, snapshot = Seat(MOONS, "ann", Pool()), trained.snapshot()
    first = sent(snapshot, seat)["charts"]
    second = sent(replace(snapshot, version=snapshot.version + 1), seat)["charts"]
    assert drawn == ["loss", "accuracy", "weights", "loss"]
    assert [card["stamp"] for card in first] == [card["stamp"] for card in second]
    (lane,) = snapshot.lanes
    sent(replace(snapshot, lanes=(replace(lane, records=lane.records[:-1]),)), seat)
    assert drawn[4:] == ["loss", "accuracy", "weights"] or drawn[4:] == ["accuracy", "weights"]


@pytest.fixture
def seat() -> Seat:
    return Seat(MOONS, "ann", Pool())


def settled(seat: Seat, status: Status) -> None:
    """Wait until the seat's run stands where it should, looking as a page does."""
    for _ in range(600):
        if seat.snapshot().status == status:
            return
        seat.run.join(0.05)
    raise AssertionError(f"{seat.snapshot().status} instead of {status}")


def test_the_same_version_is_drawn_once_for_all(seat: Seat) -> None:
    draws = iter([b"first", b"second"])
    got = [seat.drawing("view", stamp, lambda: next(draws)) for stamp in ("1", "1", "2")]
    assert got == [b"first", b"first", b"second"]


def test_only_so_many_drawings_are_kept(seat: Seat) -> None:
    for tag in range(20):
        seat.drawing(tag, "1", lambda: b"old")
    assert [seat.drawing(tag, "1", lambda: b"new") for tag in (19, 0)] == [b"old", b"new"]


def test_a_fresh_run_keeps_turned_knobs_and_the_old_curve(seat: Seat) -> None:
    seat.step()
    settled(seat, Status.PAUSED)
    seat.turn("optimizer.lr", 0.01)
    seat.restart_with(lambda spec: spec.with_(model=Choice.of("mlp", hidden="4")))
    snapshot = seat.snapshot()
    assert str(seat.present_spec(snapshot).optimizer) == "adam:lr=0.01"
    assert [lane.step for lane in snapshot.ghosts] == [1]


def test_a_ghost_of_other_data_does_not_appear(seat: Seat) -> None:
    seat.step()
    settled(seat, Status.PAUSED)
    seat.restart_with(lambda spec: spec.with_(dataset=Choice("circles")))
    assert seat.snapshot().ghosts == ()


def test_a_running_run_goes_on_after_a_change_and_a_resting_one_rests(seat: Seat) -> None:
    seat.restart_with(lambda spec: spec.with_(seed=2))
    assert not seat.is_going(seat.snapshot())
    seat.restart_with(lambda spec: spec.with_(epochs=0), is_started=True)
    seat.restart_with(lambda spec: spec.with_(seed=3))
    assert seat.is_going(seat.snapshot())
    seat.run.stop()


def test_a_knob_of_a_resting_run_shows_what_was_asked_for(seat: Seat) -> None:
    assert seat.knob("optimizer.lr", seat.snapshot()) == 0.003
    seat.turn("optimizer.lr", 0.1)
    assert seat.knob("optimizer.lr", seat.snapshot()) == 0.1


def test_a_browser_keeps_its_name_when_its_cookie_is_masked_anew() -> None:
    token = bytes(range(16))

    def cookie(mask: bytes, of: bytes) -> str:
        return f"2|{mask.hex()}|{bytes(b ^ mask[i % 4] for i, b in enumerate(of)).hex()}|1700000000"

    names = {name_from_cookie(cookie(mask, token)) for mask in (b"\x00\x01\x02\x03", b"abcd")}
    assert len(names) == 1
    assert name_from_cookie(cookie(b"abcd", token[::-1])) not in names
    assert [name_from_cookie(text) for text in ("", "2|zz|00|1", "2|00000000|000|1")] == [None, None, None]


def test_the_plot_library_is_copied_once_and_renewed_when_it_differs(tmp_path: Path) -> None:
    assert serving.provide_plotly(tmp_path) is None
    target = tmp_path / "plotly.min.js"
    first = target.stat().st_mtime_ns
    assert serving.provide_plotly(tmp_path) is None
    assert target.stat().st_mtime_ns == first
    target.write_text("old")
    assert serving.provide_plotly(tmp_path) is None
    assert target.read_bytes() == serving.plotly_source().read_bytes()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.touch()
    assert serving.provide_plotly(blocked) == blocked / "plotly.min.js"


def test_the_addresses_of_scripts_change_with_their_content() -> None:
    assert serving.board_version() in serving.board_import()
    assert serving.fingerprint(serving.plotly_source()) in serving.board_import()


def test_each_part_of_the_board_counts_for_its_address(tmp_path: Path) -> None:
    scripts = sorted(serving.STATIC.glob("nnviz_*.js"))
    for script in scripts:
        (tmp_path / script.name).write_bytes(script.read_bytes())
    versions = [serving.board_version(tmp_path)]
    for script in scripts:
        with (tmp_path / script.name).open("a") as part:
            part.write("// changed")
        versions.append(serving.board_version(tmp_path))
    assert versions[0] == serving.board_version()
    assert len(set(versions)) == len(scripts) + 1 > 5


def test_every_part_of_the_board_is_asked_for_in_one_version() -> None:
    sources = {script.name: script.read_text(encoding="utf-8") for script in serving.STATIC.glob("nnviz_*.js")}
    assert [name for name, source in sources.items() if re.search(r"^import .*from", source, re.MULTILINE)] == []
    imports = [line for source in sources.values() for line in re.findall(r"import\(`[^`]*`\)", source)]
    assert len(imports) > 3
    assert all(re.search(r"\.js\$\{(SEARCH|ADDRESS\.search)\}", line) for line in imports)


def test_a_log_scale_goes_1_3_10_and_holds_odd_values_too() -> None:
    assert log_scale(0.001, 0.1, 0.02) == [0.001, 0.003, 0.01, 0.02, 0.03, 0.1]
    assert log_scale(0.0, 0.0001)[:2] == [0.0, 1e-05]


@pytest.mark.parametrize(
    ("low", "high", "default"), [(0, 1, 0.2), (0, 0.9999, 0.999), (20, 2000, 500), (0, 0.1, 0.004)]
)
def test_a_slider_stops_at_its_default(low: float, high: float, default: float) -> None:
    step = step_size(low, high, default)
    assert round(default / step) * step == pytest.approx(default)
    assert (high - low) / step >= 50
