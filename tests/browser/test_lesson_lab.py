"""Journeys through the lab on the small digits."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LINK = "/Lab?data=digits&batch=32&epochs=5"
CELLS = "[...document.querySelectorAll('[data-chart=\"{}\"] tbody tr')].map((row) => row.cells[{}].textContent)"
DONE = "[...document.querySelectorAll('.nnviz-status')].some((each) => each.textContent.startsWith('Finished'))"


def open_lab(visitor: Visitor) -> None:
    visitor.open(LINK)
    visitor.wait("Number(document.querySelector('[data-chart=answers]')?.dataset.draws) > 0")


def look_at(page: Page, chart: str, column: int, wanted: str) -> None:
    """Scroll to a table, which is drawn only while it is seen, and wait for a column; `wanted` is about `texts`."""
    page.locator(f"[data-chart='{chart}']").scroll_into_view_if_needed()
    page.wait_for_function(f"() => {{ const texts = {CELLS.format(chart, column)}; return {wanted}; }}")


def test_the_lab_shows_a_picture_s_way_trains_to_its_end_shows_wrong_answers_and_comes_back(visitor: Visitor) -> None:
    open_lab(visitor)
    the_way_of_a_picture_follows_the_dial_while_it_is_dragged(visitor)
    trains_to_its_end(visitor)
    one_slider_moves_all_steps_back_and_live_is_one_press_away(visitor)
    a_wrong_answer_that_is_clicked_turns_the_task_green(visitor)
    comes_back_after_a_reload_and_in_another_tab(visitor)


def the_way_of_a_picture_follows_the_dial_while_it_is_dragged(visitor: Visitor) -> None:
    dial = visitor.page.locator("input[data-dial=example]")
    dial.scroll_into_view_if_needed()
    box = dial.bounding_box()
    assert box is not None
    before = visitor.draws("path")
    visitor.page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + 120, box["y"] + box["height"] / 2, steps=4)
    visitor.wait("Number(document.querySelector('[data-chart=path]').dataset.draws) > x", before)
    visitor.page.mouse.up()
    visitor.wait("new URL(location).searchParams.get('example') > 0")


def trains_to_its_end(visitor: Visitor) -> None:
    look_at(visitor.page, "parameters", 7, "texts.length === 4 && texts.every((text) => text === '0')")
    visitor.press("Play")
    visitor.wait(DONE)
    look_at(visitor.page, "epochs", 0, "texts.join() === '1,2,3,4,5'")
    picture = visitor.save_chart("epochs", "PNG")
    assert picture.path().stat().st_size > 5000  # bytes: a table, and no empty ground
    look_at(visitor.page, "parameters", 7, "texts.every((text) => Number(text) > 0)")
    expect(visitor.button("Play")).to_be_visible()
    expect(visitor.page.get_by_text("Now, after 225 updates")).to_be_visible()


TEXTS = "document.querySelector('[data-chart={}] .js-plotly-plot')._fullData.at({}).text.join()"


def one_slider_moves_all_steps_back_and_live_is_one_press_away(visitor: Visitor) -> None:
    now = {(chart, place): texts_of(visitor, chart, place) for chart, place in (("answers", 1), ("confusion", -1))}
    slider = visitor.page.get_by_role("slider", name="Moment of the run")
    slider.focus()
    slider.press("Home")  # it stays in the window at the seventh step
    expect(visitor.page.get_by_text("As it was after 0 updates, epoch 0.")).to_have_count(3)
    visitor.wait("document.querySelector('[data-chart=losses] .nnviz-cursor:not([hidden])') !== null")
    for (chart, place), texts in now.items():
        visitor.chart(chart).scroll_into_view_if_needed()
        visitor.wait(f"{TEXTS.format(chart, place)} !== x", texts)
    look_at(visitor.page, "parameters", 7, "texts.length === 4 && texts.every((text) => text === '0')")
    expect(visitor.page.get_by_text("After 0 updates", exact=True)).to_be_visible()
    visitor.page.get_by_role("button", name="Live", exact=True).click()
    expect(visitor.page.get_by_text("As it was after")).to_have_count(0)
    look_at(visitor.page, "parameters", 7, "texts.every((text) => Number(text) > 0)")
    for (chart, place), texts in now.items():
        visitor.chart(chart).scroll_into_view_if_needed()
        visitor.wait(f"{TEXTS.format(chart, place)} === x", texts)


def texts_of(visitor: Visitor, chart: str, place: int) -> str:
    """Read what is written on a chart, which is drawn when it comes into the window."""
    visitor.chart(chart).scroll_into_view_if_needed()
    visitor.linger()
    return str(visitor.page.evaluate(TEXTS.format(chart, place)))


def a_wrong_answer_that_is_clicked_turns_the_task_green(visitor: Visitor) -> None:
    visitor.page.get_by_role("link", name="7 Answers").click()
    dial = visitor.page.locator("input[data-dial=sheet]")
    for _ in range(14):
        visitor.linger()
        if visitor.ask_chart("answers", "graph.data[1].text.some((text) => text.startsWith('✗'))"):
            break
        dial.press("ArrowRight")
    spot = visitor.ask_chart(
        "answers",
        "(() => { const at = graph.data[1].text.findIndex((text) => text.startsWith('✗')),"
        " { xaxis, yaxis } = graph._fullLayout, { x, y } = graph._fullData[1];"
        " return { x: xaxis._offset + xaxis.d2p(x[at]), y: yaxis._offset + yaxis.d2p(y[at] - 4) }; })()",
    )
    visitor.chart("answers").click(position=spot)
    expect(visitor.page.get_by_text("often the truth comes second")).to_be_visible()
    assert "run=" in visitor.page.url


def comes_back_after_a_reload_and_in_another_tab(visitor: Visitor) -> None:
    visitor.page.reload()
    visitor.wait_for_charts()
    look_at(visitor.page, "epochs", 0, "texts.join() === '1,2,3,4,5'")
    tab = visitor.new_tab()
    tab.goto(visitor.page.url)
    look_at(tab, "epochs", 0, "texts.length === 5")
