"""Journeys on the GAN's page, in a real browser against a real server."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MADE = "graph._fullData.find((trace) => trace.name === 'made')"
REAL = "graph._fullData.find((trace) => trace.name === 'real')"


def test_points_move_rates_are_turned_live_the_first_points_come_back_and_a_try_shows_pictures(
    visitor: Visitor,
) -> None:
    visitor.open("/GAN")
    visitor.wait_for_draws("density", 0)
    real = visitor.ask_chart("density", f"Array.from({REAL}.x)")
    first = visitor.ask_chart("density", f"Array.from({MADE}.x)")
    visitor.press("Play")
    visitor.wait_for_step(100)
    made_points_move_over_a_changing_ground_beside_real_ones(visitor, first, real)
    both_players_learning_rates_are_turned_live_and_noted(visitor)
    visitor.wait_for_step(200)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    the_slider_brings_the_first_points_back(visitor, first)
    the_tries_show_pictures_and_the_diagram_shows_both_networks(visitor)


def made_points_move_over_a_changing_ground_beside_real_ones(
    visitor: Visitor, first: list[float], real: list[float]
) -> None:
    visitor.wait_for_draws("density", 1)
    assert visitor.ask_chart("density", f"Array.from({MADE}.x)") != first
    assert visitor.ask_chart("density", f"Array.from({REAL}.x)") == real
    assert "of 8 modes" in visitor.ask_chart("density", "graph.layout.annotations[0].text")
    visitor.page.locator("[data-chart=players]").scroll_into_view_if_needed()  # what nobody sees is not drawn
    visitor.wait("document.querySelector('[data-chart=players] .js-plotly-plot')?._fullData?.length >= 4")
    names = visitor.ask_chart("players", "graph._fullData.filter((t) => t.showlegend).map((t) => t.name)")
    assert names == ["generator", "discriminator"]


def both_players_learning_rates_are_turned_live_and_noted(visitor: Visitor) -> None:
    visitor.turn("Generator: learning rate")
    expect(visitor.log()).to_have_count(1)
    visitor.turn("Discriminator: learning rate")
    expect(visitor.log()).to_have_count(2)
    expect(visitor.log().nth(0)).to_contain_text("Generator: learning rate 0.001 →")
    expect(visitor.log().nth(1)).to_contain_text("Discriminator: learning rate 0.001 →")


def the_slider_brings_the_first_points_back(visitor: Visitor, first: list[float]) -> None:
    visitor.page.locator(".nnviz-past input").first.press("Home")
    visitor.wait(
        "document.querySelector('[data-chart=density] .js-plotly-plot')._fullData"
        ".find((trace) => trace.name === 'made').x[0] === x",
        first[0],
    )
    assert visitor.ask_chart("density", f"Array.from({MADE}.x)") == first


def the_tries_show_pictures_and_the_diagram_shows_both_networks(visitor: Visitor) -> None:
    card = visitor.page.locator("[data-testid=stVerticalBlock]").filter(has_text=re.compile("^Digits of 8 by 8 pixels"))
    card.last.get_by_role("button", name="Set up and play").click()
    visitor.page.wait_for_selector("[data-chart=samples] .js-plotly-plot")
    visitor.wait_for_step(20)
    visitor.wait_for_draws("samples", 1)
    expect(visitor.page.locator("[data-chart=density]")).to_have_count(0)
    visitor.page.get_by_role("tab", name="Diagram").click()
    for player in ("Generator", "Discriminator"):
        expect(visitor.page.get_by_text(player, exact=True)).to_be_visible()
