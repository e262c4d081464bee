"""The pure functions of the browser's scripts, one by one, in the browser that they are for."""

import json
import math
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from playwright.sync_api import Page

from nnviz.ui.board.payload import encode
from nnviz.ui.board.serving import address

pytestmark = pytest.mark.browser


def ask(bare: Page, script: str, expression: str, argument: Any = None) -> Any:
    """Evaluate an expression about a script, `m`, and `x`."""
    return bare.evaluate(
        f"async ([path, x]) => {{ const m = await import(path); return {expression}; }}",
        [f"/{address(script)}", argument],
    )


def test_whole_numbers_are_written_as_python_writes_them(bare: Page) -> None:
    values = [0, 7, 999, 1000, 12_345, 1_234_567]
    assert ask(bare, "numbers.js", "x.map(m.whole)", values) == [f"{value:,}" for value in values]


@pytest.mark.parametrize(
    ("now", "due", "moved", "left"),
    [
        (1000, 1200, 0, 200),  # not yet due
        (1200, 1200, 0, 0),
        (1200, 1200, 1190, 40),  # a hand has just done something
        (1500, 1200, 1490, 40),
        (1580, 1200, 1579, 20),  # one that does not rest
        (1600, 1200, 1599, 0),
    ],
)
def test_the_timer_waits_until_it_is_due_and_a_hand_rests(
    bare: Page, now: int, due: int, moved: int, left: int
) -> None:
    assert ask(bare, "timer.js", "m.pause(...x)", [now, due, moved]) == left


def test_nothing_is_asked_of_a_page_that_its_reader_is_about_to_leave(bare: Page) -> None:
    looks = [(1000, 1200), (1200, 1200), (3090, 1200), (3100, 1200)]  # the link was followed at 1100
    assert ask(bare, "timer.js", "x.map(([now, due]) => m.pause(now, due, 0, 1100))", looks) == [200, 1900, 10, 0]


def test_nothing_is_asked_while_a_pointer_holds_a_live_knob_and_just_after(bare: Page) -> None:
    story = """(() => {
      const knob = Object.assign(document.createElement("div"), { className: "st-key-live-adam-lr" });
      knob.innerHTML = '<div class="stSlider"><input type="range"></div><i></i>';
      document.body.append(knob);
      const look = () => Math.round((m.heldUntil() - performance.now()) / 100);
      const seen = [look()];
      for (const [place, kind] of [["i", "pointerdown"], ["input", "pointerdown"], ["input", "pointerup"]]) {
        knob.querySelector(place).dispatchEvent(new PointerEvent(kind, { bubbles: true }));
        seen.push(look());
      }
      knob.remove();
      return seen;
    })()"""
    assert ask(bare, "held.js", story) == [-math.inf, -math.inf, 50, 2]  # in tenths of a second


def test_the_field_beside_a_held_slider_follows_it_and_shows_what_holds_where_the_page_draws_no_other(
    bare: Page,
) -> None:
    story = """await (async () => {
      const row = document.body.appendChild(document.createElement("div")), seen = [];
      row.className = "st-key-row-live-x";
      row.innerHTML = `<div class="st-key-live-x"><div class="stSlider"><input type="range" value="1"></div></div>
        <input data-testid="stTextInputField" value="0.003">`;
      const [slider, field] = row.querySelectorAll("input");
      const turn = async (place, text) => {
        slider.setAttribute("aria-valuetext", text);
        slider.setAttribute("value", place);
        await new Promise((done) => setTimeout(done, 0));
        seen.push(field.value);
      };
      const press = (kind) => slider.dispatchEvent(new PointerEvent(kind, { bubbles: true }));
      const rest = async (ms) => {
        await new Promise((done) => setTimeout(done, ms));
        seen.push(field.value);
      };
      press("pointerdown");
      await turn(2, "0.01");
      await turn(3, "1,000");
      await rest(2300); // held
      press("pointerup");
      await rest(2300);
      press("pointerdown");
      field.focus(); // somebody types
      await turn(4, "10");
      press("pointerup");
      row.remove();
      return seen;
    })()"""
    assert ask(bare, "held.js", story) == ["0.01", "1000", "1000", "0.003", "0.003"]


def test_charts_wait_for_a_hand_s_answer_but_not_for_long_and_not_again_at_once(bare: Page) -> None:
    story = [
        ("press", 0, True),
        ("look", 399, True),
        ("look", 400, False),  # no answer: charts go on
        ("press", 500, False),  # as a key does that is held down
        ("press", 800, True),
        ("answer", 900, False),
        ("press", 910, True),
    ]
    play = """x.reduce(([hand, seen], [what, now]) => {
      if (what !== "look") hand[what](now);
      return [hand, [...seen, hand.holds(now)]];
    }, [new m.Hand(), []])[1]"""
    assert ask(bare, "hand.js", play, [part[:2] for part in story]) == [holds for *_, holds in story]


