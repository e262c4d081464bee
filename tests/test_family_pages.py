"""The models' pages under AppTest: real runs behind a real script run, without a browser."""

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog import MODELS, optimizers_of, pictures
from nnviz.catalog.data import Data
from nnviz.catalog.links import read_experiment
from nnviz.records.status import Status
from nnviz.sessions.model import ModelSession
from nnviz.specs.experiment import Choice
from nnviz.specs.pairing import Pairing
from nnviz.training import Experiment
from nnviz.ui.families.card import code_of
from nnviz.ui.families.menu import PAGES
from nnviz.ui.registry import registry
from nnviz.ui.tries import Try
from nnviz.words.models import page as words
from tests.tab import boards_on

pytestmark = pytest.mark.usefixtures("few_pictures", "own_registry")

ROOT = Path(__file__).resolve().parent.parent
FEW = 128, 40  # pictures, for training and for the test


@pytest.fixture
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a few pictures of each set: what a page shows is the same, and networks of many layers are judged sooner."""
    whole = pictures._first

    def first(data: Data, train: int, test: int | None = None) -> Data:
        return whole(data, min(train, FEW[0]), FEW[1])

    monkeypatch.setattr(pictures, "_first", first)


def opened(path: str, query: dict[str, str] | None = None) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in (query or {}).items():
        page.query_params[key] = value
    return page.switch_page(path).run()


def open_family(name: str, query: dict[str, str] | None = None) -> AppTest:
    page = opened(PAGES[name].path, query)
    settled(page, name, Status.READY)
    return page.run()


def session_of(page: AppTest, name: str) -> ModelSession:
    session = registry().find(page.session_state[f"{name}.session"], ModelSession)
    assert session is not None
    return session


def settled(page: AppTest, name: str, status: Status) -> None:
    session = session_of(page, name)
    for _ in range(600):
        snapshot = session.snapshot()
        if snapshot.status == status and snapshot.scene is not None:
            return
        session.run.join(0.05)
    raise AssertionError(f"{session.snapshot().status} instead of {status}")


def stepped(page: AppTest, name: str) -> AppTest:
    page.button(key="bar.step").click().run()
    settled(page, name, Status.PAUSED)
    return page.run()


def cards(page: AppTest) -> dict[str, dict[str, Any]]:
    assert not page.exception
    sent = [json.loads(board.proto.bytes) for board in boards_on(page)]
    return {card["id"]: card for payload in sent for card in payload["charts"]}


def said(page: AppTest) -> list[str]:
    assert not page.exception
    return [str(warning.value) for warning in page.warning]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_with_its_usual_settings_and_charts_and_everything_to_try_can_be_set_up_and_trains(
    name: str,
) -> None:
    page = open_family(name)
    widgets = [*page.slider, *page.select_slider, *page.selectbox, *page.number_input, *page.toggle, *page.text_input]
    assert [widget.label for widget in widgets if not widget.help] == []
    page = stepped(page, name)
    assert said(page) == []
    assert session_of(page, name).plan == Pairing(MODELS[name].usual, MODELS[name].beside)
    shown = cards(page)
    assert len(set(PAGES[name].own) & set(shown)) >= 2  # some suit other data than the usual
    assert [card["error"] for card in shown.values() if "error" in card] == []
    assert {lane.step for lane in session_of(page, name).snapshot().lanes} == {1}
    for each in (each for each in PAGES[name].tries if "mnist" not in each.edit(MODELS[name].usual).dataset.name):
        set_up(page, name, each)


def set_up(page: AppTest, name: str, each: Try) -> None:
    """Press a card, and see that it trains; then it pauses, for the next one's sake."""
    page.button(key=f"try.{each.label}").click().run()
    session = session_of(page, name)
    assert session.plan == Pairing(each.edit(MODELS[name].usual), each.beside), each.label
    for _ in range(600):
        if all(lane.step > 0 for lane in session.snapshot().lanes):
            break
        session.run.join(0.05)
    session.pause()
    assert all(lane.step > 0 for lane in session.snapshot().lanes), each.label
    assert said(page.run()) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_link_brings_back_settings_and_twin_and_every_players_learning_rate_turns_all_lanes(name: str) -> None:
    twins = ["", *MODELS[name].twins]
    plan = Pairing(MODELS[name].usual.with_(seed=7, batch_size=32), twins[-1])
    page = open_family(name, plan.to_query())
    session = session_of(page, name)
    assert session.plan == plan
    for field, choice in optimizers_of(session.spec).items():
        start = "live" if field == "optimizer" else f"live.{field}"
        page.select_slider(key=f"{start}.{choice.name}.lr").set_value(0.001).run()
    page = stepped(page, name)
    for lane in session.snapshot().lanes:
        assert {lane.knobs[f"{field}.lr"] for field in optimizers_of(lane.spec)} == {0.001}


