"""Journeys on the Train page, in a real browser against a real server."""

import itertools
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.conftest import ARGUMENTS, ARTEFACTS, chromium
from tests.browser.server import AppServer
from tests.browser.strokes import is_drawn_as_moved
from tests.browser.visitor import Visitor
from tests.conftest import real_data

pytestmark = pytest.mark.browser

MOONS = {"dataset": "moons", "epochs": "0"}  # 250 training points: 8 updates an epoch, until stopped


def query_of(visitor: Visitor) -> dict[str, list[str]]:
    return parse_qs(urlsplit(visitor.page.url).query)


TOP = "document.querySelector('.nnviz-board').getBoundingClientRect().top"  # pixels


def test_digits_are_learnt_while_curves_grow_and_another_optimizer_shows_the_rate_that_it_trains_at(
    visitor: Visitor,
) -> None:
    visitor.open_train()
    assert visitor.step() == 0
    play_makes_the_curves_grow_and_moves_nothing(visitor)
    visitor.wait("parseFloat(document.querySelector('[data-counter=test_accuracy] dd')?.textContent) > 80")
    assert visitor.draws("gallery") > 1
    another_optimizer_shows_the_rate_that_it_trains_at(visitor)


def play_makes_the_curves_grow_and_moves_nothing(visitor: Visitor) -> None:
    visitor.slider("Learning rate").first.wait_for()  # Streamlit's own controls may come after the first chart
    top = visitor.page.evaluate(TOP)
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.wait_for_draws("loss", 2)
    before = max(visitor.steps_drawn())
    visitor.wait_for_draws("loss", 3)
    assert max(visitor.steps_drawn()) > before > 0
    assert visitor.page.evaluate(TOP) == top


def another_optimizer_shows_the_rate_that_it_trains_at(visitor: Visitor) -> None:
    for rule, rate in (("SGD", "0.1"), ("RMSprop", "0.003"), ("Momentum", "0.03")):
        visitor.choose("Optimizer", rule)
        expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", rate)
        visitor.linger()
        expect(visitor.page.locator("[data-testid=stException]")).to_have_count(0)
        expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", rate)
        expect(visitor.log()).to_have_count(0)
        assert f"optimizer={rule.lower()}&" in visitor.page.url


MOVED = {
    "/Train?dataset=moons": ("loss", "field", "hidden_units", "confusion", "weights"),
    "/GAN": ("density", "modes", "verdicts"),
    "/Train?dataset=digits": ("gallery", "confusion"),
    "/Race?dataset=moons": ("lane_weights",),
    "/Train?dataset=sine&loss=mse": ("fit",),
    "/Autoencoder": ("latent", "decoded"),
}


def test_curves_move_and_the_plot_library_draws_the_same_when_a_hand_comes_near(visitor: Visitor) -> None:
    visitor.open("")
    for link, names in MOVED.items():
        visitor.go(link)
        visitor.wait_for_charts()
        visitor.slider("Speed").press("Home")
        for _ in range(2):
            visitor.turn("Speed", "ArrowRight")  # 10 updates a second
        visitor.press("Play")
        visitor.wait_for_step(20)
        for name in names:
            assert any(is_drawn_as_moved(visitor, name) for _ in range(5)), f"{name} of {link}"


def test_a_turned_learning_rate_leaves_a_mark_and_loses_no_update(visitor: Visitor) -> None:
    visitor.open_train(dataset="moons", epochs="500")
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
    assert visitor.step() == 4000  # 500 epochs of 250 examples in batches of 32
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


def test_an_epoch_with_a_turned_batch_size_ends_with_the_data_and_a_step_after_pause_is_exactly_one_update(
    visitor: Visitor,
) -> None:
    visitor.open_train(**MOONS, batch_size="256")
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
    a_rate_can_be_typed_and_what_is_no_rate_is_refused_in_a_sentence(visitor)


def test_explanations_unfold_a_zoom_is_kept_and_another_network_starts_beside_the_old_curve(visitor: Visitor) -> None:
    visitor.open_train(**MOONS)
    explanations_unfold_no_chart_sends_itself_anywhere_and_the_key_p_plays(visitor)
    visitor.press("Play")
    visitor.wait_for_step(100)
    a_zoom_is_kept_while_the_chart_goes_on(visitor)
    visitor.wait_for_step(200)
    another_hidden_size_starts_afresh_beside_the_old_curve(visitor)


