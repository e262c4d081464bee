"""What a hand moves on a chart, without a server: places, level lines and points."""

from typing import Any

import pytest
from playwright.sync_api import Page

from nnviz.ui.board.serving import address

pytestmark = pytest.mark.browser

# A card as the scripts see it: axes from 0 to 10 and 100 pixels, from 20 pixels from the left and 10 from the top.
STAGE = """async ([script, name, figures, doings]) => {
  const { Plot } = await import(script.replace(/[^/]+$/, "plot.js"));
  const module = await import(script);
  document.body.replaceChildren();
  const plot = document.createElement("div"), graph = document.createElement("div");
  plot.style.cssText = graph.style.cssText = "position:absolute;left:0;top:0;width:200px;height:200px";
  plot.append(graph);
  document.body.append(plot);
  const axis = (offset, d2p, p2d) => ({ _offset: offset, _length: 100, d2p, p2d });
  graph._fullLayout = {
    xaxis: axis(20, (x) => 10 * x, (p) => p / 10),
    yaxis: axis(10, (y) => 100 - 10 * y, (p) => 10 - p / 10),
  };
  const sent = [], board = { listeners: new Set(), words: {}, get heard() { return this.counted ?? 0; } };
  board.report = (kind, { n, ...value }) => sent.push({ kind, ...value });
  const card = { id: "chart", graph, plot, board, drawn: new Plot(graph), Plotly: { relayout: () => {} } };
  let rested;
  const rest = new Promise((done) => { rested = done; });
  card.showAgain = () => rested();
  const thing = new module[name](card);
  thing.load(figures[0]);
  thing.settle();
  const usual = { isPrimary: true, bubbles: true, cancelable: true };
  const at = ([x, y]) => ({ clientX: 20 + 10 * x, clientY: 110 - 10 * y, ...usual });
  const fire = (kind, place) => (thing.handle ?? graph).dispatchEvent(new PointerEvent(kind, at(place)));
  const left = [];
  for (const [doing, what] of doings) {
    if (doing === "down") fire("pointerdown", what);
    if (doing === "move") fire("pointermove", what);
    if (doing === "up") fire("pointerup", what);
    if (doing === "lost") fire("pointercancel", what);
    if (doing === "soon") thing.holding.lasts = what;
    if (doing === "rest") await rest;
    if (doing === "load") thing.load(figures[what]);
    if (doing === "key") {
      const event = new KeyboardEvent("keydown", { key: what, bubbles: true, cancelable: true });
      (thing.handle ?? plot).dispatchEvent(event);
      if (!event.defaultPrevented) left.push(what);
    }
  }
  const data = [{}, {}], layout = { shapes: figures[0].layout?.shapes };
  if (name === "Target") thing.dress(layout, { text: "" });
  else thing.dress(data, layout);
  const round = (_, value) => (typeof value === "number" ? Math.round(1e6 * value) / 1e6 : value);
  const plain = (_, value) => (ArrayBuffer.isView(value) ? [...value] : value);
  const tidy = (value) => JSON.parse(JSON.stringify(value, plain), round);
  return { sent: tidy(sent), left, data: tidy(data), layout: tidy(layout) };
}"""

Doing = tuple[str, Any]


def do(bare: Page, script: str, name: str, figures: list[Any], *doings: Doing) -> dict[str, Any]:
    found: dict[str, Any] = bare.evaluate(STAGE, [f"/{address(script)}", name, figures, doings])
    return found


def place(x: float = 5, y: float = 5, **meta: Any) -> dict[str, Any]:
    """A chart on which a place may be chosen, marked at (x, y)."""
    return {"data": [{"x": [x], "y": [y], "meta": {"start": True}}], "layout": {"meta": {"places": True, **meta}}}


def level(y: float) -> dict[str, Any]:
    return {"data": [], "layout": {"shapes": [{"name": "target", "editable": True, "y0": y, "y1": y}]}}


def points(x: list[float], y: list[float], axis: str = "xy", **meta: str) -> dict[str, Any]:
    return {"data": [{"x": x, "y": y, "meta": {"handle": {"name": "p", "axis": axis}}}], "layout": {"meta": meta}}


