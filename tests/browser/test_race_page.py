"""Journeys on the Race page, in a real browser against a real server."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

NAMES = ["SGD", "Momentum", "NAG", "Adagrad", "Adadelta", "RMSprop", "Adam", "AdamW"]
SHORT = "?dataset=moons&model=mlp:hidden=8&epochs=10&lanes=sgd;momentum;adam"
ENDLESS = "?epochs=0"
POINTS = "graph._fullData.filter((trace) => trace.meta?.lane).map((trace) => [trace.meta.lane, trace.x.length])"


OPACITY = (
    "((chart, lane) => document.querySelector(`[data-chart=${chart}] .js-plotly-plot`)?._fullData"
    "?.find((trace) => trace.meta?.lane === lane)?.opacity)"
)


def open_race(visitor: Visitor, link: str = "") -> None:
    visitor.open(f"/Race{link}")
    expect(visitor.page.locator("[data-chart=leaderboard] tbody tr").first).to_be_visible()


def points_of(visitor: Visitor, chart: str = "test_loss") -> dict[str, int]:
    """Count the points that a chart draws for each lane."""
    return {str(lane): int(count) for lane, count in visitor.ask_chart(chart, POINTS)}


def ranking(visitor: Visitor) -> list[str]:
    """Read the leaderboard from first to last."""
    rows = visitor.page.locator("[data-chart=leaderboard] tbody tr").all()
    return [str(row.get_attribute("data-key")) for row in rows]


def opacities(visitor: Visitor, chart: str = "test_loss") -> dict[str, float]:
    """Read how strongly a chart draws each lane."""
    found = visitor.ask_chart(chart, "graph._fullData.filter((t) => t.meta?.lane).map((t) => [t.meta.lane, t.opacity])")
    return {str(lane): float(opacity) for lane, opacity in found}


def test_eight_named_lanes_grow_together_and_a_winner_stands_on_the_podium(visitor: Visitor) -> None:
    visitor.take_less_room()
    open_race(visitor)
    visitor.press("Play")
    visitor.wait_for_step(60)
    visitor.wait_for_draws("test_loss", 2)
    before = points_of(visitor)
    assert sorted(before) == sorted(NAMES)
    assert len(set(before.values())) == 1
    visitor.wait_for_draws("test_loss", 4)
    assert all(count > before[lane] for lane, count in points_of(visitor).items())
    visitor.slider("Speed").press("End")
    visitor.wait_for_status("Finished")
    podium = visitor.page.locator("[data-chart=podium] tbody tr")
    expect(podium).to_have_count(8)
    expect(podium.first).to_contain_text("in place 1 of 8")
    assert visitor.counter("leader") == ranking(visitor)[0]


def test_three_seeds_have_bands_live_changes_are_noted_and_a_target_moved_afterwards_leaves_the_race_alone(
    visitor: Visitor,
) -> None:
    visitor.take_less_room()
    open_race(visitor, ENDLESS + "&seeds=3")
    visitor.press("Play")
    eight_lanes_with_three_seeds_are_refreshed_with_bands_around_their_medians(visitor)
    a_rate_leaves_a_mark_on_its_lane_alone(visitor)
    a_momentum_behind_a_name_is_turned(visitor)
    a_target_is_moved(visitor)
    expect(visitor.log()).to_have_count(2)
    expect(visitor.slider("Adam: learning rate")).to_have_attribute("aria-valuetext", "0.01")


def a_rate_leaves_a_mark_on_its_lane_alone(visitor: Visitor) -> None:
    visitor.turn("Adam: learning rate", "ArrowRight")
    expect(visitor.log()).to_have_count(1)
    expect(visitor.log()).to_contain_text("Adam: Learning rate 0.003 → 0.01")
    visitor.wait_for_draws("test_loss", 2)
    written = visitor.ask_chart("test_loss", "(graph.layout.annotations ?? []).map((each) => each.text).join()")
    assert "Adam" in written
    (journal,) = parse_qs(urlsplit(visitor.page.url).query)["journal"]
    assert re.fullmatch(r"\d+@\d+:optimizer\.lr:0\.01", journal)


def a_momentum_behind_a_name_is_turned(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="NAG", exact=True).first.click()
    visitor.page.locator("[data-testid=stPopoverBody]").get_by_role("slider", name="Momentum").press("ArrowLeft")
    expect(visitor.log().nth(1)).to_contain_text(re.compile(r"NAG: Momentum 0\.9"))
    visitor.page.keyboard.press("Escape")


def a_target_is_moved(visitor: Visitor) -> None:
    """Move it and wait until the race has gone on for a while."""
    before = visitor.step()
    visitor.page.get_by_role("slider", name=re.compile("Target")).press("ArrowDown")
    visitor.linger()
    visitor.linger()
    visitor.wait_for_step(before + 20)


def test_a_short_race_starts_fairly_its_target_is_dragged_and_its_best_rates_and_another_optimizer_are_taken(
    visitor: Visitor,
) -> None:
    open_race(visitor, SHORT)
    the_start_is_fair_and_another_with_another_seed(visitor)
    a_chart_is_saved_as_a_picture(visitor)
    visitor.press("Play")
    visitor.wait_for_step(30)
    a_selected_lane_stays_out_until_the_race_has_finished(visitor)
    the_target_is_dragged_and_the_leaderboard_follows(visitor)
    the_best_rates_are_searched_with_a_bar_and_taken(visitor)
    the_export_has_a_table_and_a_link_that_opens_the_race_again(visitor)
    another_optimizer_is_shown_at_once_and_everywhere(visitor)


def the_start_is_fair_and_another_with_another_seed(visitor: Visitor) -> None:
    fair = visitor.page.get_by_text("Fair start")
    expect(fair).to_contain_text(visitor.counter("start"))
    first = visitor.counter("start")
    visitor.press("New seed")
    visitor.wait("document.querySelector('[data-counter=start] dd')?.textContent.length === 12")
    visitor.wait("document.querySelector('[data-counter=start] dd')?.textContent !== x", first)


def a_chart_is_saved_as_a_picture(visitor: Visitor) -> None:
    visitor.wait_for_draws("test_loss", 0 if visitor.draws("test_loss") else 1)
    visitor.page.get_by_role("button", name="Save as a picture: Test loss").click()
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="PNG", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def a_selected_lane_stays_out_until_the_race_has_finished(visitor: Visitor) -> None:
    visitor.page.locator("[data-chart=leaderboard] tr[data-key=Adam] button").click()
    visitor.page.mouse.move(5, 5)
    for chart in ("test_loss", "accuracy"):  # both are in the window
        visitor.wait(f"{OPACITY}(x[0], x[1]) < 0.5", [chart, "SGD"])
        visitor.wait(f"{OPACITY}(x[0], x[1]) === 1", [chart, "Adam"])
    visitor.wait_for_status("Finished")
    assert opacities(visitor)["SGD"] < 0.5
    visitor.page.keyboard.press("Escape")
    visitor.wait(f"{OPACITY}(x[0], x[1]) === 1", ["test_loss", "SGD"])


def the_target_is_dragged_and_the_leaderboard_follows(visitor: Visitor) -> None:
    before = parse_qs(urlsplit(visitor.page.url).query)["target"]
    handle = visitor.page.locator("[data-chart=test_loss] .nnviz-target")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x, y - 40, steps=6)
    visitor.page.mouse.up()
    visitor.wait("Number(new URLSearchParams(location.search).get('target')) > x", float(before[0]))
    expect(visitor.page.get_by_role("columnheader", name="To target")).to_be_visible()


def the_best_rates_are_searched_with_a_bar_and_taken(visitor: Visitor) -> None:
    visitor.page.get_by_role("radio", name="The best for each").or_(
        visitor.page.get_by_role("button", name="The best for each")
    ).click()
    expect(visitor.page.locator("[data-chart=rates]")).to_be_visible()
    visitor.page.wait_for_function("() => /adam:lr=/.test(decodeURIComponent(location.search))")
    chosen = dict(each.split(":lr=") for each in parse_qs(urlsplit(visitor.page.url).query)["lanes"][0].split(";"))
    marks = visitor.ask_chart("rates", "graph._fullData.filter((t) => t.mode.includes('markers')).length")
    assert set(chosen) == {"sgd", "momentum", "adam"}
    assert marks >= 3


def the_export_has_a_table_and_a_link_that_opens_the_race_again(visitor: Visitor) -> None:
    visitor.press("Play")
    visitor.wait_for_status("Finished")
    losses = visitor.page.locator("[data-chart=leaderboard] tbody tr td:nth-child(3)").all_inner_texts()
    visitor.press("Take away")
    with visitor.page.expect_download() as download:
        visitor.press("Curves")
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("lane,seed,kind,update")
    link = visitor.page.locator("[data-testid=stCode] code").last.inner_text().strip()
    visitor.page.goto(link)
    visitor.wait_for_charts()
    visitor.press("Play")
    visitor.wait_for_status("Finished")
    assert visitor.page.locator("[data-chart=leaderboard] tbody tr td:nth-child(3)").all_inner_texts() == losses


def another_optimizer_is_shown_at_once_and_everywhere(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Adam", exact=True).click()
    visitor.page.locator("[data-testid=stPopoverBody] [data-testid=stSelectbox] input").click()
    visitor.page.locator("[role=option]").filter(has_text="RMSprop").first.click()
    expect(visitor.page.get_by_role("button", name="RMSprop", exact=True)).to_be_visible()
    visitor.wait_for_status("Ready")
    visitor.wait("document.querySelector('[data-chart=leaderboard] tbody')?.textContent.includes('RMSprop')")
    assert set(points_of(visitor)) == {"SGD", "Momentum", "RMSprop"}


def eight_lanes_with_three_seeds_are_refreshed_with_bands_around_their_medians(visitor: Visitor) -> None:
    visitor.wait_for_step(20)
    first, stamp = visitor.step(), visitor.page.locator(".nnviz-board").get_attribute("data-stamp")
    for _ in range(5):
        visitor.wait("document.querySelector('.nnviz-board').dataset.stamp !== x", stamp)
        stamp = visitor.page.locator(".nnviz-board").get_attribute("data-stamp")
    assert visitor.step() > first
    fills = visitor.ask_chart("test_loss", "graph._fullData.filter((trace) => trace.fill === 'toself').length")
    assert fills == 8
