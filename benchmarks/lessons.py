"""How soon a lesson's figure answers a dial that is being dragged."""

from contextlib import ExitStack
from statistics import median

from playwright.sync_api import Page

from benchmarks.browser import chromium
from benchmarks.data import point_to_data
from benchmarks.report import Report, percentile
from benchmarks.server import serving

# lesson: address, dial, and the figure that shows what the dial does
LESSONS = {
    "what learning is: learning rate": ("/Learning?updates=200", "lr", "boundary_loss"),
    "gradient descent by hand: learning rate": ("/Gradient_descent?step=100", "lr", "contour"),
    "affine maps: an entry of W": ("/Affine_maps", "w11", "after"),
    "affine maps: learning rate on diabetes": ("/Affine_maps?steps=300", "rate", "losses"),
    "depth: layers of a linear stack": ("/Depth", "layers", "entries"),
    "depth: updates of two networks": ("/Depth?updates=150", "updates", "deep"),
    "depth: layers of a signal": ("/Depth", "depth", "forward"),
    "losses: slope of the line": ("/Losses", "w", "fitted"),
    "losses: temperature": ("/Losses", "temperature", "probabilities"),
}
HEAD = ("", "median, ms", "95 of 100 within, ms", "answers a second in one long drag", "aim")
NOTE = (
    "{count} movements of a held dial in Chromium on the same machine (no graphics card), from the browser's own input "
    "event to the figure drawn again, the server's computing included; the long drag moves the dial for {seconds:g} s "
    "without pause and counts how often the figure was drawn meanwhile."
)
LISTEN = """([dial, chart]) => {
  window.moved = []; window.shown = [];
  const slide = document.querySelector(`input[data-dial=${dial}]`);
  const card = document.querySelector(`[data-chart=${chart}]`);
  slide.addEventListener('input', () => window.moved.push(performance.now()));
  new MutationObserver(() => window.shown.push(performance.now()))
    .observe(card, {attributes: true, attributeFilter: ['data-draws', 'data-strokes']});
}"""


def measure(is_quick: bool) -> Report:
    """Drag one dial of each lesson."""
    point_to_data()
    count, seconds = (6, 1.0) if is_quick else (30, 4.0)
    report = Report("Lessons answer while dragged", HEAD)
    with ExitStack() as stack:
        server, browser = stack.enter_context(serving()), stack.enter_context(chromium())
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(60_000)
        for name, (path, dial, chart) in LESSONS.items():
            _open(page, server.url + path, dial, chart)
            delays, rate = _delays(page, dial, count), _rate(page, dial, seconds)
            report.add(
                name,
                f"{median(delays):.0f}",
                f"{percentile(delays, 0.95):.0f}",
                f"{rate:.1f}",
                "60 ms, 95 of 100: 120 ms",
            )
    report.notes = [NOTE.format(count=count, seconds=seconds)]
    return report


def _open(page: Page, address: str, dial: str, chart: str) -> None:
    page.goto(address)
    page.wait_for_function("(x) => document.querySelector(`[data-chart=${x}]`)?.dataset.draws > 0", arg=chart)
    page.wait_for_timeout(2000)
    page.locator(f"input[data-dial={dial}]").scroll_into_view_if_needed()
    page.evaluate(LISTEN, [dial, chart])


def _take(page: Page, dial: str) -> tuple[float, float, float]:
    """Press on the dial's thumb and return where it is and how many pixels there are to both sides."""
    box = page.locator(f"input[data-dial={dial}]").bounding_box()
    assert box is not None
    at = box["x"] + box["width"] / 2
    page.mouse.move(at, box["y"] + box["height"] / 2)
    page.mouse.down()
    return at, box["y"] + box["height"] / 2, 0.35 * box["width"]


def _delays(page: Page, dial: str, count: int) -> list[float]:
    """Move the held dial to and fro and wait for each answer."""
    at, up, way = _take(page, dial)
    page.wait_for_timeout(800)
    found = []
    for number in range(count):
        page.evaluate("window.moved.length = window.shown.length = 0")
        page.mouse.move(at + way * (0.55 + 0.45 * (number % 7) / 6) * (-1) ** (number + 1), up)
        page.wait_for_function("window.shown.length > 0")
        page.wait_for_timeout(400)
        moved, shown = page.evaluate("[window.moved[0], window.shown[0]]")
        found.append(shown - moved)
    page.mouse.up()
    return found


def _rate(page: Page, dial: str, seconds: float) -> float:
    """Drag without pause and count the figures drawn meanwhile."""
    at, up, way = _take(page, dial)
    page.evaluate("window.shown.length = 0")
    start = page.evaluate("performance.now()")
    number = 0
    while page.evaluate("performance.now()") - start < 1000 * seconds:
        number += 1
        page.mouse.move(at + way * ((number % 100) / 50 - 1), up)
        page.wait_for_timeout(16)
    page.mouse.up()
    took = page.evaluate("performance.now()") - start
    return float(1000 * page.evaluate("window.shown.length") / took)