def places(found: dict[str, Any]) -> list[tuple[float, float]]:
    return [(each["x"], each["y"]) for each in found["sent"]]


def acts(found: dict[str, Any]) -> list[Any]:
    return [(each["act"], each.get("index")) for each in found["sent"]]


def test_a_press_chooses_a_place_and_the_mark_follows_the_hand_beyond_the_edge(bare: Page) -> None:
    found = do(bare, "start.js", "Start", [place()], ("down", (2, 3)), ("move", (4, 12)), ("up", (4, 12)))
    assert places(found) == [(2, 3), (4, 10)]
    assert {each["chart"] for each in found["sent"]} == {"chart"}
    assert found["data"][0] == {"x": [4], "y": [10]}


def test_a_press_beside_the_axes_chooses_nothing(bare: Page) -> None:
    found = do(bare, "start.js", "Start", [place()], ("down", (-1, 3)), ("move", (4, 4)), ("up", (4, 4)))
    assert found["sent"] == []


def test_a_mark_stays_under_the_hand_when_an_older_answer_comes(bare: Page) -> None:
    older = place(1, 1)
    found = do(bare, "start.js", "Start", [place(), older], ("down", (2, 3)), ("load", 1), ("up", (2, 3)), ("load", 1))
    assert found["data"][0] == {"x": [2], "y": [3]}


@pytest.mark.parametrize(("script", "name", "figures", "key"), [
    ("start.js", "Start", [place(), place(1, 1)], "ArrowUp"),
    ("target.js", "Target", [level(5), level(1)], "ArrowUp"),
    ("points.js", "Points", [points([5], [5]), points([1], [1])], "ArrowUp"),
])  # fmt: skip
def test_the_newest_answer_is_shown_once_a_hand_holds_it_off_no_longer(
    bare: Page, script: str, name: str, figures: list[Any], key: str
) -> None:
    doings: list[Doing] = [("soon", 20), ("key", key), ("load", 1)]
    held = do(bare, script, name, figures, *doings)
    let_go = do(bare, script, name, figures, *doings, ("rest", None), ("load", 1))
    assert stands(held) not in (stands(let_go), None)
    assert stands(let_go) in (1, None)  # where the newest answer has it


def stands(found: dict[str, Any]) -> Any:
    """How high the thing is drawn; none where a chart is drawn as it came."""
    shapes = found["layout"].get("shapes")
    return shapes[0]["y0"] if shapes else next(iter(found["data"][0].get("y", [])), None)


def test_what_no_hand_holds_goes_where_the_answer_says(bare: Page) -> None:
    found = do(bare, "start.js", "Start", [place(), place(1, 1)], ("load", 1))
    assert found["data"][0] == {}
    assert found["sent"] == []


