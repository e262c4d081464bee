"""The playground on the home page: what it draws is the network's own, and every control works in every state."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from nnviz.catalog import ACTIVATIONS, weight_target
from nnviz.catalog.openings import FIRST_PLAYGROUND as FIRST
from nnviz.catalog.samples import PLANES, sample
from nnviz.charts.playground import MOST_LAYERS, MOST_UNITS, NETWORKS, SIDE
from nnviz.records.status import Status
from nnviz.runs.pool import Pool
from nnviz.runs.run import Run
from nnviz.sessions.rights import ANYONE
from nnviz.sessions.session import Session
from nnviz.specs.experiment import Choice
from nnviz.training import Experiment
from nnviz.ui.board.play_dials import BATCHES, DECAYS
from nnviz.ui.play_edits import LIVE, check_playable, is_playable, turn
from nnviz.ui.registry import registry
from tests.runs import wait_for
from tests.tab import boards_on

pytestmark = pytest.mark.usefixtures("own_registry")
ROOT = Path(__file__).resolve().parent.parent
TURNS: dict[str, tuple[Any, Any]] = {  # a value for each control, and another
    "optimizer.lr": (0.01, 0.1),
    "batch_size": (2, 6),
    "optimizer.weight_decay": (0, 3),
    "activation": (1, 7),
    "layers": (0, 6),
    "units.0": (1, 8),
    "dataset": ("spiral", "blobs"),
    "dataset.noise": (0.0, 0.31),
    "dataset.size": (20, 1000),
    "lin_1.weight.0.1": (-2.5, 100.0),
}


def opened(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    return page.run()


def session_on(page: AppTest) -> Session:
    session = registry().find(page.session_state["home.session"])
    assert session is not None
    return session


def cards(page: AppTest) -> dict[str, Any]:
    (board,) = boards_on(page)
    return {card["id"]: card for card in json.loads(board.proto.bytes)["charts"]}


@pytest.fixture
def session() -> Session:
    made = Session(FIRST, ANYONE, Pool())
    made.begin(is_started=False)
    assert wait_for(lambda: made.snapshot().scene is not None)
    return made


# ---- what is drawn ----


@pytest.mark.parametrize(
    ("dataset", "loss", "hidden"),
    [("circles", "binary_cross_entropy", "4,2"), ("moons", "cross_entropy", "3"), ("blobs:blobs=5", "mse", "8,1,8")],
)
def test_every_map_and_every_weight_is_the_networks_own(dataset: str, loss: str, hidden: str) -> None:
    spec = FIRST.with_(dataset=Choice.parse(dataset), loss=Choice(loss), model=Choice.of("mlp", hidden=hidden))
    run = Run((spec,))
    try:
        run.step(20)
        assert wait_for(lambda: run.snapshot().lanes[0].step == 20 and run.snapshot().status == Status.PAUSED)
        found = NETWORKS["units"].draw(run.snapshot())
    finally:
        run.stop()
    experiment = Experiment(spec)
    experiment.advance(20)
    weights = [part.weight.detach() for part in experiment.layers]
    assert found["sizes"] == [2, *map(int, hidden.split(",")), len(weights[-1])]
    assert np.array_equal(found["weights"], torch.cat([weight.ravel() for weight in weights]).numpy())
    maps = found["maps"].reshape(-1, SIDE, SIDE).astype(int) - 128
    assert len(maps) == sum(found["sizes"])
    first = np.tanh(by_hand(found, weights[0].numpy(), experiment.layers[0].bias))
    shown = maps[2 : 2 + len(first)] / 127
    assert (
        np.abs(shown * np.abs(first).max() - first).max() < 0.06
    )  # rounded to a byte, cut at the largest half per cent
    if len(weights[-1]) > 1 and loss == "cross_entropy":
        assert np.abs(maps[-2:].sum(axis=0) - 127).max() <= 1  # two probabilities


def by_hand(found: dict[str, Any], weight: Any, bias: Any) -> Any:
    """What goes into the first layer's units at every shown place."""
    full = 48
    every = np.linspace(0, full - 1, SIDE * 2).round().astype(int)
    (left, right), (low, high) = found["x"], found["y"]
    across, up = np.linspace(left, right, full)[every], np.linspace(low, high, full)[every]
    x1, x2 = np.meshgrid(across[::2], up[::2])
    return weight[:, 0, None, None] * x1 + weight[:, 1, None, None] * x2 + bias.detach().numpy()[:, None, None]


def test_a_network_that_is_not_measured_yet_has_units_without_maps() -> None:
    found = NETWORKS["units"].draw(Run((FIRST,)).peek(0))
    assert found["sizes"][:3] == [2, 4, 2]
    assert len(found["maps"]) == len(found["weights"]) == 0


@pytest.mark.parametrize("name", PLANES)
def test_the_picture_of_a_data_set_shows_all_its_classes_and_is_always_the_same(name: str) -> None:
    once, again = sample(name), sample(name)
    assert np.array_equal(once.points, again.points)
    assert np.abs(once.points).max() == 1
    assert len(np.unique(once.classes)) == (3 if name == "blobs" else 2)


# ---- what a hand does ----


def state(session: Session, wanted: str) -> None:
    if wanted == "diverged":
        session.restart(session.spec.with_(optimizer=Choice.of("sgd", lr=1e4), loss=Choice("mse"),
                                           activation=Choice("identity")), is_started=True)  # fmt: skip
        assert wait_for(lambda: session.snapshot().status == Status.DIVERGED)
    if wanted in ("training", "paused"):
        session.play()
        assert wait_for(lambda: session.snapshot().lanes[0].step > 3)
    if wanted == "paused":
        session.pause()
        assert wait_for(lambda: session.snapshot().status == Status.PAUSED)


