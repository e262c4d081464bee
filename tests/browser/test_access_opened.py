"""What opens, goes wrong, is watched or held in a hand can be read and used by everybody, too."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import CHANGED, Auditor
from tests.browser.conftest import ARTEFACTS
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
expect.set_options(timeout=60_000)


def test_axe_finds_nothing_in_what_opens_goes_wrong_or_is_watched(visitor: Visitor) -> None:
    visitor.take_less_room()
    auditor = Auditor(visitor)
    a_bad_link(auditor)
    opened(auditor)
    a_change_and_a_divergence(auditor)
    watched(auditor)
    narrow(auditor)
    assert auditor.complaints == [], "\n".join(auditor.complaints)


DIALOG = [["[role=dialog]"]]
POPPED = [["#portal"], ["#stFloatingOverlayPortal"]]


def opened(auditor: Auditor) -> None:
    """Look at everything that shows only when it is asked for; the Train page is there."""
    visitor, page = auditor.visitor, auditor.page
    named = page.get_by_role
    named("button", name="What am I looking at?").click()
    named("button", name="Zoom and move: Loss").click()
    auditor.audit_each([
        ("View open", lambda: view(page), POPPED),
        ("menu open", lambda: named("combobox", name="Optimizer").press("ArrowDown"), POPPED),
        ("explained", named("button", name="About Loss").hover, [[".nnviz-board"]]),
    ])  # fmt: skip
    visitor.go("/Race")
    auditor.rest()
    auditor.audit_each([("taken away", lambda: take_away(page), DIALOG)])
    auditor.audit_each([("lane open, another one out", lambda: bring_out_lanes(page), CHANGED)])
    visitor.go("/GAN")
    auditor.rest()
    tabs = ("Diagram", "PyTorch code")
    auditor.audit_each([(f"{tab} open", named("tab", name=re.compile(tab)).click, [[".stTabs"]]) for tab in tabs])
    auditor.open("Learning?hidden=0&updates=300")
    auditor.audit("a task solved")


def view(page: Page) -> None:
    """Open what the bar offers at the top of the page."""
    page.evaluate("document.querySelector('.stMain').scrollTo({ top: 0, behavior: 'instant' })")
    page.get_by_role("button", name=re.compile("View")).click()


def take_away(page: Page) -> None:
    """Open what there is to take away, and wait for it."""
    page.get_by_role("button", name="Take away").click()
    page.get_by_role("dialog").locator("code").last.wait_for()


def bring_out_lanes(page: Page) -> None:
    """Open one lane's settings and point at the row of the first."""
    page.get_by_role("button", name=re.compile("^Adam$")).first.click()
    page.locator(".nnviz-row").first.hover()


def a_bad_link(auditor: Auditor) -> None:
    """Look at a link that cannot be used."""
    auditor.open("Train?dataset=nothing")
    expect(auditor.page.get_by_text("This link cannot be used")).to_be_visible()
    auditor.audit("bad link")
    auditor.visitor.press("Step")  # the page works
    auditor.visitor.wait_for_step(1)


def a_change_and_a_divergence(auditor: Auditor) -> None:
    """Look at a change while training that lets the run diverge."""
    visitor = auditor.visitor
    visitor.go("/Train?dataset=sine&loss=mse&optimizer=sgd:lr=0.03&epochs=0")
    visitor.press("Play")
    visitor.turn("Learning rate")
    expect(visitor.log()).to_have_count(1)
    auditor.audit_all("a change logged", CHANGED)
    visitor.turn("Learning rate", "End")
    visitor.wait("document.querySelector('.nnviz-status')?.dataset.kind === 'bad'")
    expect(visitor.log()).to_have_count(2)
    auditor.audit("diverged")


def watched(auditor: Auditor) -> None:
    """Look at that run as somebody to whom it does not belong: a browser that has lost the server's cookie."""
    auditor.visitor.become_a_stranger()
    expect(auditor.visitor.button("Make my own copy")).to_be_visible()
    auditor.audit("watched")


def narrow(auditor: Auditor) -> None:
    """Look at what a phone shows, in turn light and dark, its menu at the side closed and open."""
    auditor.page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/", "/Gradient_descent", "/Surfaces", "/Race"):
        auditor.take(auditor.other)
        auditor.visitor.go(address)
        auditor.rest()
        auditor.audit_all("on a phone")
    auditor.page.get_by_test_id("stExpandSidebarButton").click()
    auditor.page.wait_for_timeout(500)
    auditor.audit("on a phone, sidebar open")


def test_the_judge_names_page_theme_state_rule_and_element(visitor: Visitor) -> None:
    auditor = Auditor(visitor)
    auditor.open("Foundations")  # a page without charts, which is soon there
    visitor.page.evaluate(
        """() => document.querySelector("main h1").insertAdjacentHTML("afterend",
          '<i class="pale" style="color:#959595;background:#fff">3 to 1</i><input class="mute">')"""
    )
    auditor.audit("spoilt", [["main"]])
    dark, pale, mute = sorted(auditor.complaints)
    assert dark.startswith("/Foundations dark spoilt: color-contrast (serious) at ['.pale']: <i class=\"pale\"")
    assert pale.startswith("/Foundations light spoilt: color-contrast (serious) at ['.pale']: <i class=\"pale\"")
    assert mute.startswith("/Foundations light spoilt: label (critical) at ['input']: <input class=\"mute\">")


def test_a_phone_has_no_sideways_scroll_and_the_tools_of_a_chart_come_when_asked_for_and_cover_nothing(
    browser: Browser, server: AppServer
) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    visitor = Visitor(browser, server.url, width=390, height=844, profile=phone)
    visitor.open("/Train?dataset=spiral&epochs=0")
    visitor.press("Play")
    visitor.wait_for_step(20)
    width = "Math.max(document.body.scrollWidth, document.querySelector('.nnviz-board').scrollWidth)"
    assert visitor.page.evaluate(width) <= 390
    visitor.press("Pause")
    visitor.wait_for_status("Paused")
    card = visitor.page.locator("[data-chart=field]")
    card.locator(".nsewdrag").first.tap()
    expect(card.locator(".modebar").first).to_be_hidden()
    card.get_by_role("button", name="Zoom and move: Decision boundary").tap()
    card.get_by_role("button", name="Pan", exact=True).tap()
    expect(card.get_by_role("button", name="Pan", exact=True)).to_have_attribute("aria-pressed", "true")
    assert visitor.ask_chart("field", "graph._fullLayout.dragmode") == "pan"
    tools, plot = card.get_by_role("toolbar").first.bounding_box(), card.locator(".nnviz-plot").bounding_box()
    assert tools
    assert plot
    assert tools["y"] + tools["height"] <= plot["y"]
    visitor.leave(ARTEFACTS / "tools.png")
