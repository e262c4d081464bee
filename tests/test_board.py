"""What the board receives: exact, small, and drawn once for all who look."""

import asyncio
import base64
import gzip
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Match

from nnviz.charts import CHARTS
from nnviz.charts.chart import Chart, View
from nnviz.diagnosis.finding import Finding
from nnviz.records.run import Snapshot
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions import drawings as drawings_module
from nnviz.sessions.drawings import Drawings
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change, Choice, ExperimentSpec
from nnviz.ui.board import message as board_module
from nnviz.ui.board import serving
from nnviz.ui.board.counters import counters
from nnviz.ui.board.layout import Layout, Pick
from nnviz.ui.board.message import chosen, drawn, known, offers
from nnviz.ui.board.payload import encode
from nnviz.ui.scales import log_scale, step_size
from nnviz.ui.standing import standing
from nnviz.ui.visitor import name_from_cookie
from nnviz.words import texts
from nnviz.words.language import Message
from tests.runs import wait_for

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
    assert decoded([np.array([1, 2])]) == [[1, 2]]


def test_numbers_that_are_not_finite_become_null() -> None:
    assert decoded([1.0, float("nan"), float("inf"), np.float32("nan")]) == [1.0, None, None, None]


@pytest.fixture(scope="module")
def trained() -> Run:
    run = Run((MOONS,))
    run.apply(Change(3, "optimizer.lr", 0.001))
    run.start()
    assert run.join(60)
    return run


def sent(snapshot: Snapshot, session: Session | None = None) -> Any:
    return json.loads(drawn(session or Session(MOONS, "ann", Pool()), snapshot, Layout()).message())


def test_a_board_has_a_card_for_each_chart_that_fits(trained: Run) -> None:
    snapshot = trained.snapshot()
    charts = sent(snapshot)["charts"]
    assert [card["id"] for card in charts] == chosen(snapshot)
    assert "field" in chosen(snapshot)
    assert "gallery" not in chosen(snapshot)
    assert all(card["label"] and card["help"] and "figure" in card for card in charts)


def test_a_reader_sees_the_chosen_charts_in_their_order_as_far_as_they_fit_the_run(trained: Run) -> None:
    snapshot = trained.snapshot()
    layout = Layout(pick=Pick("seen.charts", ("weights", "gallery", "loss")))  # no pictures here
    assert chosen(snapshot, layout) == ["weights", "loss"]
    listed = offers(snapshot, layout)
    assert [offer["id"] for offer in listed if offer["on"]] == ["weights", "loss"]
    assert {offer["id"] for offer in listed} == set(chosen(snapshot))
    nothing = Layout(pick=Pick("seen.charts", ("gallery",)))
    assert chosen(snapshot, nothing) == chosen(snapshot)
    assert all(offer["on"] for offer in offers(snapshot, nothing))


def test_each_of_two_boards_shows_its_share_of_the_chosen_charts(trained: Run) -> None:
    snapshot = trained.snapshot()
    pick = Pick("seen.charts", ("weights", "loss"), among=("field", "loss", "weights"))
    assert chosen(snapshot, Layout(("field",), pick=pick)) == []
    assert chosen(snapshot, Layout(("loss", "weights"), pick=pick)) == ["weights", "loss"]
    assert [offer["id"] for offer in offers(snapshot, Layout(("field",), pick=pick))] == ["weights", "loss", "field"]


def test_names_of_no_chart_are_left_out() -> None:
    assert known(["loss", "nonsense", "leaderboard", "loss"]) == ("loss", "leaderboard")


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
    told = sent(replace(trained.snapshot(), status=status, message=None))["status"]
    assert told["text"] == texts.STATUS[str(status)].format(step=trained.snapshot().lanes[0].step)


