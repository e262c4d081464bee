"""The board by itself, drawing what a page made by hand: lanes, tables, the playback, and what a hand may move."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ARTEFACTS, _serve
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

STEPS = 300
ALL_DRAWN = "[...document.querySelectorAll('[data-draws]')].every((card) => Number(card.dataset.draws) > 0)"
LANES = "_fullData.filter((trace) => trace.meta?.lane && trace.fill === 'none')"
OPACITIES = f"graph.{LANES}.map((trace) => [trace.meta.lane, trace.opacity])"
HEAD = "graph.querySelector('.scatterlayer .js-line').getTotalLength()"


@pytest.fixture(scope="module")
def board_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Start a page that is nothing but a board."""
    folder = tmp_path_factory.mktemp("board")
    script = shutil.copy(Path(__file__).parent / "board_page.py", folder)
    yield from _serve(folder, script=str(script))


@pytest.fixture
def visitor(browser: Browser, board_server: AppServer, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    visitor = Visitor(browser, board_server.url, height=1000)
    yield visitor
    visitor.leave(ARTEFACTS / f"{request.node.name}.png")


def look_at(visitor: Visitor, query: str = "") -> None:
    visitor.open(f"/?{query}")
    visitor.wait(ALL_DRAWN)


def told(visitor: Visitor) -> dict[str, Any]:
    return dict(json.loads(visitor.page.get_by_test_id("stText").inner_text()))


def wait_for_reports(visitor: Visitor, count: int) -> list[Any]:
    """Wait for so many reports, then as long again as several refreshes take."""
    text = "JSON.parse(document.querySelector('[data-testid=stText]').innerText)"
    visitor.wait(f"{text}.heard.length >= x", count)
    visitor.linger()
    return list(told(visitor)["heard"])


def opacities(visitor: Visitor, chart: str) -> dict[str, set[float]]:
    found: dict[str, set[float]] = {}
    for lane, opacity in visitor.ask_chart(chart, OPACITIES):
        found.setdefault(lane, set()).add(opacity)
    return found


def wait_for_opacity(visitor: Visitor, chart: str, lane: str, opacity: float) -> None:
    graph = f"document.querySelector(\"[data-chart='{chart}'] .js-plotly-plot\")"
    same = f"{graph}.{LANES}.every((trace) => trace.meta.lane !== x[0] || trace.opacity === x[1])"
    visitor.wait(same, [lane, opacity])


def place_on(visitor: Visitor, chart: str, x: float, y: float) -> tuple[float, float]:
    """Where on the screen a place of a chart is."""
    visitor.chart(chart).scroll_into_view_if_needed()
    spot = visitor.ask_chart(
        chart,
        "((box, { xaxis, yaxis }) => [box.left + xaxis._offset, box.top + yaxis._offset, xaxis._length, yaxis._length, "
        "...xaxis.range, ...yaxis.range])(graph.getBoundingClientRect(), graph._fullLayout)",
    )
    left, top, width, height, low, high, bottom, upper = spot
    return left + (x - low) / (high - low) * width, top + (upper - y) / (upper - bottom) * height


def test_each_report_reaches_python_once_while_the_board_is_redrawn(visitor: Visitor) -> None:
    look_at(visitor, "cards=losses,standing,ground")
    for turn in range(1, 4):
        visitor.page.mouse.click(*place_on(visitor, "ground", turn - 2, 1))
        visitor.page.locator("tr[data-key=Adam]").click()
        visitor.page.locator(".nnviz-target:visible").press("ArrowUp")
        heard = wait_for_reports(visitor, 3 * turn)
        assert sorted(kind for kind, _ in heard) == ["lane"] * turn + ["place"] * turn + ["target"] * turn
    assert [value["n"] for kind, value in heard if kind == "lane"] == [1, 2, 3]
    assert [value["n"] for kind, value in heard if kind != "lane"] == [1, 2, 3, 4, 5, 6]
    assert [value["lane"] for kind, value in heard if kind == "lane"] == ["Adam", None, "Adam"]
    assert [round(value["x"], 1) for kind, value in heard if kind == "place"] == [-1, 0, 1]


def test_hasty_reports_come_once_each_and_the_last_of_each_kind_comes(visitor: Visitor) -> None:
    look_at(visitor, "cards=losses,standing")
    shown = visitor.page.evaluate(HASTE)
    heard = wait_for_reports(visitor, 20)
    lanes = [value for kind, value in heard if kind == "lane"]
    targets = [value for kind, value in heard if kind == "target"]
    for values in (lanes, targets):
        numbers = [value["n"] for value in values]
        assert numbers == sorted(set(numbers))
    assert lanes[-1] == {"lane": None, "n": 40}
    assert targets[-1]["y"] == pytest.approx(shown)


HASTE = """async () => {
  const row = document.querySelector("tr[data-key=Adam]");
  const handle = document.querySelector(".nnviz-target:not([hidden])");
  for (let turn = 0; turn < 40; turn += 1) {
    row.click();
    await new Promise((go) => setTimeout(go, 25));
    const key = turn % 2 ? "ArrowUp" : "ArrowDown";
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    if (turn === 39) return Number(handle.getAttribute("aria-valuenow")); // the board is soon drawn with its own again
    await new Promise((go) => setTimeout(go, 25));
  }
}"""


def test_a_board_that_is_not_asked_to_reports_nothing(visitor: Visitor) -> None:
    look_at(visitor, "silent=1&cards=losses,standing,ground")
    visitor.page.mouse.click(*place_on(visitor, "ground", 1, 1))
    visitor.page.locator("tr[data-key=Adam]").click()
    visitor.page.locator(".nnviz-target:visible").press("ArrowUp")
    expect(visitor.page.locator("tr[data-key=Adam]")).to_have_attribute("data-look", "out")
    visitor.linger()
    assert told(visitor)["heard"] == []


def test_pointing_at_a_row_or_a_line_brings_its_lane_out_and_a_card_is_saved_as_a_picture(visitor: Visitor) -> None:
    look_at(visitor, "still=1")  # rows that change places under the pointer would bring out another lane
    pointing_at_a_row_brings_its_lane_out_in_every_card(visitor)
    visitor.page.mouse.move(*place_on(visitor, "distances", 100, 2.828 * 2.718 ** (-100 / 90)))
    wait_for_opacity(visitor, "losses", "Momentum", 1)
    wait_for_opacity(visitor, "losses", "SGD", 0.15)
    a_card_is_saved_in_double_size(visitor)


def pointing_at_a_row_brings_its_lane_out_in_every_card(visitor: Visitor) -> None:
    visitor.page.locator("tr[data-key=Momentum]").hover()
    for chart in ("losses", "ground", "distances"):
        for lane, opacity in {"SGD": 0.15, "Momentum": 1, "Adam": 0.15}.items():
            wait_for_opacity(visitor, chart, lane, opacity)
    assert visitor.ask_chart("losses", "graph._fullData.map((trace) => trace.line.width)") == [2, 3.5, 2, 1, 0]
    assert visitor.ask_chart("losses", "graph._fullData.at(-1).fillcolor") == "rgba(213,94,0,0.06)"
    looks = {key: row_look(visitor, key) for key in ("SGD", "Momentum", "Adam")}
    assert looks == {"SGD": "faint", "Momentum": "out", "Adam": "faint"}
    visitor.page.mouse.move(2, 2)
    for chart in ("losses", "ground", "distances"):
        wait_for_opacity(visitor, chart, "Adam", 1)
    assert visitor.ask_chart("losses", "graph._fullData.map((trace) => trace.line.width)") == [2, 2, 2, 1, 0]
    assert visitor.ask_chart("losses", "graph._fullData.at(-1).fillcolor") == "rgba(213,94,0,0.4)"


def row_look(visitor: Visitor, key: str) -> str | None:
    return visitor.page.locator(f"tr[data-key={key}]").get_attribute("data-look")


def a_card_is_saved_in_double_size(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Save as a picture: Losses").click()
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="PNG", exact=True).click()
    picture = Path(download.value.path()).read_bytes()
    box = visitor.chart("losses").bounding_box()
    assert download.value.suggested_filename == "nnviz-losses.png"
    assert box is not None
    assert int.from_bytes(picture[16:20], "big") == pytest.approx(2 * box["width"], abs=2)
    expect(visitor.page.get_by_role("button", name="Save as a picture: Standing")).to_be_hidden()


def test_a_chosen_lane_stays_out_over_refreshes_until_escape(visitor: Visitor) -> None:
    look_at(visitor, "cards=losses,standing")
    button = visitor.page.get_by_role("button", name="Adam", exact=True)
    button.focus()
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.evaluate("(node) => node.blur()")
    visitor.wait_for_draws("losses", 3)
    assert opacities(visitor, "losses") == {"SGD": {0.15}, "Momentum": {0.15}, "Adam": {1}}
    visitor.page.keyboard.press("Escape")
    wait_for_opacity(visitor, "losses", "SGD", 1)
    expect(button).to_have_attribute("aria-pressed", "false")
    assert [value["lane"] for _, value in wait_for_reports(visitor, 2)] == ["Adam", None]


def test_rows_change_places_and_a_board_mounted_anew_keeps_its_charts(visitor: Visitor) -> None:
    look_at(visitor, "cards=standing")
    rows_change_places_and_cells_in_place(visitor)
    a_board_mounted_anew_keeps_its_charts_in_whichever_order_the_old_mount_goes(visitor)


def rows_change_places_and_cells_in_place(visitor: Visitor) -> None:
    visitor.wait_for_draws("standing", 2)
    order = "[...document.querySelectorAll('tbody tr')].map((row) => row.dataset.key)"
    rows = "document.querySelectorAll('tbody tr')"
    visitor.page.evaluate(f"{rows}.forEach((row) => {{ row.mine = row.lastChild.mine = true }})")
    before, first = visitor.page.evaluate(order), told(visitor)["turn"]
    visitor.page.evaluate("window.widths = []; window.glides = 0")
    visitor.page.evaluate(
        "new MutationObserver(() => {"
        " widths.push([...document.querySelectorAll('th')].map((cell) => cell.offsetWidth));"
        " glides += document.querySelector('tbody').getAnimations({ subtree: true }).length })"
        ".observe(document.querySelector('tbody'), { subtree: true, childList: true, characterData: true })"
    )
    visitor.wait(f"JSON.stringify({order}) !== x", json.dumps(before, separators=(",", ":")))
    assert visitor.page.evaluate(f"[...{rows}].every((row) => row.mine && row.lastChild.mine)")
    assert visitor.page.evaluate("glides") > 0
    assert len({tuple(each) for each in visitor.page.evaluate("widths")}) == 1  # long and short numbers have come
    assert told(visitor)["turn"] > first


def a_board_mounted_anew_keeps_its_charts_in_whichever_order_the_old_mount_goes(visitor: Visitor) -> None:
    shown = visitor.page.evaluate(
        """async () => {
          const source = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/board.js"));
          const { default: show } = await import(source.name);
          const homes = [document.createElement("div"), document.createElement("div")];
          document.body.append(...homes);
          const [old, fresh] = homes;
          const data = JSON.stringify({ key: "moved", stamp: "1", words: {}, charts: [], counters: [], log: [] });
          const mount = (parentElement) => show({ data, parentElement, setStateValue: () => {} });
          const where = () => homes.map((home) => home.querySelectorAll(".nnviz-board").length).join();
          const found = [];
          mount(old);
          const leaveFresh = mount(fresh);
          const leaveOld = mount(old); // the old mount is drawn once more, then taken away
          found.push(where());
          old.remove();
          leaveOld();
          found.push(where());
          leaveFresh();
          mount(fresh);
          found.push(where());
          return found;
        }"""
    )
    assert shown == ["1,0", "0,1", "0,1"]


def test_the_target_is_dragged_in_data_units_and_a_row_keeps_the_focus_when_it_moves(visitor: Visitor) -> None:
    look_at(visitor, "cards=losses,standing")
    the_target_is_dragged_and_no_refresh_moves_it_back(visitor)
    last = visitor.page.locator("tbody tr").last.get_attribute("data-key") or ""
    visitor.page.locator(f"tr[data-key={last}] button").focus()
    visitor.wait("document.querySelector('tbody').lastChild.dataset.key !== x", last)
    visitor.linger()
    assert visitor.page.evaluate("document.activeElement.closest('tr')?.dataset.key") == last


def the_target_is_dragged_and_no_refresh_moves_it_back(visitor: Visitor) -> None:
    handle = visitor.page.locator("[data-chart=losses] .nnviz-target")
    assert handle.evaluate("(node) => getComputedStyle(node).cursor") == "ns-resize"
    (x, y), (_, goal) = place_on(visitor, "losses", 5, -1), place_on(visitor, "losses", 5, -2)
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x + 60, goal, steps=4)
    visitor.wait_for_draws("losses", 3)
    shape = visitor.ask_chart("losses", "graph._fullLayout.shapes[0]._input")
    assert (shape["y0"], shape["y1"]) == (pytest.approx(0.01, rel=0.05), pytest.approx(0.01, rel=0.05))
    assert (shape["x0"], shape["x1"]) == (0, 1)
    assert told(visitor)["heard"] == []
    visitor.page.mouse.up()
    ((kind, target),) = wait_for_reports(visitor, 1)
    assert (kind, target["chart"], target["y"]) == ("target", "losses", pytest.approx(0.01, rel=0.05))


