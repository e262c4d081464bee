"""Every page can be read and used by everybody: contrast, names, order and keyboard, by axe-core and by hand."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from nnviz.ui.families.menu import PAGES as FAMILY_PAGES
from nnviz.ui.lesson_kit.menu import LESSONS
from nnviz.ui.shell import PAGES
from tests.browser.axe import CHANGED, Auditor
from tests.browser.conftest import ARTEFACTS
from tests.browser.server import AppServer
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
expect.set_options(timeout=60_000)

# Each with a bar or a board of its own; Surfaces plays by itself when it is opened.
RUNNING = ("Train", "Race", "Gradient_descent", "Lab")
SEEN_READY = ("Train", "Race", "Gradient_descent")  # where what opens and what a phone shows is looked at
# One of each kind is looked at in both themes; what is made like these in the theme whose turn it is.
IN_BOTH_THEMES = (
    "", "Train", "Race", "Surfaces", "Foundations", "Faults", "Runs", "Gradient_descent", "Losses", "Lab", "GAN",
)  # fmt: skip
PLAY = re.compile(r"^(play_arrow\s*)?Play\b")


def addresses() -> list[str]:
    """List every page as it stands in a link."""
    tops = [path for path, _ in PAGES.values()]
    lessons, families = ([page.path for page in pages.values()] for pages in (LESSONS, FAMILY_PAGES))
    files = [*tops, *lessons, *families]
    return ["" if file == "app.py" else re.sub(r"^\d+_", "", Path(file).stem) for file in files]


def test_axe_finds_nothing_on_any_page_idle_or_running_and_tab_reaches_every_control(
    browser: Browser, server: AppServer
) -> None:
    visitor = Visitor(browser, server.url)
    visitor.take_less_room()
    auditor = Auditor(visitor)
    assert {*FIRST_CONTROLS, *RUNNING, *IN_BOTH_THEMES} <= set(addresses())
    for address in addresses():
        auditor.open(address)
        if address not in SEEN_READY:
            auditor.audit_all("ready")
        if address in FIRST_CONTROLS:
            auditor.complaints += [f"/{address} by Tab: {line}" for line in faults_of_tab(visitor, address)]
        play = visitor.page.get_by_role("button", name=PLAY).first
        can_play = play.count() > 0 and address in RUNNING
        if can_play:
            play.click()
            visitor.wait("[...document.querySelectorAll('button')].some((each) => each.textContent.includes('Pause'))")
            auditor.audit_all("running", None if address in SEEN_READY else CHANGED)
        if address in IN_BOTH_THEMES:
            auditor.audit_colours("running" if can_play else "ready")  # the run falls asleep when the page is left
        else:
            auditor.take(auditor.other)
    visitor.leave(ARTEFACTS / "access.png")
    assert auditor.complaints == [], "\n".join(auditor.complaints)


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
WALKED = FIRST_CONTROLS.keys() - {"Affine_maps", "Depth"}  # dials and handles, as those of Losses
FROM_THE_TOP = """() => {
  document.querySelectorAll("[data-stop]").forEach((each) => delete each.dataset.stop);
  document.querySelectorAll("[data-reached]").forEach((each) => delete each.dataset.reached);
  const start = document.createElement("i");
  document.body.prepend(start);
  start.tabIndex = -1;
  start.focus();
  start.remove();
}"""  # nothing is reached yet, and Tab begins where it does on a page that was just loaded
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
# Where the focus stands is noted whenever Tab is about to take it on: asked for by each press, a page takes seconds.
NOTE = """(controls) => {
  const stand = (at) => {
    if (at === document.body || "stop" in at.dataset) return null;
    at.dataset.stop = "";
    at.closest(controls)?.setAttribute("data-reached", "");
    const name = at.ariaLabel || at.textContent;
    for (let node = at; node && node !== document.body; node = node.parentElement) {
      const look = getComputedStyle(node);
      if (look.outlineStyle === "solid" && parseFloat(look.outlineWidth) >= 2) return [name, true];
    }
    return [name, false];
  };
  window.stops = [];
  const note = ({ key }) => key === "Tab" && window.stops.push(stand(document.activeElement));
  window.addEventListener("keydown", note, true);
  window.leaveAlone = () => window.removeEventListener("keydown", note, true);
}"""
HELD = 20  # times that Tab is felt before it is looked where it has come to


def walk(page: Page) -> list[tuple[str, bool]]:
    """Hold Tab down through the whole page: each stop's name, and whether a ring shows where it is."""
    page.keyboard.press("Tab")
    page.evaluate(NOTE, CONTROLS)
    for _ in range(300 // HELD):
        for _ in range(HELD):
            page.keyboard.down("Tab")
        stops: list[tuple[str, bool] | None] = page.evaluate("window.stops")
        if None in stops:
            page.keyboard.up("Tab")
            page.evaluate("leaveAlone()")
            return [stop for stop in stops[: stops.index(None)] if stop]
    raise AssertionError("the page has no end")


def faults_of_tab(visitor: Visitor, address: str) -> Iterator[str]:
    """Go by Tab past the menus to the first control, and on to all."""
    page = visitor.page
    if address != "Foundations":
        visitor.wait_for_charts()  # and with them the dials
    skip = page.get_by_role("button", name="To the content" if address == "Foundations" else "To the controls")
    expect(skip).to_be_attached()
    page.evaluate(FROM_THE_TOP)
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    if not page.evaluate(FOCUSED).startswith(FIRST_CONTROLS[address]):
        yield f"{page.evaluate(FOCUSED)} comes first"
    if address in WALKED:
        skip.focus()
        yield from faults_of_walk(page)


def faults_of_walk(page: Page) -> Iterator[str]:
    """Go on to all controls: each is reached, has a ring and comes before its help."""
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