@pytest.mark.parametrize(
    ("held", "low", "high", "is_from_zero", "ends"),
    [
        (None, 0, 100, True, [0, 125]),
        ([0, 125], 0, 124, True, [0, 125]),
        ([0, 125], 0, 128, True, [0, 160]),
        ([0, 125], 0, 20, True, [0, 25]),  # begun anew
        (None, 1, 2, False, [0.94, 2.06]),
        ([0.94, 2.06], 1, 1.6, False, [0.94, 2.06]),
        ([0.94, 2.06], 1, 1.1, False, [0.994, 1.106]),  # loose
        ([0.94, 2.06], 0.5, 2, False, [0.125, 2.09]),  # by a quarter where it has to grow
        ([0.94, 2.06], 0.1, 2.1, False, [-0.12, 2.6]),  # of what is never below zero little is drawn there
        (None, 3, 3, False, [2.82, 3.18]),
        (None, 0, 0, True, [0, 1.25]),
    ],
)
def test_an_axis_moves_in_steps(bare: Page, held: list[float] | None, low: float, high: float, is_from_zero: bool,
                                ends: list[float]) -> None:  # fmt: skip
    assert ask(bare, "ends.js", "m.steady(...x)", [held, low, high, is_from_zero]) == pytest.approx(ends)


LEVEL = {"type": "line", "y0": 3, "y1": 3, "label": {"text": "guessing: 3"}}


@pytest.mark.parametrize(
    ("shape", "is_log", "ends"),
    [
        ({}, False, [0, 3]),
        ({"y0": 2.4, "y1": 2.4}, False, [0, 2.5]),
        ({"y0": 9, "y1": 9}, False, [0, 2.5]),  # far off
        ({"y0": 1000, "y1": 1000}, True, [0, 3]),
        ({"yref": "y2"}, False, [0, 2.5]),
        ({"y1": 2}, False, [0, 2.5]),  # no level
        ({"label": None}, False, [0, 2.5]),  # without a word
    ],
)
def test_an_axis_takes_in_a_named_level_that_lies_little_beyond_the_data(
    bare: Page, shape: dict[str, Any], is_log: bool, ends: list[float]
) -> None:
    assert ask(bare, "ends.js", "m.withLevels(...x)", [[0, 2.5], "yaxis", [LEVEL | shape], is_log]) == ends


def test_the_timer_asks_once_and_not_while_the_server_answers(bare: Page) -> None:
    play = """await (async () => {
      const app = document.body.appendChild(document.createElement("div"));
      const rest = (ms) => new Promise((done) => setTimeout(done, ms));
      const asked = [];
      const mount = { data: { every: 10, beat: 4 }, parentElement: app, setStateValue: (...told) => asked.push(told) };
      app.className = "stApp";
      app.dataset.testScriptState = "running";
      const leave = m.default(mount);
      await rest(150);
      const meanwhile = asked.length;
      app.dataset.testScriptState = "notRunning";
      await rest(300);
      leave();
      app.remove();
      return [meanwhile, asked];
    })()"""
    assert ask(bare, "timer.js", play) == [0, [["beat", 5]]]


@pytest.mark.parametrize("decimals", [0, 1, 3])
def test_decimals_are_written_as_python_writes_them(bare: Page, decimals: int) -> None:
    values = np.random.default_rng(decimals).normal(0, 3000, 50).tolist()
    found = ask(bare, "numbers.js", "x[0].map((value) => m.fixed(value, x[1]))", [values, decimals])
    assert found == [f"{value:,.{decimals}f}" for value in values]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.123456, "0.123"), (12.34, "12.3"), (0.5, "0.5"), (1e-7, "1.0e-7"), (123456, "1.2e+5"), (0, "0")],
)
def test_a_short_number_has_three_digits(bare: Page, value: float, text: str) -> None:
    assert ask(bare, "numbers.js", "m.short(x)", value) == text


@pytest.mark.parametrize(
    ("dial", "value", "text"),
    [
        ({"log": False, "step": 0.05}, 0.3, "0.30"),
        ({"log": False, "step": 1}, 1500, "1,500"),
        ({"log": True, "step": 0}, 0.00031, "0.00031"),
        ({"log": False, "step": 1, "words": ["none", "some"]}, 1, "some"),
        ({"log": False, "step": 1, "words": ["none"]}, 4, "4"),
    ],
)
def test_a_dial_writes_its_value_in_the_steps_that_it_has_or_in_words(
    bare: Page, dial: dict[str, Any], value: float, text: str
) -> None:
    assert ask(bare, "dials.js", "m.spell(x[0], x[1])", [dial, value]) == text