def test_a_lost_twin_is_named_beside_what_the_other_does(trained: Run) -> None:
    snapshot = replace(trained.snapshot(), status=Status.RUNNING, message=None)
    (lane,) = snapshot.lanes
    plain = lane.spec.with_(activation=Choice("identity"))
    lost = replace(lane, label="Plain", spec=plain, racer=1, status=Status.DIVERGED, step=7, message=None)
    pair = replace(snapshot, lanes=(lane, lost))
    told = "Plain diverged at update 7."
    assert standing(pair)["text"] == f"Training. {told} A lower learning rate and Reset bring it back."
    over = replace(pair, status=Status.DONE)
    assert standing(over, is_watched=True)["text"] == f"Finished: all epochs are trained. {told}"
    gone = standing(replace(pair, status=Status.DIVERGED, lanes=(lost, lost)))
    assert gone == {"kind": "bad", "text": texts.STATUS["all_diverged"]}


def test_who_only_watches_is_not_told_to_press_anything(trained: Run) -> None:
    for status in Status:
        said = standing(replace(trained.snapshot(), status=status, message=None), is_watched=True)["text"]
        assert not re.search("[Pp]ress|Play|Reset", said), said


def test_a_reason_goes_before_the_general_sentence(trained: Run) -> None:
    told = sent(replace(trained.snapshot(), status=Status.FAILED, message=Message("No disk.")))["status"]
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
    session, snapshot = Session(MOONS, "ann", Pool()), trained.snapshot()
    first = sent(snapshot, session)["charts"]
    second = sent(replace(snapshot, version=snapshot.version + 1), session)["charts"]
    assert drawn == ["loss", "accuracy", "weights", "loss"]
    assert [card["stamp"] for card in first] == [card["stamp"] for card in second]
    (lane,) = snapshot.lanes
    sent(replace(snapshot, lanes=(replace(lane, records=lane.records[:-1]),)), session)
    assert drawn[4:] == ["loss", "accuracy", "weights"] or drawn[4:] == ["accuracy", "weights"]


@pytest.fixture
def session() -> Session:
    return Session(MOONS, "ann", Pool())


def settled(session: Session, status: Status) -> None:
    """Wait until the session's run stands where it should, looking as a page does."""
    for _ in range(600):
        if session.snapshot().status == status:
            return
        session.run.join(0.05)
    raise AssertionError(f"{session.snapshot().status} instead of {status}")


def test_the_same_version_is_drawn_once_for_all(session: Session) -> None:
    draws = iter([b"first", b"second"])
    got = [session.drawings.drawing("view", stamp, lambda: next(draws)) for stamp in ("1", "1", "2")]
    assert got == [b"first", b"first", b"second"]


def test_only_so_many_drawings_are_kept(session: Session) -> None:
    for tag in range(20):
        session.drawings.drawing(tag, "1", lambda: b"old")
    assert [session.drawings.drawing(tag, "1", lambda: b"new") for tag in (19, 0)] == [b"old", b"new"]


def test_what_was_asked_for_lately_outlasts_what_was_drawn_later() -> None:
    drawings = Drawings()
    for tag in range(8):
        drawings.drawing(tag, "1", lambda: b"old")
    drawings.drawing(0, "1", lambda: b"new")
    drawings.drawing(8, "1", lambda: b"old")
    assert [drawings.drawing(tag, "1", lambda: b"new") for tag in (0, 1)] == [b"old", b"new"]