def step_of(visitor: Visitor) -> int:
    return int(visitor.page.evaluate("document.querySelector('.nnviz-board').dataset.step"))


def test_a_playback_plays_by_itself_obeys_its_slider_and_shows_new_trails_where_it_stands(visitor: Visitor) -> None:
    look_at(visitor, "playback=one&cards=ground,distances&still=1")
    it_plays_to_its_end(visitor)
    its_points_and_arrows_stand_where_the_trail_ends(visitor)
    its_slider_shows_any_step_at_once(visitor)
    visitor.page.get_by_role("slider", name="Step").fill(str(STEPS))
    new_trails_show_whole_where_it_had_ended(visitor)


def it_plays_to_its_end(visitor: Visitor) -> None:
    visitor.wait("Number(document.querySelector('.nnviz-board').dataset.step) > 5")
    early = visitor.ask_chart("distances", HEAD)
    visitor.wait(f"document.querySelector('.nnviz-board').dataset.step === '{STEPS}'")
    assert visitor.ask_chart("distances", HEAD) > early
    expect(visitor.page.locator(".nnviz-playback")).to_have_attribute("data-playing", "false")
    assert (visitor.draws("ground"), visitor.draws("distances")) == (1, 1)  # not one whole drawing more


def its_slider_shows_any_step_at_once(visitor: Visitor) -> None:
    slider = visitor.page.get_by_role("slider", name="Step")
    slider.fill("100")
    assert step_of(visitor) == 100
    expect(visitor.page.locator(".nnviz-playback output")).to_have_text("100 / 300")
    right = visitor.ask_chart("distances", "((box) => box.x + box.width)(graph.querySelector('.js-line').getBBox())")
    across = visitor.ask_chart("distances", "graph._fullLayout.xaxis._length")
    assert right == pytest.approx(across / 3, abs=1)
    slider.press("ArrowRight")
    assert step_of(visitor) == 101
    slider.press("Space")
    visitor.wait("Number(document.querySelector('.nnviz-board').dataset.step) > 110")
    visitor.page.get_by_role("button", name="Pause").click()
    held = step_of(visitor)
    visitor.linger()
    assert step_of(visitor) == held < STEPS


