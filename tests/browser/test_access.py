"""Every page can be read and used by everybody: contrast, names, order and keyboard, by axe-core and by hand."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from nnviz.ui.families.menu import PAGES as FAMILY_PAGES
from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.ui.shell import PAGES
from tests.browser.conftest import ARTEFACTS
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
expect.set_options(timeout=60_000)

CHANGED = [[".st-key-bar"], [".nnviz-board"], ["#stFloatingOverlayPortal"], ["#portal"]]  # by Play, and by what opens
AT_REST = """document.querySelector(".stApp")?.dataset.testScriptState === "notRunning" &&
  document.querySelector("main h1") && !document.querySelector("[data-stale=true]") &&
  !document.querySelector("[data-testid=stSkeleton]") &&
  [...document.querySelectorAll(".nnviz-card")].every(
    (card) => card.dataset.draws > 0 || card.getBoundingClientRect().top > innerHeight)"""
# Each with a bar or a board of its own; Surfaces plays by itself when it is opened.
RUNNING = ("Train", "Race", "Gradient_descent", "Lab", "GAN")
PLAY = re.compile(r"^(play_arrow\s*)?Play\b")


def addresses() -> list[str]:
    """List every page as it stands in a link."""
    tops = [path for path, _ in PAGES.values()]
    lessons, families = ([page.path for page in pages.values()] for pages in (LESSONS, FAMILY_PAGES))
    files = [*tops, *lessons, *families]
    return ["" if file == "app.py" else re.sub(r"^\d+_", "", Path(file).stem) for file in files]


COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that ask how something looks
DRESSED = """(() => {
  const app = getComputedStyle(document.querySelector(".stApp"));
  const charts = [...document.querySelectorAll(".nnviz-card .main-svg:first-child")].filter((svg) => {
    const { top, bottom } = svg.getBoundingClientRect();
    return bottom > 0 && top < innerHeight && svg.checkVisibility();
  });
  return app.colorScheme === x && charts.every((svg) => svg.style.background === app.backgroundColor);
})()"""


State = tuple[str, Callable[[], object], list[list[str]]]  # its name, what shows it, and where


@dataclass
class Auditor:
    """Runs axe-core with its default rules on a page as it stands, and those about colours in the other theme.

    It stays in the theme that it came to last: every other page is opened in the dark, and charts are dressed anew
    but once a page.
    """

    visitor: Visitor
    complaints: list[str] = field(default_factory=list)
    theme: Literal["light", "dark"] = "light"

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def other(self) -> Literal["light", "dark"]:
        return "dark" if self.theme == "light" else "light"

    def audit(self, state: str, where: list[list[str]] | None = None) -> None:
        """Look at the whole page, or at some parts of it, in both themes."""
        self.audit_all(state, where)
        self.audit_colours(state, where)

    def audit_each(self, states: list[State]) -> None:
        """Look at what opens one after the other, and again in the other theme, which draws every chart anew once."""
        for state, show, where in states:
            show()
            self.audit_all(state, where)
            self.page.keyboard.press("Escape")
        self._dress(self.other)
        for state, show, where in states:
            show()
            self._judge(f"{self.theme} {state}", where, COLOURS)
            self.page.keyboard.press("Escape")

    def audit_all(self, state: str, where: list[list[str]] | None = None) -> None:
        """Look at it as it is."""
        self._judge(f"{self.theme} {state}", where, None)

    def audit_colours(self, state: str, where: list[list[str]] | None = None) -> None:
        """Look at its colours in the other theme, which draws every chart anew."""
        self._dress(self.other)
        self._judge(f"{self.theme} {state}", where, COLOURS)

    def _judge(self, state: str, where: list[list[str]] | None, rules: list[str] | None) -> None:
        """Note what is wrong; what goes by itself within a second is no fault."""
        found = self._faults(where, rules)
        if found:
            self.page.wait_for_timeout(1000)
            found = self._faults(where, rules)
        name = f"{self.page.evaluate('location.pathname')} {state}"
        self.complaints += [f"{name}: {line}" for rule in found for line in lines(rule)]

    def take(self, theme: Literal["light", "dark"]) -> None:
        """Let the machine's theme be another, for the next page that is opened."""
        self.theme = theme
        self.page.emulate_media(color_scheme=theme)

    def _dress(self, theme: Literal["light", "dark"]) -> None:
        """Let the machine's theme be another, which page and charts follow."""
        self.take(theme)
        self.visitor.wait(DRESSED, theme)

    def _faults(self, where: list[list[str]] | None, rules: list[str] | None) -> list[dict[str, Any]]:
        """Ask axe-core, rule by rule."""
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(Axe().axe_script)
        found: list[dict[str, Any]] = self.page.evaluate(
            """async ([where, rules]) => {
              const there = where?.filter(([part]) => document.querySelector(part)) ?? [["html"]];
              const only = rules ? { runOnly: { type: "rule", values: rules } } : {};
              const options = { resultTypes: ["violations"], ...only };
              const drawings = [[".nnviz-card .main-svg"]]; // each is one figure with a name: half of all nodes
              return (await axe.run({ include: there, exclude: drawings }, options)).violations;
            }""",
            [where, rules],
        )
        return found

    def open(self, address: str) -> None:
        """Open a page and wait until it has come to rest: by its link where it is the first, or Tab begins there."""
        if self.page.url == "about:blank" or address in FIRST_CONTROLS:
            self.page.goto(f"{self.visitor.url}/{address}")
        else:
            self.visitor.go(f"/{address}")
        self.rest()

    def rest(self) -> None:
        """Wait until the page has come to rest: a heading, nothing of an earlier page, and the charts in view."""
        self.visitor.wait(AT_REST)
        self.visitor.wait("new Promise((go) => setTimeout(() => go(true), 400))")  # the titles are graded by then