@pytest.mark.parametrize("key", ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"])
def test_an_arrow_key_moves_a_mark_by_its_share_of_the_axis(bare: Page, key: str) -> None:
    across, up = {"ArrowUp": (0, 1), "ArrowDown": (0, -1), "ArrowLeft": (-1, 0), "ArrowRight": (1, 0)}[key]
    found = do(bare, "start.js", "Start", [place(steps=[20, 10])], ("key", key))
    assert places(found) == [(5 + 0.5 * across, 5 + up)]
    assert found["left"] == []


def test_a_level_line_is_told_when_the_hand_lets_go_and_goes_up_and_down_only(bare: Page) -> None:
    found = do(bare, "target.js", "Target", [level(5)], ("down", (1, 5)), ("move", (9, 7)), ("move", (9, 8)))
    assert found["sent"] == []
    found = do(
        bare, "target.js", "Target", [level(5)], ("down", (1, 5)), ("move", (9, 8)), ("up", (9, 8)),
        ("key", "ArrowLeft"), ("key", "ArrowUp"),
    )  # fmt: skip
    assert [(each["kind"], each["y"]) for each in found["sent"]] == [("target", 8), ("target", 8.2)]
    assert found["left"] == ["ArrowLeft"]
    assert found["layout"]["shapes"][0]["y0"] == found["layout"]["shapes"][0]["y1"] == 8.2


def test_a_level_line_that_is_pressed_only_stays(bare: Page) -> None:
    found = do(bare, "target.js", "Target", [level(5)], ("down", (1, 5.1)), ("up", (1, 5.1)))
    assert found["sent"] == []


def test_the_nearest_point_is_dragged_and_keeps_the_axis_that_it_may_not_leave(bare: Page) -> None:
    two = points([2, 6], [5, 5], axis="x")
    found = do(bare, "points.js", "Points", [two], ("down", (5.4, 5)), ("move", (8, 9)), ("up", (8, 9)))
    assert acts(found) == [("move", 1)]
    assert places(found) == [(8, 5)]
    assert found["data"][0] == {"x": [2, 8], "y": [5, 5]}


def test_a_press_that_hardly_moves_chooses_a_point_and_leaves_it_where_it_is(bare: Page) -> None:
    found = do(bare, "points.js", "Points", [points([2], [5])], ("down", (2, 5)), ("move", (2.3, 5)), ("up", (2.3, 5)))
    assert acts(found) == [("choose", 0)]


def test_two_presses_take_a_point_away_where_the_chart_allows_it(bare: Page) -> None:
    presses = [(kind, (2, 5)) for kind in ("down", "up", "down", "up")]
    found = do(bare, "points.js", "Points", [points([2], [5], removes="p")], *presses)
    assert acts(found) == [("choose", 0), ("remove", 0)]
    found = do(bare, "points.js", "Points", [points([2], [5])], *presses)
    assert acts(found) == [("choose", 0), ("choose", 0)]


def test_a_press_on_the_ground_adds_a_point_unless_it_is_called_off(bare: Page) -> None:
    ground = points([2], [5], adds="p")
    found = do(bare, "points.js", "Points", [ground], ("down", (7, 7)), ("up", (7, 7)))
    assert [(each["act"], each["name"], each["x"], each["y"]) for each in found["sent"]] == [("add", "p", 7, 7)]
    found = do(bare, "points.js", "Points", [ground], ("down", (7, 7)), ("lost", (7, 7)), ("up", (7, 7)))
    assert found["sent"] == []
    found = do(bare, "points.js", "Points", [points([2], [5])], ("down", (7, 7)), ("up", (7, 7)))
    assert found["sent"] == []


def test_a_press_on_the_ground_brings_a_point_there_that_is_told_of_when_the_hand_lets_go(bare: Page) -> None:
    chart = points([2], [5], axis="x", sets="p")
    chart["data"][0]["meta"]["handle"]["late"] = True
    doings = [("down", (7, 8)), ("up", (7, 8)), ("down", (7, 5)), ("move", (8, 5)), ("move", (9, 6)), ("up", (9, 6))]
    found = do(bare, "points.js", "Points", [chart], *doings, ("key", "ArrowLeft"))
    assert acts(found) == [("move", 0)] * 3
    assert places(found) == [(7, 5), (9, 5), (8.9, 5)]
    assert found["data"][0] == {"x": [8.9], "y": [5]}
    found = do(bare, "points.js", "Points", [chart], ("down", (7, 7)), ("lost", (7, 7)), ("up", (7, 7)))
    assert found["sent"] == []


def test_keys_go_from_point_to_point_move_add_and_take_away(bare: Page) -> None:
    chart = points([1, 2], [1, 2], adds="p", removes="p")
    found = do(
        bare, "points.js", "Points", [chart], ("key", "PageDown"), ("key", "ArrowUp"), ("key", "PageDown"),
        ("key", "PageUp"), ("key", "Delete"), ("key", "Insert"), ("key", "x"),
    )  # fmt: skip
    assert acts(found) == [("choose", 1), ("move", 1), ("choose", 0), ("choose", 1), ("remove", 1), ("add", None)]
    assert places({"sent": [found["sent"][1]]}) == [(2, 2.1)]
    assert found["left"] == ["x"]


def test_a_point_that_is_taken_away_under_the_hand_is_let_go(bare: Page) -> None:
    fewer = points([2], [5])
    found = do(
        bare, "points.js", "Points", [points([2, 6], [5, 5]), fewer], ("down", (6, 5)), ("move", (7, 5)), ("load", 1),
        ("move", (8, 5)), ("up", (8, 5)),
    )  # fmt: skip
    assert acts(found) == [("move", 1)]
    assert found["data"][0] == {}
