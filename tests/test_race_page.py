"""The Race page under AppTest: real races behind a real script run, without a browser."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog import OPTIMIZERS
from nnviz.catalog.links import read_race
from nnviz.catalog.openings import FIRST_RACE
from nnviz.export.tables import curves_csv
from nnviz.records.status import Status
from nnviz.runs.run import Run
from nnviz.sessions.race import RaceSession
from nnviz.specs.race import LaneChange, RaceSpec
from nnviz.ui.export import replay_link
from nnviz.ui.fairness import is_fair
from nnviz.ui.registry import registry
from nnviz.ui.standing import standing
from nnviz.words import texts
from tests.tab import boards_on
from tests.widgets import widget

pytestmark = pytest.mark.usefixtures("own_registry")

ROOT = Path(__file__).resolve().parent.parent
RACE = "pages/2_Race.py"
SHORT = {"dataset": "moons", "model": "mlp:hidden=8", "epochs": "2", "lanes": "sgd;momentum;adam"}


def open_race(query: dict[str, str] | None = None) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in (query or {}).items():
        page.query_params[name] = value
    page = page.switch_page(RACE).run()
    settled(page, Status.READY)
    return page.run()


def session_of(page: AppTest) -> RaceSession:
    session = registry().find(page.session_state["race.session"], RaceSession)
    assert session is not None
    return session


def settled(page: AppTest, status: Status) -> None:
    session = session_of(page)
    for _ in range(600):
        snapshot = session.snapshot()
        if snapshot.status == status and snapshot.scene is not None:
            return
        session.run.join(0.05)
    raise AssertionError(f"{session.snapshot().status} instead of {status}")


def raced(page: AppTest) -> AppTest:
    """Play to the end."""
    page.select_slider(key="bar.speed").set_value(0).run()
    page.button(key="bar.play").click().run()
    settled(page, Status.DONE)
    return page.run()


def drawn(page: AppTest) -> dict[str, Any]:
    (board,) = boards_on(page)
    return dict(json.loads(board.proto.bytes))


def cards(page: AppTest) -> dict[str, dict[str, Any]]:
    return {card["id"]: card for card in drawn(page)["charts"]}


def race_in(page: AppTest) -> RaceSpec:
    query = {name: str(value) for name, value in page.query_params.items()}
    return read_race({name: query[name] for name in query if name not in ("run", "target", "log_loss")})


def said(page: AppTest) -> list[str]:
    assert not page.exception
    return [str(warning.value) for warning in page.warning]


def test_race_opens_with_the_eight_usual_lanes_and_its_settings_in_the_link() -> None:
    page = open_race()
    assert said(page) == []
    assert race_in(page) == FIRST_RACE
    rows = cards(page)["leaderboard"]["table"]["rows"]
    assert {row["lane"] for row in rows} == {OPTIMIZERS[lane.name].label for lane in FIRST_RACE.lanes}


def test_the_page_states_the_fingerprints_that_all_lanes_share() -> None:
    page = open_race()
    lane = session_of(page).snapshot().lanes[5]
    (fair,) = [caption.value for caption in page.caption if caption.value.startswith("Fair start")]
    assert f"`{lane.start_hash}`" in fair
    assert f"`{lane.order_hash}`" in fair
    assert "all 8 lanes" in fair


def test_a_race_ends_with_a_podium_of_a_sentence_each_and_the_counters_name_the_winner() -> None:
    page = raced(open_race(SHORT))
    found = cards(page)
    told = [row["cells"][1] for row in found["podium"]["table"]["rows"]]
    ranked = [row["lane"] for row in found["leaderboard"]["table"]["rows"]]
    assert [sentence.split()[0] for sentence in told] == ranked
    counters = {counter["id"]: counter["value"] for counter in drawn(page)["counters"]}
    assert counters["leader"] == ranked[0]
    losses = {lane.label: lane.evaluations[-1].test_loss for lane in session_of(page).snapshot().lanes}
    assert ranked == sorted(losses, key=losses.__getitem__)


def test_there_is_no_podium_before_the_end() -> None:
    assert "podium" not in cards(open_race(SHORT))


def test_a_lane_s_live_knob_is_marked_and_logged_and_leaves_the_others_alone() -> None:
    page = open_race({**SHORT, "epochs": "0"})
    page.button(key="bar.play").click().run()
    page.select_slider(key="lane.2.adam.lr").set_value(0.03).run()
    page.button(key="bar.play").click().run()
    settled(page, Status.PAUSED)
    lanes = session_of(page.run()).snapshot().lanes
    assert [len(lane.marks) for lane in lanes] == [0, 0, 1]
    assert [line.partition(": ")[2] for line in drawn(page)["log"]] == ["Adam: Learning rate 0.003 → 0.03"]
    (change,) = lanes[2].journal
    assert race_in(page).lanes[2].knobs == {}
    assert race_in(page).journal == (LaneChange(2, change),)


def test_a_lane_may_be_exchanged_removed_and_added() -> None:
    page = open_race(SHORT)
    session = session_of(page)
    widget(page, "lanes.add").set_value("radam").run()
    assert [lane.name for lane in session.race.lanes] == ["sgd", "momentum", "adam", "radam"]
    widget(page, "lanes.add").set_value("radam").run()
    assert session.labels[3:] == ("RAdam 1", "RAdam 2")
    assert said(page.run()) == []


def test_one_learning_rate_for_all_and_back_to_the_usual_ones() -> None:
    page = open_race(SHORT)
    page.button_group(key="rates.mode").set_value("same").run()
    assert [lane.knobs["lr"] for lane in session_of(page).race.lanes] == [0.01] * 3
    page.select_slider(key="rates.same").set_value(0.1).run()
    assert [lane.knobs["lr"] for lane in session_of(page).race.lanes] == [0.1] * 3
    page.button_group(key="rates.mode").set_value("usual").run()
    assert [lane.knobs["lr"] for lane in session_of(page).race.lanes] == [0.1, 0.03, 0.003]


def searched(page: AppTest) -> AppTest:
    session = session_of(page)
    assert session.search is not None
    assert session.search.join(60)
    return page.run()


def test_the_best_rates_are_searched_shown_and_taken_and_the_same_when_searched_again() -> None:
    page = open_race(SHORT)
    page.select_slider(key="rates.updates").set_value(20).run()
    page.button_group(key="rates.mode").set_value("best").run()
    page = searched(page)
    found = session_of(page).snapshot().search
    assert found is not None
    best = [float(found.rates[column]) for column in found.chosen if column is not None]
    assert [lane.knobs["lr"] for lane in session_of(page).race.lanes] == best
    assert page.session_state["rates.mode"] == "best"
    assert "rates" in cards(page)
    widget(page, "lane.0.sgd.lr").set_value(0.3).run()  # they are given once, and may be changed then
    assert session_of(page.run()).knob("optimizer.lr", session_of(page).snapshot()) == 0.3
    page.button(key="rates.again").click().run()
    again = session_of(searched(page)).snapshot().search
    assert again is not None
    assert again.losses.tolist() == found.losses.tolist()


def test_a_cancelled_search_changes_nothing() -> None:
    page = open_race(SHORT)
    page.select_slider(key="rates.updates").set_value(1000).run()
    before = session_of(page).race
    page.button_group(key="rates.mode").set_value("best").run()
    page.button(key="rates.cancel").click().run()
    session = session_of(page.run())
    assert session.race == before
    search = session.snapshot().search
    assert search is not None
    assert search.status == Status.STOPPED
    assert said(page) == []


def test_play_ends_a_search_that_would_start_the_race_anew() -> None:
    page = open_race(SHORT)
    page.select_slider(key="rates.updates").set_value(1000).run()
    page.button_group(key="rates.mode").set_value("best").run()
    before = session_of(page).race
    page = raced(page)
    search = session_of(page).snapshot().search
    assert search is not None
    assert search.status == Status.STOPPED
    assert session_of(page).race == before
    assert session_of(page).snapshot().status == Status.DONE


def test_a_search_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*arguments: object, **more: object) -> None:
        raise ValueError("no such picture")

    page = open_race(SHORT)
    monkeypatch.setattr("nnviz.runs.lr_search.Experiment", failing)
    page.button_group(key="rates.mode").set_value("best").run()
    assert any("no such picture" in sentence for sentence in said(searched(page)))
    assert not page.button(key="bar.play").disabled


def test_a_grid_that_cannot_be_is_refused_in_a_sentence() -> None:
    page = open_race(SHORT)
    page.select_slider(key="rates.low").set_value(10.0).run()
    page.select_slider(key="rates.high").set_value(1e-6).run()
    assert any("grid" in sentence for sentence in said(page))
    assert len(session_of(page).rates) >= 1


def test_several_seeds_are_medians_with_bands() -> None:
    page = open_race(SHORT)
    page.slider(key="race.seeds").set_value(3).run()
    assert race_in(page).seeds == 3
    page = raced(page)
    lanes = session_of(page).snapshot().lanes
    assert [lane.spec.seed for lane in lanes] == [1, 2, 3] * 3
    kinds = [trace.get("fill") for trace in cards(page)["test_loss"]["figure"]["data"]]
    assert sum(fill == "toself" for fill in kinds) >= 3


def test_a_diverged_lane_is_named_and_the_others_go_on_to_the_end() -> None:
    page = raced(open_race({**SHORT, "dataset": "sine", "loss": "mse", "lanes": "sgd:lr=10000;adam"}))
    first, second = session_of(page).snapshot().lanes
    assert (first.status, second.status) == ("diverged", "done")
    assert f"diverged at update {first.step}" in json.dumps(cards(page)["podium"])


def test_one_lost_seed_is_not_told_as_a_lost_lane() -> None:
    page = open_race({**SHORT, "seeds": "3"})
    snapshot = session_of(page).snapshot()
    lost = replace(snapshot.lanes[1], status=Status.DIVERGED, step=7)
    going = replace(snapshot, status=Status.RUNNING, lanes=(snapshot.lanes[0], lost, *snapshot.lanes[2:]))
    told = standing(going)["text"]
    assert told == "Racing. SGD: 1 of 3 seeds diverged at update 7. A lower learning rate and Reset bring it back."
    assert standing(going, is_watched=True)["text"] == "Racing. SGD: 1 of 3 seeds diverged at update 7."


def exported(page: AppTest) -> dict[str, str]:
    """Read the link that the page gives away when it is asked."""
    page.button(key="export.button").click().run()
    (link,) = [part.value for part in page.code if "lanes=" in part.value]
    return dict(parse_qsl(urlsplit(link).query))


def told(page: AppTest) -> list[object]:
    """Read what a race's page says in numbers and curves, the cost of updates aside."""
    found = cards(page)
    board = found["leaderboard"]["table"]
    timed = [column["id"] for column in board["columns"]].index("speed")
    cells = [[cell for at, cell in enumerate(row["cells"]) if at != timed] for row in board["rows"]]
    podium = [row["cells"][1].partition("; it took the least compute")[0] for row in found["podium"]["table"]["rows"]]
    return [cells, [text.rstrip(".") for text in podium], found["test_loss"]["figure"], found["accuracy"]["figure"]]


