"""Every page can be read and used by everybody: contrast, names, order and keyboard, by axe-core and by hand."""

import re
from collections.abc import Iterator
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
# Each with a bar or a board of its own.
RUNNING = ("Train", "Race", "Surfaces", "Learning", "Gradient_descent", "Lab", "GAN", "AlexNet")
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

    def audit(self, state: str, where: list[list[str]] | None = None) -> None:
        """Look at the whole page, or at some parts of it, in both themes."""
        self.audit_all(state, where)
        self.audit_colours(state, where)

    def audit_all(self, state: str, where: list[list[str]] | None = None) -> None:
        """Look at it as it is."""
        self._judge(f"{self.theme} {state}", where, None)

    def audit_colours(self, state: str, where: list[list[str]] | None = None) -> None:
        """Look at its colours in the other theme, which draws every chart anew."""
        self._dress("dark" if self.theme == "light" else "light")
        self._judge(f"{self.theme} {state}", where, COLOURS)

    def _judge(self, state: str, where: list[list[str]] | None, rules: list[str] | None) -> None:
        """Note what is wrong; what goes by itself within a second is no fault."""
        found = self._faults(where, rules)
        if found:
            self.page.wait_for_timeout(1000)
            found = self._faults(where, rules)
        name = f"{self.page.evaluate('location.pathname')} {state}"
        self.complaints += [f"{name}: {line}" for rule in found for line in lines(rule)]

    def _dress(self, theme: Literal["light", "dark"]) -> None:
        """Let the machine's theme be another, which page and charts follow."""
        self.theme = theme
        self.page.emulate_media(color_scheme=theme)
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
        """Open a page and wait until it has come to rest."""
        self.page.goto(f"{self.visitor.url}/{address}")
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


def test_axe_finds_nothing_on_any_page_idle_or_running(browser: Browser, server: AppServer) -> None:
    visitor = Visitor(browser, server.url)
    auditor = Auditor(visitor)
    for address in addresses():
        auditor.open(address)
        auditor.audit_all("ready")
        play = visitor.page.get_by_role("button", name=PLAY).first
        can_play = play.count() > 0 and address in RUNNING
        if can_play:
            play.click()
            visitor.wait("[...document.querySelectorAll('button')].some((each) => each.textContent.includes('Pause'))")
            auditor.audit_all("running", CHANGED)
        auditor.audit_colours("running" if can_play else "ready")
        if can_play:
            visitor.page.get_by_role("button", name=re.compile("Pause")).first.click()
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


def opened(auditor: Auditor) -> None:
    """Look at everything that shows only when it is asked for."""
    visitor, page = auditor.visitor, auditor.page
    visitor.open("/Train")
    page.get_by_role("button", name=re.compile("View")).click()
    auditor.audit("View open", [["#portal"], ["#stFloatingOverlayPortal"]])
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Optimizer").press("ArrowDown")
    auditor.audit("menu open", [["#portal"], ["#stFloatingOverlayPortal"]])
    page.keyboard.press("Escape")
    page.get_by_role("button", name="What am I looking at?").click()
    page.get_by_role("button", name="Zoom and move: Loss").click()
    page.get_by_role("button", name="About Loss").hover()
    auditor.audit("explained", [[".nnviz-board"]])
    visitor.open("/Race")
    page.get_by_role("button", name=re.compile("^Adam$")).first.click()
    page.locator(".nnviz-row").first.hover()
    auditor.audit("lane open, another one out")
    page.get_by_role("button", name=re.compile("Export")).click()
    auditor.audit("export open")
    visitor.open("/GAN")
    for tab in ("Diagram", "PyTorch code"):
        page.get_by_role("tab", name=re.compile(tab)).click()
        auditor.audit(f"{tab} open")
    visitor.open("/Learning?hidden=0&updates=300")
    auditor.audit("a task solved")


def trouble(auditor: Auditor) -> None:
    """Look at a link that cannot be used, changes while training, and a run that has diverged."""
    visitor = auditor.visitor
    visitor.open("/Train?dataset=nothing")
    auditor.audit("bad link")
    visitor.open("/Train?dataset=moons&optimizer=sgd:lr=0.1&epochs=0")
    visitor.press("Play")
    visitor.turn("Learning rate")
    expect(visitor.log()).to_have_count(1)
    auditor.audit("a change logged", CHANGED)
    visitor.open("/Train?dataset=sine&loss=mse&optimizer=sgd:lr=10000")
    visitor.press("Play")
    visitor.wait("document.querySelector('.nnviz-status')?.dataset.kind === 'bad'")
    auditor.audit("diverged")


def watched(auditor: Auditor, browser: Browser) -> None:
    """Look at a run as somebody to whom it does not belong."""
    auditor.visitor.open("/Train?dataset=moons")
    other = Visitor(browser, auditor.page.url)
    other.open("")
    watcher = Auditor(other, auditor.complaints)
    watcher.audit("watched")
    other.complaints.clear()
    other.close()