@pytest.mark.parametrize("wanted", ["fresh", "training", "paused", "diverged"])
@pytest.mark.parametrize("name", TURNS)
def test_every_control_works_in_every_state(session: Session, name: str, wanted: str) -> None:
    state(session, wanted)
    is_weight, before = name.startswith("lin_"), session.generation
    for value in TURNS[name]:
        turn(session, name, value)
        if wanted == "diverged":  # with the same rate it may well diverge again
            assert (session.generation > before) != is_weight
        else:
            assert session.is_going(session.snapshot()) == (wanted == "training")
        if name == "dataset":
            assert session.spec.dataset.name == value
    assert is_playable(session.spec)
    session.close()


def test_live_dials_do_not_restart_and_settings_do(session: Session) -> None:
    for name, values in TURNS.items():
        before = session.generation
        turn(session, name, values[1])
        assert (session.generation > before) == (name not in LIVE and not name.startswith("lin_")), name
    session.close()


def test_what_is_turned_is_what_is_trained(session: Session) -> None:
    for name, value in (("optimizer.lr", 0.5), ("batch_size", 3), ("optimizer.weight_decay", 4), ("activation", 2)):
        turn(session, name, value)
    turn(session, "layers", 3)
    turn(session, "units.2", 5)
    turn(session, "dataset.noise", 0.25)
    spec = session.present_spec(session.snapshot())
    assert spec.optimizer.knobs == {"lr": 0.5, "weight_decay": DECAYS[4]}
    assert (spec.batch_size, spec.activation.name) == (BATCHES[3], list(ACTIVATIONS)[2])
    assert spec.model.knobs["hidden"] == "4,2,5"
    assert spec.dataset.knobs == {"noise": 0.25}
    session.close()


def test_a_weight_set_by_hand_shows_at_the_same_update(session: Session) -> None:
    turn(session, weight_target(1, 3, 1), 4.0)
    assert wait_for(lambda: NETWORKS["units"].draw(session.snapshot())["weights"][7] == 4.0)
    assert session.snapshot().lanes[0].step == 0
    session.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [("optimizer.lr", "fast"), ("optimizer.lr", -1), ("optimizer.lr", True), ("batch_size", 99), ("batch_size", 0.5),
     ("layers", 7), ("layers", None), ("units.0", 9), ("units.0", 0), ("dataset", "mnist"), ("dataset", 3),
     ("dataset.noise", 7), ("dataset.size", 1e9), ("activation", -1), ("model", "mlp"), ("", 1),
     ("lin_9.weight.0.0", 1), ("lin_1.weight.0.0", 1e9), ("lin_1.weight.0.0", "x")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_is_lost(session: Session, name: str, value: Any) -> None:
    before = session.run, session.spec
    with pytest.raises(ValueError, match=r"\w"):
        turn(session, name, value)
    assert (session.run, session.spec) == before
    session.close()


def test_a_layer_that_has_gone_meanwhile_takes_no_units(session: Session) -> None:
    turn(session, "units.4", 3)
    assert session.spec == FIRST
    session.close()


# ---- the page ----


def test_all_that_one_plays_with_is_on_the_page() -> None:
    page = opened()
    (board,) = boards_on(page)
    sent = json.loads(board.proto.bytes)
    assert [dial["id"] for dial in sent["dials"]] == [
        "optimizer.lr", "activation", "layers", "batch_size", "optimizer.weight_decay"
    ]  # fmt: skip
    data = cards(page)["data"]["choices"]
    assert [option["id"] for option in data["options"]] == list(PLANES)
    assert [dial["id"] for dial in data["dials"]] == ["dataset.noise", "dataset.size"]
    assert sent["shape"] == "playground"


def test_play_trains_and_train_opens_the_same_run() -> None:
    page = opened()
    page.button(key="bar.play").click().run()
    session = session_on(page)
    assert session.is_going(session.snapshot())
    (link,) = [part for part in page.get("page_link") if "run=" in part.proto.query_string]
    query = dict(part.split("=", 1) for part in link.proto.query_string.split("&"))
    assert query["run"] == session.id
    train = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    train.query_params["run"] = session.id
    train.switch_page("pages/1_Train.py").run()
    assert train.session_state["session"] == session.id
    session.close()


def test_a_link_opens_what_it_says_and_one_that_is_too_large_is_refused_in_a_sentence() -> None:
    page = opened(dataset="spiral", model="mlp:hidden=8,8", activation="relu")
    assert session_on(page).spec.model.knobs["hidden"] == "8,8"
    for query in ({"model": "mlp:hidden=32"}, {"dataset": "digits"}, {"model": "mlp:hidden=2,2,2,2,2,2,2"}):
        page = opened(**query)
        assert session_on(page).spec == FIRST
        (warning,) = page.warning
        assert "cannot be used" in warning.value
        assert not page.exception


def test_a_run_that_was_given_other_data_on_train_makes_room_for_a_fresh_one() -> None:
    page = opened()
    session_on(page).restart(FIRST.with_(dataset=Choice("sine"), loss=Choice("mse")), is_started=False)
    page.run()
    assert session_on(page).spec == FIRST
    assert not page.exception


def test_what_fits_the_playground_is_told_by_its_size() -> None:
    for hidden, fits in (("", True), ("8,8,8,8,8,8", True), ("9", False)):
        spec = FIRST.with_(model=Choice.of("mlp", hidden=hidden))
        assert is_playable(spec) == fits
        if not fits:
            with pytest.raises(ValueError, match=f"up to {MOST_LAYERS} hidden layers of up to {MOST_UNITS} units"):
                check_playable(spec)
