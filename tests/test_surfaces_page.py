"""The Surfaces page under AppTest, without a browser."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnviz.catalog.links import read_descent
from nnviz.catalog.surfaces import SURFACES, surface_of
from nnviz.records.descent import Descent
from nnviz.sessions.descent_cache import DescentCache
from nnviz.specs.descent import LANES, DescentSpec
from nnviz.specs.experiment import Choice
from nnviz.training.descent import descend
from nnviz.ui.descent_view import message
from tests.tab import boards_on

pytestmark = pytest.mark.usefixtures("own_registry")

ROOT = Path(__file__).resolve().parent.parent


def open_surfaces(query: dict[str, str] | None = None) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in (query or {}).items():
        page.query_params[name] = value
    return page.switch_page("pages/3_Surfaces.py").run()


def drawn(page: AppTest) -> dict[str, Any]:
    assert not page.exception
    (board,) = boards_on(page)
    return dict(json.loads(board.proto.bytes))


def spec_in(page: AppTest) -> DescentSpec:
    query = {name: str(value) for name, value in page.query_params.items() if name != "internals"}
    return read_descent(query)


def test_surfaces_opens_with_eight_trails_over_the_ravine_and_a_playback_that_plays() -> None:
    page = open_surfaces()
    assert spec_in(page) == DescentSpec()
    payload = drawn(page)
    assert payload["playback"]["steps"] == 300
    contour = payload["charts"][0]["figure"]["data"]
    assert len({trace["meta"]["lane"] for trace in contour if trace.get("meta", {}).get("lane")}) == 8


def test_a_learning_rate_redraws_the_trails_where_the_playback_stands() -> None:
    page = open_surfaces()
    before = drawn(page)
    page.select_slider(key="walker.0.sgd.lr").set_value(0.03).run()
    after = drawn(page)
    assert spec_in(page).lanes[0] == Choice.of("sgd", lr=0.03)
    assert after["playback"]["token"] == before["playback"]["token"]
    assert after["charts"][0]["stamp"] != before["charts"][0]["stamp"]


def test_another_start_is_another_playback() -> None:
    page = open_surfaces()
    before = drawn(page)["playback"]["token"]
    page.number_input(key="descent.start.x").set_value(3.0).run()
    assert spec_in(page).start == (3.0, 2.0)
    assert drawn(page)["playback"]["token"] != before
    page.button(key="descent.usual").click().run()
    assert spec_in(page).start is None


@pytest.mark.parametrize("name", list(SURFACES))
def test_every_surface_opens_with_its_formula_and_learning_rates_that_suit_it(name: str) -> None:
    page = open_surfaces()
    page.selectbox(key="descent.surface").set_value(name).run()
    assert f"${surface_of(Choice(name)).formula}$" in [text.value for text in page.markdown]
    assert len(drawn(page)["charts"]) == 3
    rates = surface_of(Choice(name)).rates
    assert [lane.knobs["lr"] for lane in spec_in(page).lanes] == [rates[lane.name] for lane in LANES]


def test_a_link_that_names_a_surface_alone_has_learning_rates_that_suit_it() -> None:
    page = open_surfaces({"surface": "himmelblau"})
    rates = surface_of(Choice("himmelblau")).rates
    assert [lane.knobs["lr"] for lane in spec_in(page).lanes] == [rates[lane.name] for lane in LANES]


def test_the_ravine_s_condition_number_moves_the_stable_learning_rate() -> None:
    page = open_surfaces()
    page.select_slider(key="descent.ravine.condition").set_value(100).run()
    assert spec_in(page).surface == Choice.of("ravine", condition=100)
    assert any("0.02" in caption.value and "100" in caption.value for caption in page.caption)


def test_looking_inside_draws_that_lane_s_arrows_and_is_part_of_the_link() -> None:
    page = open_surfaces()
    without = len(drawn(page)["charts"][0]["figure"]["data"])
    page.button_group(key="descent.internals").set_value("Adam").run()
    assert len(drawn(page)["charts"][0]["figure"]["data"]) > without
    assert page.query_params["internals"] == "Adam"
    again = open_surfaces({"internals": "Adam"})
    assert len(drawn(again)["charts"][0]["figure"]["data"]) > without


def test_noise_is_seeded() -> None:
    page = open_surfaces()
    page.select_slider(key="descent.noise").set_value(1.0).run()
    first = drawn(page)["charts"][0]["stamp"]
    page.number_input(key="descent.seed").set_value(2).run()
    assert drawn(page)["charts"][0]["stamp"] != first
    page.number_input(key="descent.seed").set_value(1).run()
    assert drawn(page)["charts"][0]["stamp"] == first


def test_lanes_may_be_added_and_brought_back() -> None:
    page = open_surfaces({"lanes": "sgd:lr=0.05;adam:lr=0.2"})
    page.selectbox(key="walker.add").set_value("radam").run()
    assert [lane.name for lane in spec_in(page).lanes] == ["sgd", "adam", "radam"]
    page.button(key="descent.all").click().run()
    assert spec_in(page).lanes == DescentSpec().lanes


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"surface": "moon"}, "himmelblau"),
        ({"lanes": "adem"}, "adam"),
        ({"steps": "0"}, "1000"),
        ({"noise": "loud"}, "loud"),
        ({"start": "1"}, "start"),
    ],
)
def test_a_bad_link_is_told_once_and_the_page_works(query: dict[str, str], word: str) -> None:
    page = open_surfaces(query)
    (warning,) = page.warning
    assert word in warning.value
    assert spec_in(page) == DescentSpec()
    assert not page.run().warning


def test_a_lane_that_leaves_the_numbers_is_named() -> None:
    page = open_surfaces({"lanes": "sgd:lr=10;adam:lr=0.2"})
    text = drawn(page)["status"]["text"]
    assert "SGD left the finite numbers at step" in text
    assert "Adam is closest" in text


def test_a_surface_without_a_minimum_tells_who_got_lowest() -> None:
    text = drawn(open_surfaces({"surface": "saddle", "lanes": "sgd;adam", "steps": "50"}))["status"]["text"]
    assert re.fullmatch(r"This surface has no lowest point\. \w+ is lowest after 50 steps: at -[0-9.e+]+\.", text)


def test_equal_descents_are_drawn_to_equal_bytes() -> None:
    assert message(DescentCache().of(DescentSpec()), "Adam") == message(DescentCache().of(DescentSpec()), "Adam")


def test_a_turned_lane_is_walked_alone_and_the_whole_is_what_walking_all_would_give(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walked: list[int] = []

    def noting(spec: DescentSpec) -> Descent:
        walked.append(len(spec.lanes))
        return descend(spec)

    monkeypatch.setattr("nnviz.sessions.descent_cache.descend", noting)
    walks, spec = DescentCache(), DescentSpec()
    turned = spec.with_(lanes=(*spec.lanes[:7], Choice.of("sgd", lr=0.01)))
    for each in (spec, turned, spec):
        given, known = walks.of(each), descend(each)
        assert [trail.label for trail in given.trails] == [trail.label for trail in known.trails]
        for one, other in zip(given.trails, known.trails, strict=True):
            assert one.points.tolist() == other.points.tolist()
    assert walked == [8, 1]


def test_walks_that_are_kept_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnviz.sessions.descent_cache.MOST", 3)
    walks = DescentCache()
    for steps in range(10, 20):
        walks.of(DescentSpec(lanes=(Choice("sgd"), Choice("adam")), steps=steps))
    assert len(walks._kept) == 3