def explanations_unfold_no_chart_sends_itself_anywhere_and_the_key_p_plays(visitor: Visitor) -> None:
    help_text = visitor.page.locator("[data-chart=loss] .nnviz-help")
    expect(help_text).to_be_hidden()
    visitor.page.get_by_role("button", name="What am I looking at?").click()
    expect(help_text).to_be_visible()
    visitor.wait("document.querySelector('.modebar-btn')")
    titles = visitor.page.evaluate("[...document.querySelectorAll('.modebar-btn')].map((each) => each.dataset.title)")
    assert {"Pan"} <= set(titles) <= {"Zoom", "Pan", "Reset axes"}
    visitor.page.keyboard.press("p")
    visitor.wait_for_step(10)
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
    traces = visitor.ask_chart("loss", "graph.data.length")
    visitor.set_number("Layer 1", 7)
    visitor.wait("new URL(location).searchParams.get('model')?.includes('7')")
    visitor.wait(f"document.querySelector(\"[data-chart='loss'] .js-plotly-plot\").data.length > {traces}")
    before = visitor.step()
    visitor.wait_for_step(before + 20)


def test_a_run_is_built_anew_and_taken_back_found_again_by_its_owner_and_only_watched_by_a_stranger(
    visitor: Visitor, browser: Browser
) -> None:
    visitor.open_train(**MOONS)
    reset_and_a_new_seed_go_back_to_the_first_update_and_stay(visitor)
    a_reload_or_home_and_back_finds_the_run_again(visitor)
    back_leads_to_the_page_before_and_forward_to_the_run_again(visitor)
    a_stranger_watches_and_steers_only_a_copy(visitor, browser)


def reset_and_a_new_seed_go_back_to_the_first_update_and_stay(visitor: Visitor) -> None:
    visitor.press("Step")
    visitor.wait_for_step(1)
    visitor.press("Reset")
    visitor.wait(f"{visitor.STEP} === '0'")
    seed = query_of(visitor)["seed"]
    visitor.press("New seed")
    visitor.wait("new URL(location).searchParams.get('seed') !== x", seed[0])
    expect(visitor.page.get_by_text("New run: seed")).to_be_visible()
    visitor.press("Undo")
    visitor.wait("new URL(location).searchParams.get('seed') === x", seed[0])
    visitor.press("Undo")  # the Reset, too: the very run with its one update
    visitor.wait_for_step(1)
    expect(visitor.button("Undo")).to_have_count(0)
    visitor.press("Play")
    visitor.wait_for_step(50)
    visitor.press("New seed")
    visitor.wait("new URL(location).searchParams.get('seed') !== x", seed[0])
    fresh = query_of(visitor)["seed"]
    visitor.wait_for_step(300)
    assert query_of(visitor)["seed"] == fresh


def a_reload_or_home_and_back_finds_the_run_again(visitor: Visitor) -> None:
    run, before = query_of(visitor)["run"], visitor.step()
    visitor.page.reload()
    visitor.wait_for_charts()
    visitor.wait_for_step(before + 1)
    assert query_of(visitor)["run"] == run
    expect(visitor.button("Pause")).to_be_enabled()
    before = visitor.step()
    visitor.page.get_by_role("link", name="Home").first.click()
    visitor.wait("!location.pathname.includes('Train')")
    visitor.page.get_by_role("link", name="Train").first.click()
    visitor.wait("location.pathname.includes('Train')")
    visitor.wait_for_step(before + 1)
    assert query_of(visitor)["run"] == run


def back_leads_to_the_page_before_and_forward_to_the_run_again(visitor: Visitor) -> None:
    run = query_of(visitor)["run"]
    count = visitor.page.evaluate("history.length")
    for _ in range(3):
        seed = query_of(visitor)["seed"][0]
        visitor.press("New seed")
        visitor.wait("new URL(location).searchParams.get('seed') !== x", seed)
    seed = query_of(visitor)["seed"][0]
    assert visitor.page.evaluate("history.length") == count
    visitor.page.go_back()
    visitor.wait("!location.pathname.includes('Train')")
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Watch a real network learn")
    visitor.page.go_forward()
    visitor.wait("location.pathname.includes('Train')")
    visitor.wait_for_step(1)
    assert (query_of(visitor)["run"], query_of(visitor)["seed"]) == (run, [seed])


