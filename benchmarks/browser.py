"""A person's Chromium at the Train page: press, turn, and count what appears."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from benchmarks.rounds import slope
from nnviz.specs.experiment import ExperimentSpec

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
SETTLE_MS = 1500
PRESSES, PRESS_MS = 6, 5000

# The counter with the moment of each of its changes.
COUNT = """() => {
  window.seen = [];
  const box = document.querySelector('[data-counter=step] dd');
  window.watcher?.disconnect();
  window.watcher = new MutationObserver(() =>
    window.seen.push([performance.now() / 1000, Number(box.textContent.replace(/\\D/g, ''))]));
  window.watcher.observe(box, {childList: true, characterData: true, subtree: true});
}"""


class Visitor:
    """One tab with one run, on the Train page or another that begins with its data and network."""

    def __init__(self, browser: Browser, url: str, spec: ExperimentSpec, script: str = "", page: str = "Train") -> None:
        self.context = browser.new_context(viewport={"width": 1400, "height": 900})
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        if script:
            self.page.add_init_script(script)
        query = "&".join(f"{name}={value}" for name, value in spec.to_query().items())
        self.page.goto(f"{url}/{page}?{query}")
        drawn = "[...document.querySelectorAll('[data-draws]')]"
        self.wait(f"{drawn}.length > 2 && {drawn}.every((card) => Number(card.dataset.draws) > 0)")

    def wait(self, condition: str, argument: Any = None) -> None:
        """Wait until a JavaScript expression about the page, and about `x`, holds."""
        self.page.wait_for_function(f"(x) => {condition}", arg=argument)

    def pause(self, seconds: float) -> None:
        """Let time go by."""
        self.page.wait_for_timeout(1000 * seconds)

    def full_speed(self) -> None:
        """Push the speed to its end."""
        self.page.get_by_role("slider", name="Speed").press("End")
        self.page.get_by_text("full speed").first.wait_for()

    def play(self) -> None:
        """Press Play and wait until it trains."""
        self._press_until("Play", "Training")

    def hold(self) -> None:
        """Press Pause and wait until it holds still."""
        self._press_until("Pause", "Paused")

    def _press_until(self, name: str, status: str) -> None:
        """Press a button, and again where the page does not answer: a click and a refresh at once may count twice."""
        words = self.page.locator(".nnviz-status", has_text=re.compile(f"^{status}"))
        for _ in range(PRESSES):
            with suppress(TimeoutError):
                self.page.get_by_role("button", name=re.compile(rf"\b{name}\b")).click(timeout=PRESS_MS)
                words.wait_for(timeout=PRESS_MS)
                return
        raise RuntimeError(f"{name} was pressed {PRESSES} times and the page does not say {status!r}")

    def counts(self, seconds: float) -> list[tuple[float, float]]:
        """Return (second, updates) for every refresh that changed the counter in that time."""
        self.page.evaluate(COUNT)
        self.pause(seconds)
        return [(moment, step) for moment, step in self.page.evaluate("window.seen")]

    def rate(self, seconds: float) -> float:
        """Train for that long with this tab watching and return updates per second."""
        self.play()
        self.page.wait_for_timeout(SETTLE_MS)
        moments, steps = zip(*self.counts(seconds), strict=True)
        self.hold()
        return slope(moments, steps)

    def close(self) -> None:
        """Close the tab."""
        self.context.close()


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Start Chromium without a window, with more arguments; FileNotFoundError where there is none."""
    found = [path for path in (os.environ.get("NNVIZ_CHROMIUM"), *map(shutil.which, NAMES)) if path]
    if not found:
        raise FileNotFoundError("no Chromium found: install chromium or set NNVIZ_CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found[0], args=[*ARGUMENTS, *more])
        try:
            yield browser
        finally:
            browser.close()
