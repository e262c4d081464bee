"""What can be taken away from Train, Race and a model's page: written when it is asked for, as the run is then."""

import json
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnviz.catalog.links import read_planned
from nnviz.records.run import Lane, Snapshot
from nnviz.records.status import Status
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Change
from nnviz.ui import export
from nnviz.ui.registry import registry
from nnviz.ui.taken import taken
from nnviz.words import texts
from tests.runs import wait_for
from tests.test_export_code import printed, same

pytestmark = pytest.mark.usefixtures("own_registry")

ROOT = Path(__file__).resolve().parent.parent
TRAIN, RACE, MODEL = "pages/1_Train.py", "pages/2_Race.py", "pages/56_Autoencoder.py"
SMALL = {"dataset": "moons:size=100", "model": "mlp:hidden=4", "epochs": "0"}
SHORT = {
    "dataset": "moons:size=100",
    "model": "mlp:hidden=4",
    "epochs": "2",
    "lanes": "sgd;momentum;adam",
    "seeds": "2",
}
TWINS = {"beside": "linear", "model": "autoencoder:hidden=8"}
Files = dict[str, Callable[[], bytes]]


def opened(path: str, query: dict[str, str]) -> tuple[AppTest, Session]:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page = page.switch_page(path).run()
    session = registry().find(str(page.query_params["run"]))
    assert session is not None
    return page, session


def stepped(session: Session, updates: int) -> Snapshot:
    session.run.step(updates)
    assert wait_for(lambda: session.snapshot().status != Status.RUNNING and session.snapshot().asked is None)
    return session.snapshot()


def asked(page: AppTest) -> AppTest:
    """Press the button that opens it."""
    page.button(key="export.button").click().run()
    assert not page.exception
    return page


def code_on(page: AppTest) -> str:
    (code,) = [each.value for each in page.code if each.value.startswith('"""A training run')]
    return str(code)


def agrees(code: str, lane: Lane) -> bool:
    """Tell whether a script prints a lane's losses and what it was last measured at."""
    with redirect_stdout(StringIO()) as told:
        exec(code, {"__name__": "__main__"})
    losses, test_loss = printed(told.getvalue())
    mine = dict(zip(lane.curve.steps.tolist(), lane.curve.losses.tolist(), strict=True))
    assert (max(losses), lane.measured[-1].step) == (lane.step, lane.step)
    return same(test_loss, lane.measured[-1].test_loss) and all(
        same(mine[step], each[0]) for step, each in losses.items()
    )


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """Hear what each button would save."""
    found: Files = {}

    def hear(label: str, data: Callable[[], bytes], name: str, *_: object, disabled: bool, **more: Any) -> bool:
        found.pop(name, None)
        if not disabled:
            found[name] = data
        return False

    monkeypatch.setattr(st, "download_button", hear)
    return found


def test_nothing_is_written_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []

    def write(*given: object) -> str:
        calls.append(given)
        return ""

    monkeypatch.setattr(export, "script", write)
    page, _ = opened(TRAIN, SMALL)
    page.run()
    assert (calls, len(page.code)) == ([], 0)
    asked(page)
    assert len(calls) == 1


def test_the_code_of_each_page_prints_the_losses_of_the_lane_that_was_chosen() -> None:
    page, session = opened(TRAIN, SMALL)
    session.turn("optimizer.lr", 0.02)
    stepped(session, 3)
    session.turn("batch_size", 7)
    session.turn("optimizer.beta1", 0.5)
    lanes = {"train": stepped(session, 20).lanes[0]}
    codes = {"train": code_on(asked(page))}
    assert "lr=0.02)" in codes["train"]
    for name, path, query, place in (("race", RACE, SHORT, 5), ("model", MODEL, TWINS, 1)):
        page, session = opened(path, query)
        lanes[name] = stepped(session, 8).lanes[place]
        asked(page)
        page.selectbox(key="export.lane.menu").select(place).run()
        codes[name] = code_on(page)
    assert {name: agrees(codes[name], lanes[name]) for name in codes} == {"train": True, "race": True, "model": True}


def test_lanes_of_the_same_name_are_told_apart_by_their_seeds() -> None:
    page, _ = opened(RACE, SHORT)
    menu = asked(page).selectbox(key="export.lane.menu")
    assert menu.options[:3] == ["SGD, seed 1", "SGD, seed 2", "Momentum, seed 1"]