DIALS = """async ([path, isHeard]) => {
  const { Dials } = await import(path);
  const board = { listeners: new Set(), words: {}, report() {},
    get heard() { return isHeard ? this.counted : 0; } };
  const dials = new Dials(board), told = { kind: "slider", id: "x", label: "X", help: "", low: 0, high: 9, step: 1 };
  const row = () => dials.rows.get("x");
  dials.update([{ ...told, value: 5 }]);
  row().hold.lasts = 20;
  dials.set(row(), 2);
  dials.update([{ ...told, value: 5 }]); // as it was before it had heard
  const seen = [row().input.value];
  dials.update([{ ...told, value: 7 }]); // something else has brought it there; and nothing more is told
  seen.push(row().input.value);
  for (let left = 200; left && row().hold.isOn; left -= 1) await new Promise((done) => setTimeout(done, 10));
  return [...seen, row().input.value];
}"""


TABLE = """async ([path, notes]) => {
  const { Table } = await import(path);
  const card = { plot: document.body.appendChild(document.createElement("div")), title: document.body };
  const table = new Table(card);
  return notes.map((note) => (table.show({ columns: [], rows: [], note: note ?? undefined }), table.note.hidden));
}"""


def test_a_table_keeps_the_place_of_a_sentence_that_may_come_and_no_other_has_one(bare: Page) -> None:
    assert bare.evaluate(TABLE, [f"/{address('table.js')}", ["", "Said.", None]]) == [False, False, True]


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_dial_is_held_against_older_answers_and_stands_at_the_newest_soon(bare: Page, is_heard: bool) -> None:
    assert bare.evaluate(DIALS, [f"/{address('dials.js')}", is_heard]) == ["2", "2", "7"]


@pytest.mark.parametrize("kind", ["f8", "f4", "f2", "i8", "i4", "u1", "i1", "u2"])
def test_an_array_arrives_in_the_browser_as_it_was_sent(bare: Page, kind: str) -> None:
    sent = (np.random.default_rng(1).normal(0, 30, 40)).astype(kind)
    payload = json.loads(encode({"x": sent}))
    found = ask(bare, "figure.js", "[...m.numbers(x)]", payload["x"])
    assert_array_equal(np.asarray(found), sent.astype("f4") if kind[0] == "f" else sent)


def test_a_short_list_with_a_hole_arrives_with_the_hole(bare: Page) -> None:
    payload = json.loads(encode({"x": np.array([1.5, np.nan, 3.0])}))
    found = ask(
        bare, "figure.js", "[...m.numbers(x)].map((value) => Number.isNaN(value) ? 'hole' : value)", payload["x"]
    )
    assert found == [1.5, "hole", 3.0]


@pytest.mark.parametrize(
    ("colour", "faded"),
    [
        ("#D55E00", "rgba(213,94,0,0.25)"),
        ("rgb(1, 2, 3)", "rgba(1,2,3,0.25)"),
        ("rgba(1,2,3,0.5)", "rgba(1,2,3,0.125)"),
    ],
)
def test_a_colour_fades_by_its_share(bare: Page, colour: str, faded: str) -> None:
    assert ask(bare, "lanes.js", "m.faded(x, 0.25)", colour) == faded


@pytest.mark.parametrize(("dash", "strokes"), [("dash", "6 4"), ("solid", "none"), ("5px,2px", "5 2"), (None, "none")])
def test_a_dash_of_a_line_is_the_same_in_a_table(bare: Page, dash: str | None, strokes: str) -> None:
    assert ask(bare, "table.js", "m.dashOf(x)", dash) == strokes


def test_a_path_breaks_at_a_hole_and_reaches_far_places_in_their_direction(bare: Page) -> None:
    draw = "m.pathOf(x.map((pair) => pair.map((value) => value ?? NaN)))"
    assert (
        ask(bare, "animated_traces.js", draw, [[0, 0], [1, 2], [None, 5], [3, 4], [5, 6]])
        == "M0.0,0.0L1.0,2.0M3.0,4.0L5.0,6.0"
    )
    assert ask(bare, "animated_traces.js", draw, [[0, 0], [4e6, 2e6]]) == "M0.0,0.0L100000.0,50000.0"