def lines(rule: dict[str, Any]) -> Iterator[str]:
    """Name the rule, its impact, the element and what is wrong with it, once for each element."""
    for node in rule["nodes"]:
        reasons = [check["message"] for kind in ("any", "all", "none") for check in node[kind]]
        yield f"{rule['id']} ({rule['impact']}) at {node['target']}: {node['html'][:120]} {reasons[:1]}"


def test_axe_finds_nothing_on_any_page_idle_or_running_and_tab_reaches_every_control(
    browser: Browser, server: AppServer
) -> None:
    visitor = Visitor(browser, server.url)
    auditor = Auditor(visitor)
    assert set(FIRST_CONTROLS) <= set(addresses())
    for address in addresses():
        auditor.open(address)
        auditor.audit_all("ready")
        if address in FIRST_CONTROLS:
            auditor.complaints += [f"/{address} by Tab: {line}" for line in faults_of_tab(visitor, address)]
        play = visitor.page.get_by_role("button", name=PLAY).first
        can_play = play.count() > 0 and address in RUNNING
        if can_play:
            play.click()
            visitor.wait("[...document.querySelectorAll('button')].some((each) => each.textContent.includes('Pause'))")
            auditor.audit_all("running", CHANGED)
        auditor.audit_colours("running" if can_play else "ready")  # the run falls asleep when the page is left
    visitor.leave(ARTEFACTS / "access.png")
    assert auditor.complaints == [], "\n".join(auditor.complaints)


def test_axe_finds_nothing_in_what_opens_goes_wrong_or_is_watched(browser: Browser, server: AppServer) -> None:
    visitor = Visitor(browser, server.url)
    auditor = Auditor(visitor)
    opened(auditor)
    trouble(auditor)
    watched(auditor, browser)
    narrow(auditor)
    visitor.leave(ARTEFACTS / "access_opened.png")
    assert auditor.complaints == [], "\n".join(auditor.complaints)


DIALOG = [["[role=dialog]"]]
POPPED = [["#portal"], ["#stFloatingOverlayPortal"]]


