"""Journeys on the Surfaces page, in a real browser against a real server."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from nnviz.catalog.surfaces import SURFACES
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

TRAILS = "graph.data.filter((t) => t.meta?.lane && t.meta?.playback?.kind === 'head')"
# The strokes of the lanes' trails as they are on the screen: a trail has one dash pattern and no dots.
STROKES = (
    "[...document.querySelectorAll('[data-chart=contour] .scatterlayer > .trace')]"
    ".filter((node) => /head/.test(node.__data__?.[0]?.trace?.meta?.playback?.kind))"
    ".map((node) => node.querySelector('.js-line')?.getAttribute('d') ?? '')"
)


def trails(visitor: Visitor) -> dict[str, Any]:
    """Read each lane's trail as it is drawn now: its first point and how many there are."""
    found = visitor.ask_chart("contour", TRAILS + ".map((t) => [t.meta.lane, t.x[0], t.y[0], t.x.length])")
    return {lane: (x, y, count) for lane, x, y, count in found}


def wait_for_end(visitor: Visitor) -> None:
    """Wait until the playback stands at its last step."""
    visitor.page.wait_for_function(
        "() => { const slide = document.querySelector('.nnviz-playback input[type=range]');"
        " return slide && slide.value === slide.max; }"
    )


def click_ground(visitor: Visitor, across: float, up: float) -> None:
    """Click the contour at a share of its width and height."""
    ground = visitor.page.locator("[data-chart=contour] .nsewdrag").first
    ground.scroll_into_view_if_needed()
    box = ground.bounding_box()
    assert box is not None
    visitor.page.mouse.click(box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"])


def test_trails_can_be_scrubbed_redrawn_at_another_rate_and_started_elsewhere(visitor: Visitor) -> None:
    visitor.open("/Surfaces")
    visitor.wait("Number(document.querySelector('.nnviz-playback input[type=range]').value) > 5")  # by itself
    visitor.page.locator(".nnviz-playback input[type=range]").press("End")
    wait_for_end(visitor)
    assert len(trails(visitor)) == 8
    is_scrubbed_step_by_step(visitor)
    a_rate_redraws_its_trail_before_the_ground_where_the_playback_stands(visitor)
    a_click_starts_all_trails_there(visitor)


def is_scrubbed_step_by_step(visitor: Visitor) -> None:
    """Go to the first step, to the next and to the last."""
    slide = visitor.page.locator(".nnviz-playback input[type=range]")
    slide.focus()
    slide.press("Home")
    visitor.wait(f"{STROKES}.length === 8 && {STROKES}.every((d) => !d.includes('L'))")
    slide.press("ArrowRight")
    visitor.wait(f"{STROKES}.every((d) => d.split('L').length === 2)")
    expect(visitor.page.locator(".nnviz-playback")).to_contain_text("1 / 300")
    slide.press("End")
    wait_for_end(visitor)


def a_rate_redraws_its_trail_before_the_ground_where_the_playback_stands(visitor: Visitor) -> None:
    """Turn one rate: that trail alone is another, on the screen at once and then for the plot library."""
    card = visitor.page.locator("[data-chart=contour]")
    end = TRAILS + ".map((t) => t.x[Math.min(5, t.x.length - 1)])"
    before, strokes = visitor.ask_chart("contour", end), visitor.page.evaluate(STROKES)
    visitor.page.evaluate(WATCH_PREVIEWS)
    visitor.turn("SGD: learning rate")
    expect(card).to_have_attribute("data-previews", re.compile("[0-9]"))
    seen = visitor.page.evaluate("window.seen")
    assert seen["isBefore"]
    assert seen["strokes"][0] != strokes[0]
    assert seen["strokes"][1:] == strokes[1:]
    visitor.page.wait_for_function("() => !decodeURIComponent(location.search).includes('sgd:lr=0.09')")
    graph = "document.querySelector('[data-chart=contour] .js-plotly-plot')"
    visitor.wait(f"((graph) => String({end}))({graph}) !== x", ",".join(map(str, before)))
    after = visitor.ask_chart("contour", end)
    assert after[0] != before[0]
    assert after[1:] == before[1:]
    wait_for_end(visitor)


WATCH_PREVIEWS = (
    "() => { const card = document.querySelector('[data-chart=contour]'); const draws = card.dataset.draws;"
    " new MutationObserver(() => { window.seen ??= { isBefore: card.dataset.draws === draws,"
    f" strokes: {STROKES} }}; }}).observe(card, {{ attributes: true, attributeFilter: ['data-previews'] }}); }}"
)


def a_click_starts_all_trails_there(visitor: Visitor) -> None:
    """Click the ground, and find the place in the link and at the beginning of every trail."""
    before = trails(visitor)
    click_ground(visitor, 0.8, 0.7)
    visitor.page.wait_for_function("() => location.search.includes('start=')")
    x, y = map(float, parse_qs(urlsplit(visitor.page.url).query)["start"][0].split(","))
    assert x > 0
    assert y > 0
    wait_for_end(visitor)
    after = trails(visitor)
    assert len(after) == 8
    assert all(abs(trail[0] - x) < 1e-3 and abs(trail[1] - y) < 1e-3 for trail in after.values())
    assert after != before


def test_every_surface_draws_without_complaint_and_an_optimizer_looked_into_draws_its_arrows(visitor: Visitor) -> None:
    visitor.page.emulate_media(reduced_motion="reduce")  # drawn whole at once, for another journey plays
    visitor.open("/Surfaces?internals=Momentum")
    names = visitor.ask_chart("contour", "graph.data.map((trace) => trace.name ?? '').join()")
    for word in ("gradient", "velocity", "update"):
        assert word in names
    for name in ("rosenbrock", "himmelblau", "rastrigin", "saddle", "plateau"):
        drawn = visitor.ask_chart("contour", GROUND)
        visitor.choose("Surface", SURFACES[name].label)
        visitor.wait("new URL(location).searchParams.get('surface')?.startsWith(x)", name)
        graph = "document.querySelector('[data-chart=contour] .js-plotly-plot')"
        visitor.wait(f"((graph) => {GROUND})({graph}) !== x", drawn)
        expect(visitor.page.locator("[data-chart=contour] .js-plotly-plot")).to_be_visible()
        assert visitor.page.locator(".nnviz-note:not(:empty)").count() == 0


GROUND = "JSON.stringify(Array.from(graph._fullData.find((trace) => trace.z).z[0]).slice(0, 20))"
