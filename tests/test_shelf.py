"""The page of saved runs: whose they are, what can be done with them, and what it says where there are none."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zlib import crc32

import pytest
import safetensors.torch
from streamlit.testing.v1 import AppTest

from nnviz.catalog.links import read_planned
from nnviz.charts import figure
from nnviz.charts.chart import View
from nnviz.charts.palette import RUN_COLOURS, lane_styles, run_styles
from nnviz.export.files import FILES, download
from nnviz.export.kept import KeptRun
from nnviz.library.library import Library
from nnviz.library.naming import settings_of
from nnviz.library.saved import COLOURS
from nnviz.records.run import Curve, Lane, Snapshot
from nnviz.records.status import Status
from nnviz.runs.keeper import Keeper
from nnviz.sessions.branches import fork
from nnviz.sessions.race import RaceSession
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice
from nnviz.specs.race import RaceSpec
from nnviz.training import Experiment
from nnviz.ui.compared import _lane, as_markdown, beside, come_closer, differing, styles_of, table
from nnviz.ui.environment import environment
from nnviz.ui.registry import registry
from nnviz.ui.shelf import name_of
from nnviz.ui.shelf_files import _name_of, _written, opened, read_settings
from nnviz.ui.swatch import swatch
from nnviz.words.library import LIBRARY
from tests.branched import stepped
from tests.runs import SMALL, wait_for
from tests.test_library import example, saved_by
from tests.test_library import opened as opened_on
from tests.test_pages import ROOT

pytestmark = pytest.mark.usefixtures("own_registry")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Keeper.__init__, "__defaults__", (0.0, 0.0))


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("NNVIZ_RUNS", str(tmp_path))
    environment.clear()
    yield tmp_path
    environment.clear()


def open_runs(visitor: str = "ann") -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.session_state["visitor"] = visitor
    return page.switch_page("pages/6_Runs.py").run()


def trained(owner: str, updates: int, seed: int = 1) -> Session:
    session = registry().open(Session, SMALL.with_(seed=seed), owner)
    stepped(session, updates)
    saver = registry().saver
    assert saver is not None
    assert saver.flush(20)
    return session


def said(page: AppTest) -> list[str]:
    assert not page.exception
    return [str(part.value) for part in (*page.info, *page.warning)]


def rows(page: AppTest) -> list[tuple[object, ...]]:
    assert not page.exception
    (table,) = page.dataframe
    return list(table.value[["what", "name", "step", "pinned"]].itertuples(index=False, name=None))


def test_without_runs_it_says_how_to_get_some(place: Path) -> None:
    assert said(open_runs()) == [LIBRARY["none"]]


def test_a_server_that_keeps_none_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNVIZ_RUNS", "off")
    environment.clear()
    assert said(open_runs()) == [LIBRARY["off"]]
    environment.clear()


def test_a_browser_that_cannot_be_told_from_others_has_no_list(place: Path) -> None:
    trained("anyone", 5)
    assert said(open_runs("anyone")) == [LIBRARY["anyone"]]


def test_each_browser_lists_its_own_runs_the_newest_first(place: Path) -> None:
    for owner, updates, seed in (("ann", 5, 1), ("bob", 6, 2), ("ann", 7, 3)):
        trained(owner, updates, seed)
    what = "Moons · MLP 4 · Adam 0.01"
    assert rows(open_runs()) == [(what, "", 7, False), (what, "", 5, False)]
    assert rows(open_runs("bob")) == [(what, "", 6, False)]


def test_a_browser_that_wants_none_kept_can_say_so_and_take_it_back(place: Path) -> None:
    page = open_runs()
    page.toggle(key="shelf.keep").set_value(False).run()
    trained("ann", 5)
    assert said(page.run()) == [LIBRARY["none"]]
    page.toggle(key="shelf.keep").set_value(True).run()
    trained("ann", 5)
    assert len(rows(page.run())) == 1


def test_what_is_put_away_comes_back_by_undo(place: Path) -> None:
    trained("ann", 5)
    saver, page = registry().saver, open_runs()
    assert saver is not None
    (run,) = saver.library.of("ann")
    assert name_of(run, saver.library.label(run.id)) == "Moons · MLP 4 · Adam 0.01, 5 updates"
    assert saver.library.put_away(run.id)
    page.session_state["shelf.away"] = [run.id]
    assert said(page.run()) == [LIBRARY["none"]]
    page.button(key="shelf.undo").click().run()
    assert len(rows(page)) == 1


def test_a_disk_that_takes_nothing_leaves_a_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    page = open_runs()
    monkeypatch.setattr("nnviz.library.library.Library.be_quiet", refuse)
    page.toggle(key="shelf.keep").set_value(False).run()
    assert said(page) == [LIBRARY["none"], "The disk did not take that (Permission denied)."]


def test_a_link_to_a_saved_run_opens_it_where_it_stood(place: Path) -> None:
    session = trained("ann", 8)
    registry().reap(1e18)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.session_state["visitor"] = "ann"
    page.query_params["run"] = session.id
    page.switch_page("pages/1_Train.py").run()
    found = registry().find(session.id)
    assert found is not None
    assert wait_for(lambda: found.snapshot().scene is not None)
    assert found.snapshot().lanes[0].step == 8
    assert not page.warning


def test_a_page_whose_run_was_trained_on_elsewhere_says_what_becomes_of_it(place: Path) -> None:
    session = trained("ann", 8)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.session_state["visitor"] = "ann"
    page.query_params["run"] = session.id
    page.switch_page("pages/1_Train.py").run()
    other = opened_on(place)
    again = other.reopen(session.id)
    assert again is not None
    stepped(again, 3)
    saved_by(other)
    other.close()
    sentence = "This run was trained on elsewhere meanwhile: what is trained here is saved as a run of its own."
    assert not page.run().exception
    assert sentence not in [caption.value for caption in page.caption]
    stepped(session, 2)
    assert len(saved_by(registry()).of("ann")) == 2
    assert sentence in [caption.value for caption in page.run().caption]


def test_a_torn_run_leaves_a_sentence_and_a_page_that_works(place: Path) -> None:
    session = trained("ann", 8)
    registry().reap(1e18)
    for file in place.rglob("state.safetensors"):
        file.write_bytes(file.read_bytes()[:100])
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    page.query_params["run"] = session.id
    page.switch_page("pages/1_Train.py").run()
    assert not page.exception
    assert page.button(key="bar.play").disabled is False


def test_settings_are_told_in_a_few_words() -> None:
    race = {**example(SMALL).query, "lanes": "sgd:lr=0.1;adam", "model": "lstm"}
    run = example(SMALL)
    assert settings_of(run) == "Moons · MLP 4 · Adam 0.01"
    assert settings_of(replace(run, kind="race", query=race)) == "Moons · LSTM · SGD 0.1 · Adam"
    strange = replace(run, query={"dataset": "::", "model": "mlp", "optimizer": str(Choice("sgd"))})
    assert settings_of(strange) == ":: · MLP · SGD"


def test_what_differs_is_exactly_what_is_not_the_same() -> None:
    one, other = SMALL.to_query(), {**SMALL.to_query(), "seed": "7", "journal": "3@*:optimizer.lr:0.1"}
    assert differing([one, other]) == {"journal": ["", "3@*:optimizer.lr:0.1"], "seed": ["1", "7"]}
    assert differing([one, one]) == {}


def test_a_comparison_can_be_copied_and_has_a_baseline() -> None:
    runs = [
        replace(example(SMALL.with_(seed=seed)), figures={"best_test_loss": loss, "test_loss": loss} if loss else {})
        for seed, loss in ((1, 0.5), (2, 0.25), (3, None))
    ]
    rows = table(runs, ["first", "a|b", "none"], 0)
    assert list(rows["seed"]) == ["1", "2", "3"]
    assert list(rows["Best test loss beside first"]) == ["+0.0 %", "-50.0 %", "–"]
    lines = as_markdown(rows).splitlines()
    assert lines[0] == "| Run | seed | Updates | Last test loss | Best test loss | Last accuracy | " + (
        "Best test loss beside first |"
    )
    assert lines[3] == "| a\\|b | 2 | 5 | 0.25 | 0.25 | – | -50.0 % |"
    assert beside([1.0, None], 1) == ["–", "–"]


# ---- colours


def test_a_run_keeps_its_colour_whatever_becomes_of_others_and_the_last_ones_differ(place: Path) -> None:
    for seed in range(4):
        trained("ann", 5, seed)
    trained("bob", 5)
    before = {run.id: run.colour for run in library().of("ann")}
    assert sorted(before.values()) == [0, 1, 2, 3]
    assert [run.colour for run in library().of("bob")] == [0]
    *_, last, first = before
    library().put_away(last)
    trained("ann", 5, 9)
    newest = next(run for run in library().of("ann") if run.id not in before)
    assert newest.colour == 4
    assert library().bring_back(last)
    session = registry().reopen(first)
    assert session is not None
    stepped(session, 5)
    saver = registry().saver
    assert saver is not None
    assert saver.flush(20)
    assert {run.id: run.colour for run in library().of("ann")} == {**before, newest.id: 4}
    again = {run.id: run.colour for run in Library(place).of("ann")}  # as another server reads it
    assert again == {**before, newest.id: 4}
    page = open_runs()
    (shown,) = page.dataframe
    assert list(shown.value["colour"]) == [swatch(run.colour) for run in library().of("ann")]


def test_a_run_is_drawn_in_its_colour_beside_whichever_others_and_a_dash_tells_those_with_the_same() -> None:
    runs = [
        replace(example(SMALL), id=f"run-{number}", created=f"2026-01-0{number}", colour=colour)
        for number, colour in ((1, 2), (2, 5), (3, 2))
    ]
    every, two = styles_of(runs), styles_of([runs[2], runs[1]])
    assert [every[run.id].colour for run in runs] == [RUN_COLOURS[run.colour] for run in runs]
    assert {name: look.colour for name, look in two.items()} == {name: every[name].colour for name in two}
    assert [every[run.id].dash for run in runs] == ["solid", "solid", "dash"]
    assert styles_of(runs[::-1]) == every
    assert len(set(run_styles([7] * 8))) == 8
    lanes = [Lane(run.id, SMALL, Status.PAUSED, None, 0, 0.0, 0.0, Curve.empty(), (), racer=place, look=every[run.id])
             for place, run in enumerate(runs)]  # fmt: skip
    assert list(lane_styles(lanes)) == [every[run.id] for run in runs]
    assert len(RUN_COLOURS) == COLOURS


def test_a_run_of_before_there_were_colours_has_one_that_is_always_the_same(place: Path) -> None:
    trained("ann", 5)
    (run,) = library().of("ann")
    head = place / run.id / "run.json"
    written = json.loads(head.read_text())
    for colour in (None, "2", 99, -1, True):
        head.write_text(json.dumps({**written, "colour": colour} if colour else {**written, "colour": -1}))
        (found,) = library().of("ann")
        assert found.colour == crc32(run.id.encode()) % COLOURS


def test_a_stretch_of_a_comparison_is_drawn_from_every_update_of_each_run(place: Path) -> None:
    sessions = [trained("ann", 60, seed) for seed in (1, 2)]
    runs = library().of("ann")[::-1]
    looks = styles_of(runs)
    lanes = tuple(_lane(library(), at, run, run.id, looks[run.id]) for at, run in enumerate(runs))
    snapshot = Snapshot(0, Status.PAUSED, None, lanes)
    drawn = figure("loss", snapshot, View(log_loss=True))
    before = len(drawn.data)
    come_closer(drawn, library(), runs, snapshot, 20, 40)
    for session, run, trace in zip(sessions, runs, drawn.data[before:], strict=True):
        losses = session.run.peek().lanes[0].curve.losses
        assert trace.line.color == looks[run.id].colour
        assert trace.x.tolist() == list(range(20, 41))
        assert trace.y.tolist() == losses[19:40].tolist()
    low, high = (10**end for end in drawn.layout.yaxis.range)
    assert all(low <= loss <= high for trace in drawn.data[before:] for loss in trace.y)
    assert list(drawn.layout.xaxis.range) == [20, 40]


# ---- files


def test_settings_from_a_file_open_a_run_that_trains_the_same(place: Path) -> None:
    session = trained("ann", 6)
    session.turn("optimizer.lr", 0.2)
    snapshot = stepped(session, 3)
    query = session.replay(snapshot).to_query()
    for written in (query, {"page": "train", "query": query}):
        page, found = opened(json.dumps(written).encode())
        again = registry().find(found)
        assert page == "pages/1_Train.py"
        assert again is not None
        assert again is not session
        assert stepped(again, 9).lanes[0].curve.losses.tolist() == snapshot.lanes[0].curve.losses.tolist()


def test_a_file_says_which_page_it_is_for() -> None:
    race = RaceSpec(SMALL, (Choice("sgd"), Choice("adam"))).to_query()
    assert read_settings(json.dumps(race).encode())[0] == "race"
    model = {"page": "gan", "query": {"seed": "3"}}
    assert read_settings(json.dumps(model).encode()) == ("gan", {"seed": "3"})


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[]", b"3", b'{"query": 3}', b'{"seed": 3}', b'{"query": {"a": []}}']
)
def test_a_file_without_settings_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(ValueError, match="it holds no settings"):
        opened(data)
    with pytest.raises(ValueError, match="seed must be a whole number"):
        opened(b'{"seed": "soon"}')


def test_a_saved_run_is_taken_away_in_every_form_by_its_owner_alone(place: Path) -> None:
    trained("ann", 6)
    (saved,) = library().of("ann")
    run = KeptRun.of(library(), saved)
    found = {what: download(run, what) for what in FILES}
    assert b"import torch" in found["script"]
    assert json.loads(found["notebook"])["cells"]
    assert found["csv"].startswith(b"lane,")
    assert safetensors.torch.load(found["state"]).keys() == Experiment(SMALL).model.state_dict().keys()
    assert ZipFile(BytesIO(found["tensorboard"])).namelist()
    assert read_settings(found["json"])[1] == dict(saved.query)
    assert _written(saved.id, "script", "ann", str) == found["script"]
    assert _written(saved.id, "script", "bob", str) == LIBRARY["gone"].encode()


def test_a_run_of_several_networks_is_an_archive(place: Path) -> None:
    session = registry().open(RaceSession, RaceSpec(SMALL, (Choice("sgd"), Choice("adam"))), "ann")
    stepped(session, 5)
    saver = registry().saver
    assert saver is not None
    assert saver.flush(20)
    (saved,) = library().of("ann")
    names = ZipFile(BytesIO(download(KeptRun.of(library(), saved), "script"))).namelist()
    assert sorted(names) == ["0-SGD.py", "1-Adam.py"]


def branched(place: Path) -> Session:
    """Train a run, and from its fourth update a branch with another rate and one with another optimizer."""
    session = trained("ann", 8)
    fork(session, 4, {"optimizer.lr": 0.3})
    stepped(session, 3)
    fork(session, 4, {}, Choice("sgd"))
    stepped(session, 2)
    saver = registry().saver
    assert saver is not None
    assert saver.flush(20)
    return session


def test_any_lane_of_a_run_with_branches_is_taken_away(place: Path) -> None:
    session = branched(place)
    (saved,) = library().of("ann")
    lanes = {lane.id: lane for lane in session.run.peek().lanes}
    assert [each["id"] for each in saved.lanes] == list(lanes) == ["0", "1", "2"]
    kept = KeptRun.of(library(), saved)
    for name, lane in lanes.items():
        weights = safetensors.torch.load(_written(saved.id, "state", "ann", str, name))
        start = next(each.start for each in kept.lanes if each.id == name)
        assert start is not None
        assert {value for each in weights.values() for value in each.flatten().tolist()} <= set(
            start.parameters.tolist()
        )
        assert f"{lane.label},{lane.spec.seed},train_batch,".encode() in _written(saved.id, "csv", "ann", str, name)
        assert b"import torch" in _written(saved.id, "script", "ann", str, name)
    _, query = read_settings(_written(saved.id, "json", "ann", str, "1"))
    again = stepped(Session(read_planned(query), "ann", registry().pool), lanes["1"].step).lanes[0]
    assert again.curve.losses.tolist() == lanes["1"].curve.losses.tolist()
    assert b"0.3" in _written(saved.id, "script", "ann", str, "1")
    assert b"SGD(" in _written(saved.id, "script", "ann", str, "2")
    packed = ZipFile(BytesIO(_written(saved.id, "script", "ann", str)))
    assert packed.read("1-Branch-1.py") == _written(saved.id, "script", "ann", str, "1")
    assert read_settings(_written(saved.id, "json", "ann", str))[1] == dict(saved.query)
    names = [_name_of(each, saved.lanes) for each in saved.lanes]
    assert names == ["Run", *(f"Branch {name}, from update {lanes[name].since}" for name in ("1", "2"))]
    with pytest.raises(ValueError, match="there is no lane 'none' alone; choose one of 0-Run, 1-Branch-1, 2-Branch-2"):
        kept.only("none")
    assert kept.only("Branch 1").names == kept.only("1").names == kept.only("1-Branch-1").names == ("1-Branch-1",)


def library() -> Library:
    saver = registry().saver
    assert saver is not None
    return saver.library