def test_the_export_link_shows_the_same_race_in_the_same_view_with_the_same_numbers() -> None:
    view = {"clock": "examples", "log_loss": "False", "smoothing": "0.5", "target": "0.55"}
    page = open_race({**SHORT, "epochs": "3", **view})
    page.button(key="bar.step").click().run()
    page.select_slider(key="lane.0.sgd.lr").set_value(0.3).run()
    page = raced(page)
    query = exported(page)
    assert view.items() <= query.items()
    again = raced(open_race(query))
    assert told(again) == told(page)
    assert any("between updates" in text for text in told(page)[1])  # type: ignore[attr-defined]


def test_the_export_link_runs_the_same_race_again_live_changes_included() -> None:
    page = open_race({**SHORT, "epochs": "3"})
    for lane in ("1.momentum", "0.sgd"):
        for _ in range(3):
            page.button(key="bar.step").click().run()
        page.select_slider(key=f"lane.{lane}.lr").set_value(0.3).run()
    page = raced(page)
    session = session_of(page)
    query = dict(parse_qsl(urlsplit(replay_link(session, session.snapshot(), {})).query))
    race = read_race(query)
    assert [(turn.racer, turn.change.step) for turn in race.journal] == [(1, 3), (0, 6)]
    again = Run.of_race(race, session.labels)
    again.start()
    assert again.join(60)
    for one, other in zip(session.snapshot().lanes, again.snapshot().lanes, strict=True):
        assert one.curve.losses.tolist() == other.curve.losses.tolist()
    assert session_of(open_race(query)).race == race