def a_stranger_watches_and_steers_only_a_copy(visitor: Visitor, browser: Browser) -> None:
    stranger = Visitor(browser, visitor.url)
    stranger.page.goto(visitor.page.url)
    stranger.wait_for_step(20)
    expect(stranger.button("Pause")).to_be_disabled()
    stranger.press("Make my own copy")
    stranger.wait("new URL(location).searchParams.get('run') !== x", query_of(visitor)["run"][0])
    expect(stranger.button("Play")).to_be_enabled()
    stranger.leave(ARTEFACTS / "stranger.png")


def test_two_tabs_share_one_run_and_each_learns_of_what_the_other_does(visitor: Visitor) -> None:
    visitor.open_train(**MOONS)
    first, second = visitor.page, visitor.new_tab()
    second.goto(first.url)
    visitor.page = second
    visitor.wait_for_charts()
    first.bring_to_front()
    visitor.page = first
    visitor.press("Play")
    visitor.page = second
    second.bring_to_front()
    visitor.wait_for_step(20)  # it was at rest
    expect(visitor.button("Pause")).to_be_visible()
    show_what_the_other_builds(visitor, first, second)
    visitor.page = second
    second.bring_to_front()
    visitor.turn("Learning rate")
    moved = visitor.slider("Learning rate").get_attribute("aria-valuetext")
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    visitor.page = first
    first.bring_to_front()
    visitor.wait_for_status("Paused")
    expect(visitor.log()).to_have_count(1)
    expect(visitor.slider("Learning rate")).to_have_attribute("aria-valuetext", moved or "")


def show_what_the_other_builds(visitor: Visitor, first: Page, second: Page) -> None:
    """Build another network in the second tab, which stays in both."""
    visitor.set_number("Layer 1", 5)
    for page in (first, second, first, second):
        visitor.page = page
        visitor.wait("new URL(location).searchParams.get('model') === 'mlp:hidden=5'")
        expect(page.get_by_role("spinbutton", name="Layer 1")).to_have_value("5")
        visitor.linger()


BUSY = """(name) => {
  const until = performance.now() + 700;
  while (performance.now() < until);  // as a page does that draws: whatever is due by now comes first afterwards
  [...document.querySelectorAll("button")].find((each) => each.textContent.includes(name)).click();
}"""


def test_a_click_on_a_busy_page_is_sent_once(visitor: Visitor) -> None:
    clicks: list[list[str]] = []

    def note(data: str | bytes) -> None:
        sent = BackMsg.FromString(data if isinstance(data, bytes) else data.encode()).rerun_script.widget_states.widgets
        clicks.append([state.id for state in sent if state.trigger_value])

    def listen(socket: WebSocket) -> None:
        if "/_stcore/" in socket.url:  # the boards' lines carry no clicks
            socket.on("framesent", note)

    visitor.page.on("websocket", listen)
    visitor.open_train(**MOONS, seed="40")
    visitor.press("Play")
    for step, seed in ((20, 41), (40, 42), (60, 43)):
        visitor.wait_for_step(step)
        visitor.page.evaluate(BUSY, "New seed")
        visitor.wait("new URL(location).searchParams.get('seed') !== x", str(seed - 1))
        visitor.linger()
        assert query_of(visitor)["seed"] == [str(seed)]
    visitor.page.evaluate(BUSY, "Pause")
    visitor.wait_for_status("Paused")
    assert [len(ids) for ids in clicks if ids] == [1, 1, 1, 1, 1]