@pytest.mark.parametrize("name", [name for name in PAGES if MODELS[name].twins])
def test_every_twin_can_be_put_beside_and_taken_away(name: str) -> None:
    page = open_family(name, {**MODELS[name].usual.to_query(), "beside": ""})
    session = session_of(page, name)
    for twin, found in MODELS[name].twins.items():
        assert len(session.snapshot().lanes) == 1
        page.segmented_control(key=f"family.{name}.beside").select(twin).run()
        own, other = session.snapshot().lanes
        assert (found.name(own.spec), found.label) == (own.label, other.label)
        assert own.label != other.label
        assert other.spec == found.edit(own.spec)
        assert dict(page.query_params)["beside"] in (twin, [twin])
        page.segmented_control(key=f"family.{name}.beside").select("").run()
        assert len(session.snapshot().lanes) == 1


def test_large_pictures_come_with_few_enough_for_testing_and_the_settings_that_suit_them(data_folder: Path) -> None:
    page = open_family("googlenet")
    page.selectbox(key="set.dataset").select("mnist").run()
    assert said(page) == []
    spec = session_of(page, "googlenet").spec
    assert spec.dataset == Choice.of("mnist", test_size=1000)
    assert spec.optimizer == MODELS["googlenet"].usual_for["mnist"].optimizer
    page.selectbox(key="set.dataset").select("digits").run()
    assert session_of(page, "googlenet").spec == MODELS["googlenet"].usual


BAD = {
    "another model": ({"model": "mlp"}, "'mlp'"),
    "a twin that is not there": ({"beside": "nonesuch"}, "'nonesuch'"),
    "a data set it cannot take": ({"dataset": "line"}, "'line'"),
}


@pytest.mark.parametrize("why", BAD)
def test_a_bad_link_is_one_sentence_and_the_usual_settings(why: str) -> None:
    query, word = BAD[why]
    page = opened(PAGES["resnet"].path, query)
    (sentence,) = said(page)
    assert word in sentence
    assert session_of(page, "resnet").plan == Pairing(MODELS["resnet"].usual, "plain")


def test_the_overview_leads_to_every_model_with_its_paper() -> None:
    page = opened("pages/5_Architectures.py")
    assert not page.exception
    assert [title.value for title in page.title] == [words.FAMILY["title"]]
    shown = "".join(caption.value for caption in page.caption)
    assert [name for name in PAGES if (paper := MODELS[name].paper) and paper.title not in shown] == []
    assert all(MODELS[name].paper for name in PAGES)


def test_on_train_a_family_comes_with_the_settings_that_suit_it() -> None:
    page = opened("pages/1_Train.py")
    for name in PAGES:
        page.selectbox(key="set.model").select(name).run()
        assert said(page) == []
        query = {key: str(value) for key, value in page.query_params.items() if key != "run"}
        spec = read_experiment(query)
        usual = MODELS[name].usual_for.get(spec.dataset.name, MODELS[name].usual)
        assert (spec.model, spec.optimizer, spec.second_optimizer) == (
            MODELS[name].usual.model,
            usual.optimizer,
            usual.second_optimizer,
        )
        page.selectbox(key="set.model").select("mlp").run()
        assert said(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_the_code_on_a_card_runs_by_itself_and_is_the_network(name: str) -> None:
    for network in MODELS[name].networks:
        code = code_of(network)
        assert "nnviz" not in code
        alone: dict[str, Any] = {"__name__": "alone"}
        exec(code, alone)  # the repository's own file
        assert inspect.signature(alone[network.__name__]) == inspect.signature(network)


@pytest.mark.parametrize("name", PAGES)
def test_every_family_can_race_with_itself_under_two_optimizers(name: str) -> None:
    query = {**MODELS[name].usual.to_query(), "lanes": "sgd:lr=0.001;adam:lr=0.001"}
    page = opened("pages/2_Race.py", query)
    assert said(page) == []
    session = registry().find(page.session_state["race.session"])
    assert session is not None
    page.button(key="bar.step").click().run()
    for _ in range(600):
        if session.snapshot().status == Status.PAUSED:
            break
        session.run.join(0.05)
    assert [lane.step for lane in session.snapshot().lanes] == [1, 1]
    assert [card["error"] for card in cards(page.run()).values() if "error" in card] == []


@pytest.mark.parametrize(
    ("page", "model", "count"),
    [
        ("densenet", Choice("densenet"), 46_362),
        ("densenet", Choice("resnet"), 117_474),
        ("densenet", Choice.of("densenet", growth_rate=4), 12_266),
        ("googlenet", Choice.of("googlenet", width=64), 44_202),
        ("googlenet", Choice.of("googlenet", plain="on"), 103_338),
        ("googlenet", Choice.of("googlenet", width=64, plain="on"), 411_466),
        ("googlenet", Choice.of("googlenet", width=16), 3162),
    ],
)
def test_the_numbers_of_weights_that_a_page_tells_are_those_of_the_networks(
    page: str, model: Choice, count: int
) -> None:
    told = PAGES[page].texts.idea + " ".join(each.text for each in PAGES[page].tries)
    network = Experiment(MODELS[model.name].usual.with_(model=model)).model
    assert f"{count:,}" in told
    assert sum(value.numel() for value in network.parameters()) == count
