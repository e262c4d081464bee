"""Journeys on the page of the autoencoder, in a real browser against a real server."""

from typing import Any

import pytest

from tests.browser.visitor import Visitor
from tests.conftest import real_data

pytestmark = pytest.mark.browser

MARK = "graph.data.find((trace) => trace.meta?.start)"


def caption(visitor: Visitor) -> str:
    """Read what is written under the picture that the decoder draws."""
    return str(visitor.ask_chart("decoded", "graph.data.find((trace) => trace.mode === 'text').text[0]"))


def wait_until_drawn_at(visitor: Visitor, place: str) -> None:
    graph = "document.querySelector('[data-chart=decoded] .js-plotly-plot')"
    visitor.wait(f"{graph}?.data?.find((trace) => trace.mode === 'text')?.text[0] === x", f"drawn at {place}")


def axis_title(visitor: Visitor) -> Any:
    return visitor.ask_chart("latent", "graph.layout.xaxis.title.text")


def test_the_decoder_draws_where_the_map_is_pointed_to_and_the_moment_dial_brings_pictures_back(
    visitor: Visitor,
) -> None:
    visitor.open("/Autoencoder?beside=")
    a_keyboard_points_into_a_plane_nobody_has_pointed_into(visitor)
    visitor.press("Play")
    visitor.wait_for_step(150)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    the_decoder_draws_where_the_map_is_clicked_and_the_cross_follows(visitor)
    the_slider_brings_the_first_pictures_back(visitor)


def a_keyboard_points_into_a_plane_nobody_has_pointed_into(visitor: Visitor) -> None:
    wait_until_drawn_at(visitor, "0, 0")
    visitor.wait_for_draws("latent", 0)
    visitor.page.locator("[data-chart=latent] .nnviz-plot").press("ArrowRight")
    visitor.wait("document.querySelector('[data-chart=latent] .js-plotly-plot').data.some((each) => each.meta?.start)")


def the_decoder_draws_where_the_map_is_clicked_and_the_cross_follows(visitor: Visitor) -> None:
    before = caption(visitor)
    visitor.chart("latent").scroll_into_view_if_needed()
    box = visitor.page.locator("[data-chart=latent] .nsewdrag").bounding_box()
    assert box is not None
    visitor.page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    visitor.wait("document.querySelector('[data-chart=decoded] .js-plotly-plot').data"
                 ".find((trace) => trace.mode === 'text').text[0] !== x", before)  # fmt: skip
    x, y = (float(part) for part in caption(visitor).removeprefix("drawn at ").split(", "))
    (low, high), (bottom, top) = (
        visitor.ask_chart("latent", f"Array.from(graph.layout.{name}axis.range)") for name in "xy"
    )
    assert x == pytest.approx(low + 0.75 * (high - low), abs=0.02 * (high - low))
    assert y == pytest.approx(top - 0.25 * (top - bottom), abs=0.02 * (top - bottom))
    cross = visitor.ask_chart("latent", f"[{MARK}.x[0], {MARK}.y[0]]")
    assert cross == pytest.approx([x, y], abs=0.02 * (high - low))


def the_slider_brings_the_first_pictures_back(visitor: Visitor) -> None:
    visitor.wait_for_draws("reconstructions", 0)
    now = visitor.ask_chart("reconstructions", "JSON.stringify(graph.data[0].z)")
    dial = visitor.page.locator(".nnviz-past input").first
    dial.press("Home")
    visitor.wait(
        "JSON.stringify(document.querySelector('[data-chart=reconstructions] .js-plotly-plot').data[0].z) !== x", now
    )
    dial.press("End")
    visitor.wait(
        "JSON.stringify(document.querySelector('[data-chart=reconstructions] .js-plotly-plot').data[0].z) === x", now
    )


def test_tries_are_set_up_by_their_buttons_each_with_its_own_settings(visitor: Visitor) -> None:
    visitor.open("/Autoencoder")
    a_wider_bottleneck_shows_principal_components(visitor)
    if real_data() is None:
        pytest.skip("no MNIST here: set NNVIZ_DATA to a folder with MNIST/raw")
    another_data_set_keeps_its_own_settings_while_it_is_read(visitor)


def a_wider_bottleneck_shows_principal_components(visitor: Visitor) -> None:
    visitor.set_up(1)
    visitor.wait_for_step(20)
    visitor.wait(
        "document.querySelector('[data-chart=latent] .js-plotly-plot')?.layout?.xaxis.title.text.includes('8')"
    )
    assert "principal component 1" in axis_title(visitor)
    names = visitor.ask_chart("test_error", "graph.data.map((trace) => trace.name)")
    assert names == ["nonlinear", "no activation", "PCA"]
    assert visitor.page.locator("[data-counter=test_accuracy]").count() == 0


def another_data_set_keeps_its_own_settings_while_it_is_read(visitor: Visitor) -> None:
    visitor.set_up(4)
    visitor.wait("location.search.includes('train_size%3D6000')")
    visitor.wait_for_step(30)
    assert visitor.page.locator("[data-testid=stAlert]").count() == 0
    assert visitor.ask_chart("reconstructions", "graph._fullData[0].z.length") == 4 * 29  # lines of 28 and a gap
