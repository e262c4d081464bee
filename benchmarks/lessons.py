"""How soon a lesson's figure answers a dial, or a point of a chart, that is being dragged."""

from contextlib import ExitStack
from statistics import median

from playwright.sync_api import Page

from benchmarks.browser import chromium
from benchmarks.data import point_to_data
from benchmarks.report import Report, percentile
from benchmarks.server import serving

# lesson: address, dial (or chart/point), and the figure that shows what it does
LESSONS = {
    "what learning is: learning rate": ("/Learning?updates=200", "lr", "boundary_loss"),
    "gradient descent by hand: learning rate": ("/Gradient_descent?step=100", "lr", "contour"),
    "affine maps: an entry of W": ("/Affine_maps", "w11", "after"),
    "affine maps: the point e1": ("/Affine_maps", "after/e1", "after"),
    "affine maps: learning rate on diabetes": ("/Affine_maps?steps=300", "rate", "losses"),
    "depth: layers of a linear stack": ("/Depth", "layers", "entries"),
    "depth: updates of two networks": ("/Depth?updates=150", "updates", "deep"),
    "depth: layers of a signal": ("/Depth", "depth", "forward"),
    "losses: slope of the line": ("/Losses", "w", "fitted"),
    "losses: temperature": ("/Losses", "temperature", "probabilities"),
}
HEAD = ("", "median, ms", "95 of 100 within, ms", "answers a second in one long drag", "aim")
NOTE = (
    "{count} movements of a held dial or point in Chromium on the same machine (no graphics card), from the browser's "
    "own event to the figure drawn again, the server's computing included; the long drag moves it for {seconds:g} s "
    "without pause and counts how often the figure was drawn meanwhile."
)
LISTEN = """([thing, chart]) => {
  window.moved = []; window.shown = [];
  const card = document.querySelector(`[data-chart=${chart}]`), kind = thing.includes('/') ? 'pointermove' : 'input';
  window.addEventListener(kind, () => window.moved.push(performance.now()), true);
  new MutationObserver(() => window.shown.push(performance.now()))
    .observe(card, {attributes: true, attributeFilter: ['data-draws', 'data-strokes']});
}"""

PLACE = """([chart, name]) => {
  const graph = document.querySelector(`[data-chart=${chart}] .js-plotly-plot`);
  const { xaxis, yaxis } = graph._fullLayout, box = graph.getBoundingClientRect();
  const trace = graph._fullData.find((each) => each.meta?.handle?.name === name);
  return [box.left + xaxis._offset + xaxis.d2p(trace.x[0]), box.top + yaxis._offset + yaxis.d2p(trace.y[0])];
}"""
WAY = 60.0  # pixels to either side of a point


def measure(is_quick: bool) -> Report:
    """Drag one dial of each lesson."""
    point_to_data()
    count, seconds = (6, 1.0) if is_quick else (30, 4.0)
    report = Report("Lessons answer while dragged", HEAD)
    with ExitStack() as stack:
        server, browser = stack.enter_context(serving()), stack.enter_context(chromium())
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(60_000)
        for name, (path, thing, chart) in LESSONS.items():
            _open(page, server.url + path, thing, chart)
            delays, rate = _delays(page, thing, count), _rate(page, thing, seconds)
            report.add(
                name,
                f"{median(delays):.0f}",
                f"{percentile(delays, 0.95):.0f}",
                f"{rate:.1f}",
                "60 ms, 95 of 100: 120 ms",
            )
    report.notes = [NOTE.format(count=count, seconds=seconds)]
    return report


def _open(page: Page, address: str, thing: str, chart: str) -> None:
    page.goto(address)
    page.wait_for_function("(x) => document.querySelector(`[data-chart=${x}]`)?.dataset.draws > 0", arg=chart)
    page.wait_for_timeout(2000)
    held = f"[data-chart={chart}]" if "/" in thing else f"input[data-dial={thing}]"
    page.locator(held).scroll_into_view_if_needed()
    page.evaluate(LISTEN, [thing, chart])


def _take(page: Page, thing: str) -> tuple[float, float, float]:
    """Press on the dial's thumb, or the point, and return where it is and how many pixels there are to both sides."""
    at, up, way = _point(page, *thing.split("/")) if "/" in thing else _thumb(page, thing)
    page.mouse.move(at, up)
    page.mouse.down()
    return at, up, way


def _point(page: Page, chart: str, name: str) -> tuple[float, float, float]:
    at, up = page.evaluate(PLACE, [chart, name])
    return at, up, WAY


def _thumb(page: Page, dial: str) -> tuple[float, float, float]:
    box = page.locator(f"input[data-dial={dial}]").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 0.35 * box["width"]


def _delays(page: Page, thing: str, count: int) -> list[float]:
    """Move the held dial or point to and fro and wait for each answer."""
    at, up, way = _take(page, thing)
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


def _rate(page: Page, thing: str, seconds: float) -> float:
    """Drag without pause and count the figures drawn meanwhile."""
    at, up, way = _take(page, thing)
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