def its_points_and_arrows_stand_where_the_trail_ends(visitor: Visitor) -> None:
    visitor.page.get_by_role("slider", name="Step").fill("37")
    ends = visitor.ask_chart("ground", ENDS)
    assert ends["dot"] == pytest.approx(ends["tip"], abs=0.2)
    assert ends["foot"] == pytest.approx(ends["tip"], abs=0.2)
    visitor.linger()  # the plot library has been told meanwhile
    x, y = visitor.ask_chart("ground", "[graph._fullData[2].x, graph._fullData[2].y].map((each) => Array.from(each))")
    spot = visitor.ask_chart("ground", f"[graph._fullLayout.xaxis.d2p({x[0]}), graph._fullLayout.yaxis.d2p({y[0]})]")
    assert (len(x), spot) == (1, pytest.approx(ends["tip"], abs=0.2))


ENDS = """((lines, dot) => {
  const points = (path) => path.getAttribute('d').split(/[ML]/).slice(1).map((pair) => pair.split(',').map(Number));
  return { tip: points(lines[0]).at(-1), foot: points(lines[1])[0], dot: dot.match(/-?[0-9.]+/g).map(Number) };
})([...graph.querySelectorAll('.js-line')], graph.querySelector('.points > .point').getAttribute('transform'))"""