def test_what_is_saved_is_the_run_as_it_is_when_it_is_saved(files: Files) -> None:
    page, session = opened(TRAIN, SMALL)
    stepped(session, 3)
    asked(page)
    session.turn("optimizer.lr", 0.5)
    lane = stepped(session, 4).lanes[0]
    assert list(files) == ["nnviz-run.py", "nnviz-run.ipynb", "nnviz-run.json", "nnviz-run.csv"]
    assert b"updates = 7 " in files["nnviz-run.py"]()
    found = nbformat.reads(files["nnviz-run.ipynb"]().decode(), as_version=4)
    assert any('3: [("lr", 0.5)]' in cell["source"] for cell in found["cells"])
    plan = read_planned(json.loads(files["nnviz-run.json"]()))
    assert (plan.spec, plan.journal) == (lane.spec, (Change(3, "optimizer.lr", 0.5),))
    assert files["nnviz-run.csv"]().decode().count("train_batch") == 7


def test_it_stays_open_while_the_page_is_drawn_anew_and_its_code_follows_the_run() -> None:
    page, session = opened(TRAIN, SMALL)
    stepped(session, 2)
    assert "updates = 2 " in code_on(asked(page))
    stepped(session, 3)
    assert "updates = 5 " in code_on(page.run())
    generation, step = session.generation, session.snapshot().lanes[0].step
    del page.session_state["export.open"]  # as when it is closed
    assert len(page.run().code) == 0
    assert (session.generation, session.snapshot().lanes[0].step) == (generation, step)


def test_who_only_watches_takes_the_same_away(files: Files) -> None:
    page, session = opened(TRAIN, SMALL)
    stepped(session, 2)
    mine = code_on(asked(page))
    session.owner = "somebody"
    stranger, _ = opened(TRAIN, {"run": session.id})
    assert stranger.button(key="bar.play").disabled
    assert code_on(asked(stranger)) == mine == files["nnviz-run.py"]().decode().rstrip("\n")


def test_a_run_that_has_not_begun_is_written_to_its_end_and_one_that_is_over_as_it_went() -> None:
    page, session = opened(TRAIN, {**SMALL, "epochs": "3", "batch_size": "20"})
    assert wait_for(lambda: session.snapshot().scene is not None)
    assert "updates = 9  # as many as the run is to do\n" in code_on(asked(page))
    session.play()
    assert wait_for(lambda: session.snapshot().status.is_over)
    assert "updates = 9  # as many as the run is to do\n" in code_on(page.run())
    endless, _ = opened(TRAIN, SMALL)
    assert "updates = 1000  # the run had not begun: as many as you like\n" in code_on(asked(endless))


def test_a_run_that_diverged_is_written_up_to_there() -> None:
    query = {"dataset": "sine", "model": "mlp:hidden=4", "loss": "mse", "optimizer": "sgd:lr=10000", "epochs": "0"}
    page, session = opened(TRAIN, query)
    session.play()
    assert wait_for(lambda: session.snapshot().status == Status.DIVERGED)
    lane = session.snapshot().lanes[0]
    assert agrees(code_on(asked(page)), lane)


def test_code_waits_for_its_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: Files) -> None:
    monkeypatch.setenv("NNVIZ_DATA", str(tmp_path))
    page, _ = opened(TRAIN, {"dataset": "mnist"})
    asked(page)
    assert texts.EXPORT_MISSING in [caption.value for caption in page.caption]
    assert list(files) == ["nnviz-run.json", "nnviz-run.csv"]
    assert json.loads(files["nnviz-run.json"]())["dataset"] == "mnist"
    assert len(page.code) == 1  # the link


def test_what_was_planned_for_later_stays_in_the_code() -> None:
    page, session = opened(TRAIN, {**SMALL, "journal": "4@*:optimizer.lr:0.5;90@*:batch_size:8.0"})
    stepped(session, 6)
    plan, length = taken(session, session.snapshot(), 0)
    assert plan.journal == (Change(4, "optimizer.lr", 0.5), Change(90, "batch_size", 8.0))
    assert length == (6, "here")
    assert "batch_sizes = {90: 8}\n" in code_on(asked(page))
