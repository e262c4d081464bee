"""axe-core, which judges a page as it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.visitor import Visitor

CHANGED = [[".st-key-bar"], [".nnviz-board"], ["#stFloatingOverlayPortal"], ["#portal"]]  # by Play, and by what opens
AT_REST = """document.querySelector(".stApp")?.dataset.testScriptState === "notRunning" &&
  document.querySelector("main h1") && !document.querySelector("[data-stale=true]") &&
  !document.querySelector("[data-testid=stSkeleton]") &&
  [...document.querySelectorAll(".nnviz-card")].every(
    (card) => card.dataset.draws > 0 || card.getBoundingClientRect().top > innerHeight)"""
# Half of all nodes, which axe-core would go through though nothing in them is judged; a run that goes on draws in them.
EMPTIED = """() => {
  if ([...document.querySelectorAll("button")].some((each) => /Pause/.test(each.textContent))) return;
  const drawings = [...document.querySelectorAll(".nnviz-card .main-svg")].map((svg) => [svg, [...svg.childNodes]]);
  drawings.forEach(([svg]) => svg.replaceChildren());
  window.fill = () => drawings.forEach(([svg, parts]) => svg.replaceChildren(...parts));
}"""
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
        self.page.evaluate(EMPTIED)
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
        self.page.evaluate("window.fill?.(), delete window.fill")
        return found

    def open(self, address: str) -> None:
        """Open a page and wait until it has come to rest: by its link where it is the first."""
        if self.page.url == "about:blank":
            self.page.goto(f"{self.visitor.url}/{address}")
        else:
            self.visitor.go(f"/{address}")
        self.rest()

    def rest(self) -> None:
        """Wait until the page has come to rest: a heading, nothing of an earlier page, and the charts in view."""
        self.page.wait_for_function(AT_REST, polling=200)  # each look asks where all cards stand
        self.page.wait_for_timeout(400)  # the titles are graded by then


def lines(rule: dict[str, Any]) -> Iterator[str]:
    """Name the rule, its impact, the element and what is wrong with it, once for each element."""
    for node in rule["nodes"]:
        reasons = [check["message"] for kind in ("any", "all", "none") for check in node[kind]]
        yield f"{rule['id']} ({rule['impact']}) at {node['target']}: {node['html'][:120]} {reasons[:1]}"