def test_the_csv_holds_every_kept_loss_to_the_last_digit() -> None:
    page = raced(open_race(SHORT))
    snapshot = session_of(page).snapshot()
    rows = list(csv.DictReader(io.StringIO(curves_csv(snapshot))))
    adam = [float(row["loss"]) for row in rows if row["lane"] == "Adam" and row["kind"] == "train_batch"]
    assert adam == snapshot.lanes[2].curve.losses.tolist()


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"lanes": "adam"}, "2 to 8 lanes"),
        ({"lanes": "adam;adem"}, "adem"),
        ({"seeds": "99"}, "seeds"),
        ({"journal": "x"}, "step@racer"),
        ({"target": "high"}, ""),
        ({"dataset": "cats"}, "cats"),
    ],
)
def test_a_bad_link_is_told_once_and_the_page_works(query: dict[str, str], word: str) -> None:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page = page.switch_page(RACE).run()
    assert all(word in sentence for sentence in said(page))
    assert len(said(page)) == (1 if word else 0)
    assert race_in(page).lanes == FIRST_RACE.lanes
    assert said(page.run()) == []


def test_a_stranger_watches_and_can_take_a_copy() -> None:
    owner = open_race(SHORT)
    session_of(owner).owner = "somebody"
    stranger = open_race({**SHORT, "run": session_of(owner).id})
    assert session_of(stranger) is session_of(owner)
    assert stranger.button(key="bar.play").disabled
    assert stranger.select_slider(key="lane.0.sgd.lr").disabled
    (copy,) = [button for button in stranger.button if button.label == texts.TRAIN["own_copy"]]
    copy.click().run()
    assert session_of(stranger) is not session_of(owner)
    assert session_of(stranger).race == session_of(owner).race
    assert not stranger.button(key="bar.play").disabled