def new_trails_show_whole_where_it_had_ended(visitor: Visitor) -> None:
    draws = visitor.draws("distances")
    visitor.page.mouse.click(*place_on(visitor, "ground", -1, 1))
    visitor.wait("Number(document.querySelector('[data-chart=distances]').dataset.draws) === x", draws + 1)
    assert step_of(visitor) == STEPS
    assert visitor.ask_chart("distances", "graph._fullData[0].y[0]") == pytest.approx(2**0.5, abs=0.05)


def test_reduced_motion_shows_the_end_and_waits(visitor: Visitor) -> None:
    visitor.page.emulate_media(reduced_motion="reduce")
    look_at(visitor, "playback=one&cards=distances&still=1")
    assert step_of(visitor) == STEPS
    expect(visitor.page.get_by_role("button", name="Play")).to_be_visible()


def test_the_start_follows_a_drag_and_its_last_place_is_reported_and_arrows_move_it_by_a_fiftieth(
    visitor: Visitor,
) -> None:
    look_at(visitor, "cards=ground")
    visitor.page.mouse.move(*place_on(visitor, "ground", 2, 2))
    visitor.page.mouse.down()
    for x in (1.5, 1, 0.5, 0, -0.5):
        visitor.page.mouse.move(*place_on(visitor, "ground", x, 1))
        mark = visitor.ask_chart("ground", "[...graph.querySelectorAll('.point')].at(-1).getAttribute('transform')")
        there = visitor.ask_chart("ground", f"graph._fullLayout.xaxis.d2p({x})")
        assert float(mark.removeprefix("translate(").split(",")[0]) == pytest.approx(there, abs=1.5)
    visitor.page.mouse.move(*place_on(visitor, "ground", -2, -1))
    visitor.page.mouse.up()
    heard = wait_for_reports(visitor, 2)
    kind, last = heard[-1]
    assert (kind, last["chart"]) == ("place", "ground")
    assert (last["x"], last["y"]) == (pytest.approx(-2, abs=0.02), pytest.approx(-1, abs=0.03))
    assert visitor.ask_chart("ground", "Number(graph._fullData.at(-1).x[0])") == pytest.approx(last["x"], abs=1e-4)
    visitor.page.locator("[data-chart=ground] .nnviz-plot").press("ArrowLeft")
    *_, (_, place) = more = wait_for_reports(visitor, len(heard) + 1)
    assert len(more) == len(heard) + 1
    assert (place["x"], place["y"]) == (pytest.approx(last["x"] - 6 / 50), pytest.approx(last["y"]))


