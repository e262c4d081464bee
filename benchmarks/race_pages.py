"""What a person sees of a race of 8 lanes x 3 seeds, and how soon a slider on Surfaces shows its trails."""

from contextlib import ExitStack
from statistics import median

from playwright.sync_api import Page

from benchmarks.browser import chromium
from benchmarks.data import point_to_data
from benchmarks.report import Report, percentile
from benchmarks.server import serving

RACES = {"at 100 rounds/s": "", "at full speed": "End"}  # and the key for the speed
NOTE = (
    "Race: digits, eight lanes of three seeds each, watched for {seconds:g} s in Chromium on the same machine; a "
    "refresh is a new message on the board, 4 a second are asked for. Surfaces: {count} presses of an arrow key on a "
    "learning rate, 8 lanes of 300 steps, from the key to the new trails' strokes (the ground below is drawn again "
    "afterwards)."
)
# Counts the messages, and the moments of keys and of strokes.
LISTEN = """() => {
  window.refreshes = 0; window.pressed = []; window.shown = [];
  const board = document.querySelector('.nnviz-board'), ground = document.querySelector('[data-chart=contour]');
  const watch = (node, name, act) =>
    node && new MutationObserver(act).observe(node, {attributes: true, attributeFilter: [name]});
  watch(board, 'data-stamp', () => window.refreshes++);
  watch(ground, 'data-previews', () => window.shown.push(performance.now()));
  addEventListener('keydown', () => window.pressed.push(performance.now()), true);
}"""


def measure(is_quick: bool) -> Report:
    """Watch two races, and turn a learning rate."""
    point_to_data()
    seconds, count = (4, 6) if is_quick else (15, 30)
    report = Report("Race and Surfaces on the screen", ("", "measured", "aim"))
    with ExitStack() as stack:
        server, browser = stack.enter_context(serving()), stack.enter_context(chromium())
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(60_000)
        for name, key in RACES.items():
            rate = _refreshes(page, server.url, key, seconds)
            report.add(f"race of 8 lanes x 3 seeds {name}: refreshes a second", f"{rate:.1f}", "2 or more")
        delays = _delays(page, server.url, count)
    report.add("slider to trails on Surfaces, median", f"{median(delays):.0f} ms", "200 ms")
    report.add("95 of 100 within", f"{percentile(delays, 0.95):.0f} ms", "")
    report.notes = [NOTE.format(seconds=seconds, count=count)]
    return report


def _opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-draws]')].some((card) => card.dataset.draws > 0)"
    )
    page.wait_for_timeout(2000)


def _refreshes(page: Page, url: str, key: str, seconds: float) -> float:
    _opened(page, f"{url}/Race?epochs=0&seeds=3")
    page.get_by_role("button", name="Play").first.click()
    if key:
        page.get_by_role("slider", name="Speed").press(key)
    page.wait_for_timeout(3000)
    page.evaluate(LISTEN)
    page.wait_for_timeout(1000 * seconds)
    return float(page.evaluate("window.refreshes")) / seconds


def _delays(page: Page, url: str, count: int) -> list[float]:
    _opened(page, f"{url}/Surfaces")
    page.wait_for_timeout(6000)  # the playback has come to its end
    page.evaluate(LISTEN)
    slider = page.get_by_role("slider", name="Momentum: learning rate")
    for number in range(count):
        slider.press("ArrowLeft" if number % 2 else "ArrowRight")
        page.wait_for_function("(x) => window.shown.length >= x", arg=number + 1)
        page.wait_for_timeout(800)
    pressed, shown = page.evaluate("[window.pressed, window.shown]")
    return [after - before for before, after in zip(pressed, shown, strict=True)]