def test_the_link_of_a_training_run_opens_a_race_of_its_own() -> None:
    train = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page("pages/1_Train.py").run()
    page = open_race({"run": train.session_state["session"]})
    assert session_of(page).kind == "race"
    assert not page.exception


def test_the_sidebar_changes_what_the_lanes_have_in_common() -> None:
    page = open_race(SHORT)
    page.select_slider(key="set.batch_size").set_value(64).run()
    settled(page, Status.READY)
    assert {lane.spec.batch_size for lane in session_of(page).snapshot().lanes} == {64}
    assert [lane.name for lane in race_in(page).lanes] == ["sgd", "momentum", "adam"]


def test_the_horizontal_axis_may_count_examples_or_each_lane_s_own_seconds() -> None:
    page = raced(open_race(SHORT))
    for clock, word in (("examples", "examples"), ("seconds", "seconds")):
        page.session_state["seen.clock"] = clock
        page.run()
        assert word in cards(page)["test_loss"]["figure"]["layout"]["xaxis"]["title"]["text"]


def test_lanes_that_disagree_are_called_unfair() -> None:
    page = raced(open_race(SHORT))
    lanes = session_of(page).snapshot().lanes
    assert is_fair(lanes)
    assert not is_fair((lanes[0], replace(lanes[1], start_hash="0" * 12)))
    assert not is_fair((lanes[0], replace(lanes[1], order_hash="0" * 12)))


def test_a_best_rate_at_the_end_of_the_grid_is_told_and_one_press_searches_on() -> None:
    page = open_race(SHORT)
    session = session_of(page)
    session.rates, session.updates = (1e-6, 1e-5), 20
    page.button_group(key="rates.mode").set_value("best").run()
    page = searched(page)
    found = session_of(page).snapshot().search
    assert found is not None
    assert found.at_edge(-1)
    assert any("the largest that was tried, 1e-05" in str(caption.value) for caption in page.caption)
    page.button(key="rates.on.high").click().run()
    page = searched(page)
    again = session_of(page).snapshot().search
    assert again is not None
    assert again.rates.max() == pytest.approx(1e-4)
    assert again.losses[:, :1].tolist() == found.losses[:, :1].tolist()
    session.owner = "somebody else"
    assert all(button.disabled for button in page.run().button if str(button.key).startswith("rates.on."))