def narrow(auditor: Auditor) -> None:
    """Look at what a phone shows, its menu at the side closed and open."""
    auditor.page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/", "/Gradient_descent", "/Losses", "/Surfaces", "/Race", "/GAN"):
        auditor.visitor.open(address)
        auditor.rest()
        auditor.audit("on a phone")
    auditor.page.get_by_test_id("stExpandSidebarButton").click()
    auditor.page.wait_for_timeout(500)
    auditor.audit("on a phone, sidebar open")


def test_the_judge_names_page_theme_state_rule_and_element(visitor: Visitor) -> None:
    auditor = Auditor(visitor)
    visitor.open("/Train")
    visitor.page.evaluate(
        """() => document.querySelector(".nnviz-line").insertAdjacentHTML("beforeend",
          '<i class="pale" style="color:#959595;background:#fff">3 to 1</i><input class="mute">')"""
    )
    auditor.audit("spoilt", CHANGED)
    dark, pale, mute = sorted(auditor.complaints)
    assert dark.startswith("/Train dark spoilt: color-contrast (serious) at ['.pale']: <i class=\"pale\"")
    assert pale.startswith("/Train light spoilt: color-contrast (serious) at ['.pale']: <i class=\"pale\"")
    assert mute.startswith("/Train light spoilt: label (critical) at ['.mute']: <input class=\"mute\">")


FIRST_CONTROLS = {
    "/Train": "Play",
    "/Race": "Play",
    "/GAN": "Play",
    "/Surfaces": "Pause",  # the playback plays by itself
    "/Gradient_descent": "Play",
    "/Affine_maps": "w₁₁",
    "/Depth": "Layers",
    "/Losses": "Slope w",
    "/Foundations": "Foundations",
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


@pytest.mark.parametrize(("address", "first"), FIRST_CONTROLS.items(), ids=list(FIRST_CONTROLS))
def test_tab_leads_past_the_menus_and_reaches_every_control_with_a_ring_and_before_its_help(
    visitor: Visitor, address: str, first: str
) -> None:
    visitor.page.goto(visitor.url + address)
    Auditor(visitor).rest()
    if address != "/Foundations":
        visitor.wait_for_charts()  # and with them the dials
    skip = visitor.page.get_by_role("button", name="To the content" if address == "/Foundations" else "To the controls")
    expect(skip).to_be_attached()
    visitor.page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate(FOCUSED).startswith(first)
    skip.focus()
    stops = walk(visitor.page)
    missed = visitor.page.evaluate(
        """(controls) => [...document.querySelectorAll(controls)]
          .filter((each) => !each.matches("[data-reached], :disabled") && each.checkVisibility())
          .filter((each) => !each.querySelector("[data-stop], :disabled"))
          .map((each) => `${each.className}: ${each.ariaLabel || each.textContent}`)""",
        CONTROLS,
    )
    names = [name for name, _ in stops]
    early = [name for name in names if name.startswith("Help for ") and name.removeprefix("Help for ") in names]
    early = [name for name in early if names.index(name) < names.index(name.removeprefix("Help for "))]
    assert (missed, early, [name for name, has_ring in stops if not has_ring]) == ([], [], [])


def test_a_keyboard_adds_moves_and_takes_away_points_and_says_how(visitor: Visitor) -> None:
    visitor.open("/Gradient_descent")
    points = (
        "document.querySelector('[data-chart=data] .js-plotly-plot')?._fullData.find((each) => each.meta?.handle)?.y"
    )
    visitor.wait(f"{points}?.length === 14")
    visitor.page.locator("[data-chart=data] .nnviz-ask").focus()
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_text("Insert adds a point.").first).to_be_visible()
    visitor.page.keyboard.press("Insert")
    visitor.wait(f"{points}.length === 15 && {points}.at(-1) === 0")
    visitor.page.keyboard.press("ArrowUp")
    visitor.wait(f"{points}.at(-1) > 0")
    visitor.page.keyboard.press("Delete")
    visitor.wait(f"{points}.length === 14")


def test_a_keyboard_points_into_a_plane_nobody_has_pointed_into(visitor: Visitor) -> None:
    visitor.open("/Autoencoder")
    visitor.wait_for_draws("latent", 0)
    visitor.page.locator("[data-chart=latent] .nnviz-plot").press("ArrowRight")
    visitor.wait("document.querySelector('[data-chart=latent] .js-plotly-plot').data.some((each) => each.meta?.start)")


def test_the_tools_of_a_chart_come_when_asked_for_and_cover_nothing(browser: Browser, server: AppServer) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    visitor = Visitor(browser, server.url, profile=phone)
    visitor.open("/Train?dataset=spiral")
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