def test_the_newest_report_waits_for_the_answer_to_the_last_one(bare: Page) -> None:
    sent = ask(
        bare,
        "reports.js",
        """(() => {
          const sent = [], report = (kind, value) => sent.push([kind, value.at, value.n]);
          const board = { listeners: new Set(), report };
          const reports = new m.Reports(board, "dial");
          [1, 2, 3].forEach((at) => reports.send({ at }));
          const before = [...sent];
          board.heard = 1;
          board.listeners.forEach((each) => each.flush());
          return [before, sent];
        })()""",
    )
    assert sent == [[["dial", 1, 1]], [["dial", 1, 1], ["dial", 3, 2]]]


@pytest.mark.parametrize(
    ("told", "arrived"),
    [
        ([{"id": "noise", "value": 1}, {"id": "units", "value": 2}, {"id": "data", "value": "xor"},
          {"id": "rate", "value": 4}, {"id": "rate", "value": 5}], [1, 2, "xor", 5]),
        ([{"act": "add", "value": at} for at in range(3)], [0, 1, 2]),
        ([{"act": "move", "name": "a", "index": at // 2, "value": at} for at in range(5)], [0, 1, 3, 4]),
    ],
)  # fmt: skip
def test_no_report_takes_the_place_of_another_control_s(
    bare: Page, told: list[dict[str, Any]], arrived: list[object]
) -> None:
    sent = ask(
        bare,
        "reports.js",
        """(() => {
          const sent = [], board = { listeners: new Set(), report: (kind, { value }) => sent.push(value) };
          const reports = new m.Reports(board, "dial");
          x.forEach((each) => reports.send(each));
          while (sent.length > (board.heard ?? 0)) {
            board.heard = sent.length;
            board.listeners.forEach((each) => each.flush());
          }
          return sent;
        })()""",
        told,
    )
    assert sent == arrived


SHEET = """x.map(({ values, rows, align }) => {
  const card = (window.card ??= { plot: document.body.appendChild(document.createElement("div")) });
  card.sheet ??= new m.Sheet(card);
  const before = [...card.sheet.body.rows];
  const look = { align, font: { size: 12 } };
  card.sheet.show([{ header: { values, ...look }, cells: { values: rows, ...look, height: 26 } }]);
  const texts = [...card.sheet.box.querySelectorAll("tr")].map((row) => [...row.cells].map((each) => each.textContent));
  const kept = [...card.sheet.body.rows].filter((row) => before.includes(row)).length;
  const heads = [...card.sheet.head.cells];
  return { texts, kept, align: heads.map((each) => each.style.textAlign), scope: heads[0].scope };
})"""


def test_a_figure_s_table_is_the_page_s_own_and_keeps_its_rows_while_their_numbers_change(bare: Page) -> None:
    def table(*columns: list[str]) -> dict[str, Any]:
        return {"values": ["<b>name</b>", "<b>mean</b>"], "rows": columns, "align": ["left", "right"]}

    stories = [table(["w", "b"], ["1", "2"]), table(["w", "b", "c"], ["1.5", "2", "3"]), table(["w"], ["<i>4</i>"])]
    first, grown, shrunk = ask(bare, "sheet.js", SHEET, stories)
    assert first["texts"] == [["name", "mean"], ["w", "1"], ["b", "2"]]
    assert (first["align"], first["scope"]) == (["left", "right"], "col")
    assert (grown["texts"][1:], grown["kept"]) == ([["w", "1.5"], ["b", "2"], ["c", "3"]], 2)
    assert (shrunk["texts"][1:], shrunk["kept"]) == ([["w", "<i>4</i>"]], 1)  # a text is never read as a page
    assert [ask(bare, "sheet.js", "m.isSheet(x)", {"data": data}) for data in ([], [{"type": "bar"}])] == [False, False]


COME = """await (async ([leaves, glide]) => {
  document.body.innerHTML = `<div style="height: 500vh"></div><p id="aim">aim</p><div style="height: 300vh"></div>`;
  scrollTo(0, 0);
  const aim = document.querySelector("#aim");
  m.approach(aim, glide);
  scrollTo(0, 0); // something that moves on the page ends the glide
  if (leaves) dispatchEvent(new Event("wheel"));
  await new Promise((done) => setTimeout(done, glide + 100));
  return aim.getBoundingClientRect().top < innerHeight / 2;
})(x)"""


@pytest.mark.parametrize("leaves", [False, True])
def test_a_board_that_calls_comes_into_view_though_its_glide_was_ended_unless_the_reader_goes_elsewhere(
    bare: Page, leaves: bool
) -> None:
    assert ask(bare, "approach.js", COME, [leaves, 300]) is not leaves