def test_a_run_that_goes_on_is_judged_once_a_second_and_at_once_where_it_rests_or_something_is_turned(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, judged = iter([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 3.0]), []

    def judge(snapshot: Snapshot) -> list[Finding]:
        judged.append(snapshot.version)
        return []

    monkeypatch.setattr(board_module, "findings", judge)
    monkeypatch.setattr(drawings_module, "monotonic", lambda: next(clock))
    session.run.step(1)
    settled(session, Status.PAUSED)
    rest = session.snapshot()
    session.turn("optimizer.lr", 0.2)
    assert wait_for(lambda: session.snapshot().lanes[0].marks)
    lanes, live = session.snapshot().lanes, Status.RUNNING
    versions = [
        replace(rest, version=101, status=live),  # at 0 s
        replace(rest, version=102, status=live),  # at 0.5 s
        replace(rest, version=103, status=live, lanes=lanes),  # at once: something was turned
        replace(rest, version=104, status=live, lanes=lanes),
        replace(rest, version=105, status=live, lanes=lanes),  # a second later
        replace(rest, version=106, lanes=lanes),
        replace(rest, version=107, lanes=lanes),
    ]
    for snapshot in versions:
        drawn(session, snapshot, Layout(has_diagnosis=True))
    assert judged == [101, 103, 105, 106, 107]


def test_a_fresh_run_keeps_turned_knobs_and_the_old_curve(session: Session) -> None:
    session.step()
    settled(session, Status.PAUSED)
    session.turn("optimizer.lr", 0.01)
    session.restart_with(lambda spec: spec.with_(model=Choice.of("mlp", hidden="4")))
    snapshot = session.snapshot()
    assert str(session.present_spec(snapshot).optimizer) == "adam:lr=0.01"
    assert [lane.step for lane in snapshot.ghosts] == [1]


def test_an_earlier_run_that_is_kept_stays_over_further_fresh_runs_until_it_is_let_go_or_compares_no_more(
    session: Session,
) -> None:
    def fresh(**changes: object) -> list[int]:
        """Do one update more than the run before did, then start afresh; return what stands behind the new one."""
        steps = session.snapshot().lanes[0].step
        for _ in range(len(made) + 1 - steps):
            session.step()
        settled(session, Status.PAUSED)
        made.append(session.snapshot().lanes[0].step)
        session.restart_with(lambda spec: spec.with_(**changes))
        return [lane.step for lane in session.snapshot().ghosts]

    made: list[int] = []
    session.pin(True)  # there is nothing to keep yet
    assert fresh(seed=2) == [1]
    assert not session.is_pinned
    session.pin(True)
    assert fresh(seed=3) == fresh(seed=4) == [1]
    session.pin(False)
    assert fresh(seed=5) == [4]
    session.pin(True)
    assert fresh(dataset=Choice("circles")) == []
    assert not session.is_pinned
    assert fresh(seed=6) == [6]


def test_a_ghost_of_other_data_does_not_appear(session: Session) -> None:
    session.step()
    settled(session, Status.PAUSED)
    session.restart_with(lambda spec: spec.with_(dataset=Choice("circles")))
    assert session.snapshot().ghosts == ()


def test_a_running_run_goes_on_after_a_change_and_a_resting_one_rests(session: Session) -> None:
    session.restart_with(lambda spec: spec.with_(seed=2))
    assert not session.is_going(session.snapshot())
    session.restart_with(lambda spec: spec.with_(epochs=0), is_started=True)
    session.restart_with(lambda spec: spec.with_(seed=3))
    assert session.is_going(session.snapshot())
    session.run.stop()


def test_a_knob_of_a_resting_run_shows_what_was_asked_for(session: Session) -> None:
    assert session.knob("optimizer.lr", session.snapshot()) == 0.003
    session.turn("optimizer.lr", 0.1)
    assert session.knob("optimizer.lr", session.snapshot()) == 0.1


def test_a_browser_keeps_its_name_when_its_cookie_is_masked_anew() -> None:
    token = bytes(range(16))

    def cookie(mask: bytes, of: bytes) -> str:
        return f"2|{mask.hex()}|{bytes(b ^ mask[i % 4] for i, b in enumerate(of)).hex()}|1700000000"

    names = {name_from_cookie(cookie(mask, token)) for mask in (b"\x00\x01\x02\x03", b"abcd")}
    assert len(names) == 1
    assert name_from_cookie(cookie(b"abcd", token[::-1])) not in names
    assert [name_from_cookie(text) for text in ("", "2|zz|00|1", "2|00000000|000|1")] == [None, None, None]


def answer(name: str, version: str, encodings: str = "") -> Response:
    """Ask for one of the board's files as a browser would."""
    params, headers = {"name": name, "version": version}, [(b"accept-encoding", encodings.encode())]
    request = Request({"type": "http", "method": "GET", "headers": headers, "path_params": params})
    with ThreadPoolExecutor(1) as other:  # a browser that tests have opened keeps a loop in this thread
        return other.submit(asyncio.run, serving.send(request)).result()


def test_a_file_is_kept_for_ever_at_the_address_that_names_its_content() -> None:
    fresh, stale = answer("board.js", serving.version()), answer("board.js", "0123456789ab")
    assert "immutable" in fresh.headers["cache-control"]
    assert stale.headers["cache-control"] == "no-cache"
    assert fresh.headers["content-type"].startswith("text/javascript")
    assert answer("style.css", serving.version()).headers["content-type"].startswith("text/css")


def test_only_the_board_s_own_files_and_the_plot_library_are_served() -> None:
    library = answer("plotly.min.js", serving.version())
    assert isinstance(library, FileResponse)
    assert Path(library.path) == serving.plotly_source()
    assert answer(serving.PLANE, serving.version()).status_code == 200
    for name in ("nothing.js", "../app.py", "..", "plotly.min.js.map", "LICENSE-plotly.js.txt"):
        assert answer(name, serving.version()).status_code == 404


def test_the_part_of_the_plot_library_that_lies_here_is_of_the_same_make_as_the_whole() -> None:
    makes = [
        re.search(r"plotly\.js (?:\(\w+ - minified\) )?v(\d+)\.", path.read_text(encoding="utf-8")[:500])
        for path in (serving.plotly_source(), serving.OTHERS / serving.PLANE)
    ]
    assert len({make and make[1] for make in makes} - {None}) == 1


def test_a_browser_that_can_unpack_is_sent_text_packed_and_a_picture_as_it_is() -> None:
    plain, packed = answer("board.js", serving.version()), answer("board.js", serving.version(), "br, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(bytes(packed.body)) == Path(plain.path).read_bytes()  # type: ignore[attr-defined]
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["content-type"] == plain.headers["content-type"]
    assert "content-encoding" not in answer("way_train_light.gif", serving.version(), "gzip").headers


@pytest.mark.parametrize("base", ["", "classes/nnviz", "/classes/"])
def test_the_address_is_served_wherever_the_app_stands(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    monkeypatch.setattr("streamlit.get_option", lambda name: base)
    files, lines = serving.routes()
    asked = f"/{base.strip('/')}/{serving.address('board.js')}".replace("//", "/")
    match, found = files.matches({"type": "http", "method": "GET", "path": asked})
    assert match == Match.FULL
    assert found["path_params"] == {"version": serving.version(), "name": "board.js"}
    line = f"/{base.strip('/')}/nnviz/live".replace("//", "/")
    assert lines.matches({"type": "websocket", "path": line})[0] == Match.FULL


def test_the_addresses_of_files_change_with_their_content(tmp_path: Path) -> None:
    files = {name: path for name, path in serving.served().items() if path.parent == serving.FOLDER}
    for name, path in files.items():
        (tmp_path / name).write_bytes(path.read_bytes())
    versions = [serving.version(tmp_path)]
    for name in files:
        with (tmp_path / name).open("a") as part:
            part.write("/* changed */")
        versions.append(serving.version(tmp_path))
    assert versions[0] == serving.version()
    assert len(set(versions)) == len(files) + 1 > 5
    assert serving.version() in serving.script_import("board.js")


def test_a_script_imports_what_lies_beside_it_and_nothing_else() -> None:
    own = {name: path for name, path in serving.served().items() if path.parent == serving.FOLDER}
    scripts = {name: path for name, path in own.items() if path.suffix in (".js", ".css")}  # films are no text
    pairs = [
        (name, found)
        for name, path in scripts.items()
        for found in re.findall(r"""(?:from|import)\s*\(?\s*["'`]([^"'`]+)["'`]""", path.read_text(encoding="utf-8"))
    ]
    assert len(pairs) > 15
    assert [pair for pair in pairs if not pair[1].startswith("./") or pair[1][2:] not in scripts] == []


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
