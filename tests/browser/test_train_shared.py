"""A run on the Train page that is built anew, left, found again, shared by two tabs and watched by a stranger."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.conftest import ARGUMENTS, ARTEFACTS, chromium
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

MOONS = {"dataset": "moons", "epochs": "0"}


def query_of(visitor: Visitor) -> dict[str, list[str]]:
    return parse_qs(urlsplit(visitor.page.url).query)


def test_a_run_is_built_anew_and_taken_back_found_again_by_its_owner_and_only_watched_by_a_stranger(
    visitor: Visitor,
) -> None:
    visitor.take_less_room()
    visitor.open_train(**MOONS)
    reset_and_a_new_seed_go_back_to_the_first_update_and_stay(visitor)
    a_reload_or_home_and_back_finds_the_run_again(visitor)
    back_leads_to_the_page_before_and_forward_to_the_run_again(visitor)
    a_stranger_watches_and_steers_only_a_copy(visitor)


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
    visitor.wait_for_step(150)
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


def a_stranger_watches_and_steers_only_a_copy(visitor: Visitor) -> None:
    run = query_of(visitor)["run"][0]
    visitor.become_a_stranger()
    visitor.wait_for_step(20)
    expect(visitor.button("Pause")).to_be_disabled()
    visitor.press("Make my own copy")
    visitor.wait("new URL(location).searchParams.get('run') !== x", run)
    expect(visitor.button("Play")).to_be_enabled()


def test_two_tabs_share_one_run_and_each_learns_of_what_the_other_does(visitor: Visitor) -> None:
    visitor.take_less_room()
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
    for page in (first, second, first):
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
    visitor.take_less_room()
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
    visitor.take_less_room()
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