def test_a_finger_chooses_a_start_too(browser: Browser, board_server: AppServer) -> None:
    visitor = Visitor(browser, board_server.url, width=390, height=844)
    visitor.close()
    visitor.context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    visitor.page = visitor.new_tab()
    look_at(visitor, "cards=ground,standing")
    visitor.page.touchscreen.tap(*place_on(visitor, "ground", 1, -1))
    ((_, place),) = wait_for_reports(visitor, 1)
    assert (place["x"], place["y"]) == (pytest.approx(1, abs=0.05), pytest.approx(-1, abs=0.05))
    assert visitor.page.evaluate("document.querySelector('.nnviz-board').scrollWidth") <= 390
    visitor.leave(ARTEFACTS / "finger.png")


def test_a_drawing_that_fails_once_is_made_again_though_nothing_new_comes(visitor: Visitor) -> None:
    visitor.page.add_init_script(
        """let plotly, isFirst = true;
        Object.defineProperty(window, "Plotly", { get: () => plotly, set: (found) => {
          const react = found.react;
          const fail = () => { isFirst = false; return Promise.reject(new Error("on the move")); };
          found.react = (...all) => isFirst ? fail() : react(...all);
          plotly = found;
        } });"""
    )
    look_at(visitor, "still=1")
    assert visitor.page.locator(".nnviz-note").get_by_text("on the move").count() == 0