def test_a_browser_that_keeps_nothing_draws_charts_and_finds_its_run_again(
    browser: Browser, server: AppServer, tmp_path: Path
) -> None:
    (tmp_path / "Default").mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}  # cookies and every other storage
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(blocked), encoding="utf-8")
    profile = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium(), args=ARGUMENTS, viewport={"width": 1400, "height": 900}
    )
    visitor = Visitor(browser, server.url, profile=profile)
    visitor.open_train(**MOONS)
    with pytest.raises(Error, match="SecurityError"):
        visitor.page.evaluate("localStorage.length")
    visitor.page.get_by_role("button", name="What am I looking at?").click()
    expect(visitor.page.locator("[data-chart=loss] .nnviz-help")).to_be_visible()
    visitor.press("Play")
    visitor.wait_for_step(20)
    visitor.page.reload()
    visitor.wait_for_step(20)
    expect(visitor.button("Pause")).to_be_enabled()
    expect(visitor.page.get_by_text("Whoever has this page's link can steer this run")).to_be_visible()
    visitor.leave(ARTEFACTS / "keeps_nothing.png")


PAPER = """() => addEventListener("beforeprint", () => {
  const [page] = document.querySelectorAll(".stMainBlockContainer");
  const cards = [...page.querySelectorAll(".nnviz-card")];
  const graphs = [...page.querySelectorAll(".js-plotly-plot")];
  const isShown = (node) => node.getClientRects().length > 0;
  window.paper = {
    width: page.scrollWidth,
    back: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(page).color,
    buttons: [...document.querySelectorAll("button:not(.nnviz-title), a")].filter(isShown)
      .map((node) => node.textContent),
    charts: graphs.length,
    dark: graphs.filter((graph) => graph._fullLayout.paper_bgcolor !== "#fff").length,
    inks: [...new Set(graphs.map((graph) => graph._fullLayout.font.color))],
    wide: graphs.filter((graph) => graph._fullLayout.width > graph.parentElement.clientWidth + 1).length,
    cut: cards.filter((card) => getComputedStyle(card).breakInside !== "avoid" || card.offsetHeight > 980).length,
    last: Math.max(...graphs.map((each) => each._fullData.find(({name}) => name === "train batches")?.x.at(-1) ?? 0)),
  };
})"""


@pytest.mark.parametrize("path", ["/Train?dataset=spiral&epochs=0", "/Gradient_descent"])
def test_paper_shows_every_chart_whole_in_light_colours_and_no_button(
    browser: Browser, server: AppServer, path: str
) -> None:
    visitor = Visitor(browser, server.url, is_dark=True)
    visitor.open(path)
    visitor.wait("[...document.querySelectorAll('[data-draws]')].every((card) => Number(card.dataset.draws) > 0)")
    if "Train" in path:
        visitor.press("Play")
        visitor.wait_for_step(50)
        visitor.press("Pause")
        visitor.wait_for_status("Paused")
    before = visitor.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    visitor.page.evaluate(PAPER)
    visitor.page.pdf()
    paper = visitor.page.evaluate("paper")
    assert (paper["back"], paper["ink"], paper["inks"]) == ("rgb(255, 255, 255)", "rgb(31, 39, 51)", ["#1f2733"])
    assert paper["charts"] > 3
    assert (paper["dark"], paper["wide"], paper["cut"], paper["buttons"]) == (0, 0, 0, [])
    assert paper["width"] <= 680
    assert paper["last"] == ("Train" in path and visitor.step())
    drawn = "document.querySelector('.js-plotly-plot')._fullLayout"
    visitor.wait(f"{drawn}.paper_bgcolor !== '#fff' && {drawn}.width !== paper.width")  # the screen is as it was
    assert visitor.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == before
    visitor.leave(ARTEFACTS / "paper.png")


def test_a_bad_link_shows_a_sentence_and_a_page_that_works(visitor: Visitor) -> None:
    visitor.open_train(dataset="sine", loss="cross_entropy")
    expect(visitor.page.get_by_text("This link cannot be used")).to_be_visible()
    visitor.press("Step")
    visitor.wait_for_step(1)


@pytest.mark.skipif(real_data() is None, reason="no MNIST here: set NNVIZ_DATA to a folder with MNIST/raw")
def test_the_lecture_s_network_learns_mnist(visitor: Visitor) -> None:
    visitor.open_train(
        dataset="mnist", model="mlp:hidden=256", initializer="he_normal", optimizer="adam:lr=0.001", batch_size="256",
        epochs="0",
    )  # fmt: skip
    visitor.slider("Speed").press("End")
    visitor.press("Play")
    visitor.wait("parseFloat(document.querySelector('[data-counter=test_accuracy] dd')?.textContent) > 90")
    visitor.wait_for_draws("gallery", 1)
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
