"""Journeys on the Train page, in a real browser against a real server."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MOONS = {"dataset": "moons", "epochs": "0"}  # 250 training points: 8 updates an epoch, until stopped


TOP = "document.querySelector('.nnviz-grid').getBoundingClientRect().top"  # pixels


def test_digits_are_learnt_while_curves_grow_and_another_optimizer_shows_the_rate_that_it_trains_at(
    visitor: Visitor,
) -> None:
    visitor.open_train()
    assert visitor.step() == 0
    visitor.slider("Learning rate").first.wait_for()  # Streamlit's own controls may come after the first chart
    top = visitor.page.evaluate(TOP)
    play_makes_the_curves_grow(visitor)
    visitor.wait("parseFloat(document.querySelector('[data-counter=test_accuracy] dd')?.textContent) > 80")
    assert visitor.draws("gallery") > 1
    expect(visitor.page.locator(".nnviz-findings")).to_have_text("Nothing looks wrong.")
    assert visitor.page.evaluate(TOP) == top  # neither that nor the slider over the run has moved the charts
    another_optimizer_shows_the_rate_that_it_trains_at(visitor)


def play_makes_the_curves_grow(visitor: Visitor) -> None:
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.wait_for_draws("loss", 2)
    before = max(visitor.steps_drawn())
    visitor.wait_for_draws("loss", 3)
    assert max(visitor.steps_drawn()) > before > 0


def another_optimizer_shows_the_rate_that_it_trains_at(visitor: Visitor) -> None:
    for rule, rate in (("SGD", "0.1"), ("RMSprop", "0.003"), ("Momentum", "0.03")):
        visitor.choose("Optimizer", rule)
        expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", rate)
        visitor.linger()
        expect(visitor.page.locator("[data-testid=stException]")).to_have_count(0)
        expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", rate)
        expect(visitor.log()).to_have_count(0)
        assert f"optimizer={rule.lower()}&" in visitor.page.url


def test_a_turned_learning_rate_leaves_a_mark_and_loses_no_update(visitor: Visitor) -> None:
    visitor.open_train(dataset="moons", epochs="250")
    for _ in range(2):
        visitor.turn("Speed")  # to 30 updates a second: a slow machine, too, comes to all that is turned before the end
    visitor.press("Play")
    visitor.wait_for_step(30)
    visitor.turn("Learning rate")
    expect(visitor.log()).to_have_count(1)
    expect(visitor.log()).to_contain_text("Learning rate 0.003 → 0.001")
    expect(visitor.page.locator(".nnviz-since")).to_contain_text("since the learning rate was lowered.")
    visitor.page.get_by_role("button", name="More knobs").click()
    visitor.turn("Beta 1")
    visitor.page.keyboard.press("Escape")
    expect(visitor.log()).to_have_count(2)
    visitor.turn("Speed", "End")
    visitor.wait_for_status("Finished")
    visitor.wait_for_last_step()
    steps = visitor.steps_drawn()
    *gaps, _ = (later - sooner for sooner, later in itertools.pairwise(steps))
    assert visitor.step() == 2000  # 250 epochs of 250 examples in batches of 32
    assert set(gaps) == {gaps[0]}  # every so many losses one is drawn, and the last one
    assert [mark.split()[0] for mark in visitor.marks()] == ["Beta"]


def a_rate_can_be_typed_and_what_is_no_rate_is_refused_in_a_sentence(visitor: Visitor) -> None:
    field = visitor.page.get_by_role("textbox", name="Learning rate, typed").first  # the one before it goes last
    slider = visitor.slider("Learning rate")
    for text, shown in (("2e-3", "0.002"), ("0,01", "0.002")):
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_value(shown)
        expect(slider).to_have_attribute("aria-valuetext", shown)
        visitor.linger()  # the field is drawn anew with every value
    expect(visitor.page.get_by_text("learning rate must be a number from 1e-06 to 10,000")).to_contain_text(
        "not '0,01'"
    )
    expect(visitor.log().last).to_contain_text("Learning rate 0.003 → 0.002")


def test_an_epoch_ends_with_the_data_a_zoom_is_kept_and_another_network_starts_beside_the_old_curve(
    visitor: Visitor,
) -> None:
    visitor.open_train(**MOONS, batch_size="256")
    an_epoch_with_a_turned_batch_size_ends_with_the_data_and_a_step_after_pause_is_exactly_one_update(visitor)
    a_rate_can_be_typed_and_what_is_no_rate_is_refused_in_a_sentence(visitor)
    explanations_unfold_no_chart_sends_itself_anywhere_and_the_key_p_plays(visitor)
    visitor.press("Play")
    visitor.wait_for_step(visitor.step() + 100)
    a_zoom_is_kept_while_the_chart_goes_on(visitor)
    visitor.wait_for_step(visitor.step() + 100)
    another_hidden_size_starts_afresh_beside_the_old_curve(visitor)


def an_epoch_with_a_turned_batch_size_ends_with_the_data_and_a_step_after_pause_is_exactly_one_update(
    visitor: Visitor,
) -> None:
    visitor.turn("Batch size", "ArrowLeft")
    visitor.press("Epoch")
    visitor.wait_for_step(2)  # 250 examples are two batches of 128 and one of 256
    visitor.linger()
    assert (visitor.step(), float(visitor.counter("epoch"))) == (2, 1.0)
    expect(visitor.log()).to_have_text(re.compile("256 → 128"))
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    before = visitor.step()
    visitor.press("Step")
    visitor.wait_for_step(before + 1)
    visitor.linger()
    assert visitor.step() == before + 1


def explanations_unfold_no_chart_sends_itself_anywhere_and_the_key_p_plays(visitor: Visitor) -> None:
    help_text = visitor.page.locator("[data-chart=loss] .nnviz-help")
    expect(help_text).to_be_hidden()
    visitor.page.get_by_role("button", name="What am I looking at?").click()
    expect(help_text).to_be_visible()
    visitor.wait("document.querySelector('.modebar-btn')")
    titles = visitor.page.evaluate("[...document.querySelectorAll('.modebar-btn')].map((each) => each.dataset.title)")
    assert {"Pan"} <= set(titles) <= {"Zoom", "Pan", "Reset axes"}
    before = visitor.step()
    visitor.page.keyboard.press("p")
    visitor.wait_for_step(before + 10)
    expect(visitor.button("Pause")).to_be_visible()
    visitor.page.keyboard.press("p")
    visitor.wait_for_status("Paused")


def a_zoom_is_kept_while_the_chart_goes_on(visitor: Visitor) -> None:
    visitor.ask_chart("loss", "{ graph.mine = true }")
    visitor.drag_over("loss")
    visitor.wait("document.querySelector(\"[data-chart='loss'] .js-plotly-plot\")._fullLayout.xaxis.autorange !== true")
    zoomed = visitor.ask_chart("loss", "graph._fullLayout.xaxis.range")
    visitor.wait_for_draws("loss", 4)
    assert visitor.ask_chart("loss", "graph._fullLayout.xaxis.range") == zoomed
    assert visitor.ask_chart("loss", "graph.mine") is True  # the same drawing, not a new one in its place


def another_hidden_size_starts_afresh_beside_the_old_curve(visitor: Visitor) -> None:
    visitor.set_number("Layer 1", 7)
    visitor.wait("new URL(location).searchParams.get('model')?.includes('7')")
    graph = "document.querySelector('[data-chart=loss] .js-plotly-plot')"
    visitor.wait(f"{graph}.data.some((each) => each.name?.startsWith('earlier run'))")
    before = visitor.step()
    visitor.wait_for_step(before + 20)
