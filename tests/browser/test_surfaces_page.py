"""Journeys on the Surfaces page, in a real browser against a real server."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

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


def test_a_click_on_the_ground_starts_eight_trails_there(visitor: Visitor) -> None:
    visitor.open("/Surfaces")
    wait_for_end(visitor)
    assert len(trails(visitor)) == 8
    before = trails(visitor)
    click_ground(visitor, 0.8, 0.7)
    visitor.page.wait_for_function("() => location.search.includes('start=')")
    x, y = map(float, parse_qs(urlsplit(visitor.page.url).query)["start"][0].split(","))
    assert x > 0
    assert y > 0
    wait_for_end(visitor)
    after = trails(visitor)
    assert all(abs(trail[0] - x) < 1e-3 and abs(trail[1] - y) < 1e-3 for trail in after.values())
    assert after != before


def test_a_learning_rate_redraws_its_trail_where_the_playback_stands(visitor: Visitor) -> None:
    visitor.open("/Surfaces")
    wait_for_end(visitor)
    end = TRAILS + ".map((t) => t.x[Math.min(5, t.x.length - 1)])"
    before = visitor.ask_chart("contour", end)
    visitor.turn("SGD: learning rate")
    visitor.page.wait_for_function("() => !decodeURIComponent(location.search).includes('sgd:lr=0.09')")
    visitor.page.wait_for_function(
        "(x) => { const graph = document.querySelector('[data-chart=contour] .js-plotly-plot');"
        f" return String({end}) !== String(x); }}",
        arg=before,
    )
    after = visitor.ask_chart("contour", end)
    assert after[0] != before[0]
    assert after[1:] == before[1:]
    wait_for_end(visitor)


def test_new_trails_are_on_the_screen_before_the_ground_is_drawn_again(visitor: Visitor) -> None:
    visitor.open("/Surfaces")
    wait_for_end(visitor)
    card = visitor.page.locator("[data-chart=contour]")
    before = visitor.page.evaluate(STROKES)
    visitor.page.evaluate(
        "() => { const card = document.querySelector('[data-chart=contour]'); const draws = card.dataset.draws;"
        " new MutationObserver(() => { window.seen ??= { isBefore: card.dataset.draws === draws,"
        f" strokes: {STROKES} }}; }}).observe(card, {{ attributes: true, attributeFilter: ['data-previews'] }}); }}"
    )
    visitor.turn("SGD: learning rate")
    expect(card).to_have_attribute("data-previews", re.compile("[0-9]"))
    seen = visitor.page.evaluate("window.seen")
    assert seen["isBefore"]
    assert seen["strokes"][0] != before[0]
    assert seen["strokes"][1:] == before[1:]


def test_the_playback_can_be_scrubbed_step_by_step(visitor: Visitor) -> None:
    visitor.open("/Surfaces")
    wait_for_end(visitor)
    slide = visitor.page.locator(".nnviz-playback input[type=range]")
    slide.focus()
    slide.press("Home")
    visitor.wait(f"{STROKES}.length === 8 && {STROKES}.every((d) => !d.includes('L'))")
    slide.press("ArrowRight")
    visitor.wait(f"{STROKES}.every((d) => d.split('L').length === 2)")
    expect(visitor.page.locator(".nnviz-playback")).to_contain_text("1 / 300")


def test_looking_inside_an_optimizer_draws_its_arrows(visitor: Visitor) -> None:
    visitor.open("/Surfaces?internals=Momentum")
    names = visitor.ask_chart("contour", "graph.data.map((trace) => trace.name ?? '').join()")
    for word in ("gradient", "velocity", "update"):
        assert word in names


def test_every_surface_draws_without_complaint(visitor: Visitor) -> None:
    visitor.open("/Surfaces")
    for name in ("rosenbrock", "himmelblau", "rastrigin", "saddle", "plateau"):
        visitor.open(f"/Surfaces?surface={name}")
        expect(visitor.page.locator("[data-chart=contour] .js-plotly-plot")).to_be_visible()
        assert visitor.page.locator(".nnviz-note:not(:empty)").count() == 0
