"""From the command to a page that can be read, and to its first chart."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from playwright.sync_api import Browser

from benchmarks.browser import chromium
from benchmarks.report import Report, middle
from benchmarks.server import serving

PATHS = {"Home": "/", "Train": "/Train"}
BUSY = 4  # processes that only count
MENU = "document.querySelector('.st-key-menu a')"
TEXT = "document.querySelector('.stMainBlockContainer')?.innerText.match(/PyTorch is loading|Learning rate|Start here/)"
CHART = "[...document.querySelectorAll('[data-draws]')].some((card) => Number(card.dataset.draws) > 0)"
NOTE = (
    "A fresh process each time, {rounds} rounds in turn: median (least to most). The page is opened as soon as the "
    "server answers, while PyTorch is still loading. Something to read: the menu and what the page waits for. Busy: "
    "{busy} other processes that only count."
)


def measure(is_quick: bool) -> Report:
    """Start the app again and again and open a page at once."""
    rounds, loads = (1, (False,)) if is_quick else (5, (False, True))
    columns = (
        "page",
        "machine",
        "command to server, s",
        "page to menu, s",
        "to something to read, s",
        "to first chart, s",
    )
    report = Report("Cold start", columns, notes=[NOTE.format(rounds=rounds, busy=BUSY)])
    with chromium() as browser:
        for name, path in PATHS.items():
            for is_busy in loads:
                moments = [_start(browser, path, is_busy) for _ in range(rounds)]
                cells = (middle(values, "{:.1f}") for values in zip(*moments, strict=True))
                report.add(name, "busy" if is_busy else "as it is", *cells)
    return report


def _start(browser: Browser, path: str, is_busy: bool) -> tuple[float, ...]:
    """Return seconds to the server's answer, and from the page's opening to its menu, a sentence and a chart."""
    with _busy(BUSY if is_busy else 0):
        begun = perf_counter()
        with serving() as server:
            answered = perf_counter()
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.set_default_timeout(120_000)
            opened = perf_counter()
            page.goto(server.url + path, wait_until="commit")
            found = []
            for condition in (MENU, TEXT, CHART):
                page.wait_for_function(condition)
                found.append(perf_counter() - opened)
            page.close()
    return answered - begun, *found


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """Keep the processors busy with so many processes."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()