def opened(auditor: Auditor) -> None:
    """Look at everything that shows only when it is asked for."""
    visitor, page = auditor.visitor, auditor.page
    named = page.get_by_role
    visitor.open("/Train")
    named("button", name="What am I looking at?").click()
    named("button", name="Zoom and move: Loss").click()
    auditor.audit_each([
        ("View open", named("button", name=re.compile("View")).click, POPPED),
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


def take_away(page: Page) -> None:
    """Open what there is to take away, and wait for it."""
    page.get_by_role("button", name="Take away").click()
    page.get_by_role("dialog").locator("code").last.wait_for()


def bring_out_lanes(page: Page) -> None:
    """Open one lane's settings and point at the row of the first."""
    page.get_by_role("button", name=re.compile("^Adam$")).first.click()
    page.locator(".nnviz-row").first.hover()


def trouble(auditor: Auditor) -> None:
    """Look at a link that cannot be used, and at a change while training that lets the run diverge."""
    visitor = auditor.visitor
    visitor.open("/Train?dataset=nothing")
    auditor.audit("bad link")
    visitor.open("/Train?dataset=sine&loss=mse&optimizer=sgd:lr=0.03&epochs=0")
    visitor.press("Play")
    visitor.turn("Learning rate")
    expect(visitor.log()).to_have_count(1)
    auditor.audit_all("a change logged", CHANGED)
    visitor.turn("Learning rate", "End")
    visitor.wait("document.querySelector('.nnviz-status')?.dataset.kind === 'bad'")
    expect(visitor.log()).to_have_count(2)
    auditor.audit("diverged")


def watched(auditor: Auditor, browser: Browser) -> None:
    """Look at that run as somebody to whom it does not belong."""
    other = Visitor(browser, auditor.page.url)
    other.open("")
    expect(other.button("Make my own copy")).to_be_visible()
    watcher = Auditor(other, auditor.complaints)
    watcher.audit("watched")
    other.complaints.clear()
    other.close()


def narrow(auditor: Auditor) -> None:
    """Look at what a phone shows, in turn light and dark, its menu at the side closed and open."""
    auditor.page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/", "/Gradient_descent", "/Losses", "/Surfaces", "/Race", "/GAN"):
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


FIRST_CONTROLS: dict[str, str | tuple[str, ...]] = {
    "Train": "Play",
    "Race": "Play",
    "GAN": "Play",
    "Surfaces": ("Pause", "Play"),  # the playback plays by itself and ends by itself
    "Gradient_descent": "Play",
    "Affine_maps": "w₁₁",
    "Depth": "Layers",
    "Losses": "Slope w",
    "Foundations": "Foundations",
}
FOCUSED = """(() => {
  const at = document.activeElement;
  return (at.ariaLabel || at.textContent).replace(/^(play_arrow|pause)/, "");
})()"""


# What a hand can use, and the one of its parts that takes the focus.
CONTROLS = ", ".join(
    [
        f".st{name}"
        for name in ("Slider", "Selectbox", "NumberInput", "TextInput", "TextArea", "Checkbox", "ButtonGroup")
    ]
    + [".stButton", ".stPopover", ".stPageLink", ".stTabs", ".stExpander", ".stDownloadButton", ".nnviz-dial input"]
    + [".nnviz-playback > :is(button, input, select)", ".nnviz-target:not([hidden])", ".nnviz-row", ".nnviz-explain"]
    + [".nnviz-more:not([hidden])", ".nnviz-png:not([hidden])", ".nnviz-ask", "[data-handles]", "[data-places]"]
)
STAND = """(controls) => {
  const at = document.activeElement;
  const name = at.ariaLabel || at.textContent;
  at.dataset.stop = "";
  at.closest(controls)?.setAttribute("data-reached", "");
  for (let node = at; node && node !== document.body; node = node.parentElement) {
    const look = getComputedStyle(node);
    if (look.outlineStyle === "solid" && parseFloat(look.outlineWidth) >= 2) return [name, true];
  }
  return [name, false];
}"""


def walk(page: Page) -> list[tuple[str, bool]]:
    """Press Tab through the whole page: each stop's name, and whether a ring shows where it is."""
    stops: list[tuple[str, bool]] = []
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body || 'stop' in document.activeElement.dataset"):
            return stops
        name, has_ring = page.evaluate(STAND, CONTROLS)
        stops.append((name, has_ring))
    raise AssertionError("the page has no end")


def faults_of_tab(visitor: Visitor, address: str) -> Iterator[str]:
    """Go by Tab past the menus to the first control, and on to all: each has a ring and comes before its help."""
    page = visitor.page
    if address != "Foundations":
        visitor.wait_for_charts()  # and with them the dials
    skip = page.get_by_role("button", name="To the content" if address == "Foundations" else "To the controls")
    expect(skip).to_be_attached()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    if not page.evaluate(FOCUSED).startswith(FIRST_CONTROLS[address]):
        yield f"{page.evaluate(FOCUSED)} comes first"
    skip.focus()
    stops = walk(page)
    yield from (f"{missed} is not reached" for missed in page.evaluate(MISSED, CONTROLS))
    yield from (f"{name} has no ring" for name, has_ring in stops if not has_ring)
    names = [name for name, _ in stops]
    helped = [name for name in names if f"Help for {name}" in names]
    yield from (f"{name} is late" for name in helped if names.index(f"Help for {name}") < names.index(name))


MISSED = """(controls) => [...document.querySelectorAll(controls)]
  .filter((each) => !each.matches("[data-reached], :disabled") && each.checkVisibility())
  .filter((each) => !each.querySelector("[data-stop], :disabled"))
  .map((each) => `${each.className}: ${each.ariaLabel || each.textContent}`)"""


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
