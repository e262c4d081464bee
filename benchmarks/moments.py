"""From an arrow key on the slider over a run to all charts in the window as they were at another moment."""

from statistics import median

from benchmarks.browser import Visitor, chromium
from benchmarks.data import MNIST, point_to_data, spiral
from benchmarks.report import Report, percentile
from benchmarks.server import serving
from nnviz.catalog import MODELS
from nnviz.specs.experiment import ExperimentSpec

PAGES = {
    "digits, 64-32-10": ExperimentSpec(epochs=0),
    "spiral, 2-8-8-8-2": spiral("8,8,8"),
    "MNIST, 784-256-10": MNIST,
    "digits, ResNet-32": MODELS["resnet"].usual,
}
NOTE = (
    "{count} presses of an arrow key each, back and forth over the records of a run that trains on meanwhile at full "
    "speed on the same machine. Numbers: until the next animation frame after the numbers are those of the other "
    "moment. Charts: until all in the window have drawn what came with them."
)
LISTEN = """() => {
  window.shown = [];
  window.drawn = [];
  const board = document.querySelector('.nnviz-board'), text = document.querySelector('.nnviz-past output');
  const words = () => text.textContent.split(' of ')[0];
  let before = words();
  new MutationObserver(async () => {
    if (words() === before) return;
    before = words();
    requestAnimationFrame(() => window.shown.push(performance.now()));
    const file = performance.getEntriesByType('resource').find((each) => each.name.endsWith('/line.js'));
    const lines = await import(file.name);
    const [line] = [...lines.lines.values()].filter((each) => each.board.root === board);
    await line.board.rest();
    requestAnimationFrame(() => window.drawn.push(performance.now()));
  }).observe(text, {childList: true, characterData: true, subtree: true});
  addEventListener('keydown', () => (window.pressed = performance.now()), true);
}"""

AT_START = "() => Number(document.querySelector('.nnviz-past input').value) < 2"


def measure(is_quick: bool) -> Report:
    """Press keys and wait for what they do."""
    point_to_data()
    count = 6 if is_quick else 30
    columns = ("page", "numbers, ms: median", "95 of 100 within", "charts, ms: median", "95 of 100 within")
    report = Report("From one moment of a run to another", columns)
    with serving() as server, chromium() as browser:
        for name, spec in PAGES.items():
            visitor = Visitor(browser, server.url, spec)
            report.add(name, *_cells(_delays(visitor, count)))
            visitor.close()
    report.notes = [NOTE.format(count=count)]
    return report


def _delays(visitor: Visitor, count: int) -> tuple[list[float], list[float]]:
    """Return milliseconds to the numbers and to the charts of each press."""
    visitor.full_speed()
    visitor.play()
    visitor.wait("document.querySelector('.nnviz-past input').max > 0")
    visitor.pause(12)
    slider = visitor.page.get_by_role("slider", name="Moment of the run")
    slider.press("ArrowLeft")
    visitor.pause(1)
    visitor.page.evaluate(LISTEN)
    numbers, charts, key = [], [], "ArrowLeft"
    for press in range(count):
        visitor.page.evaluate("() => (window.shown.length = window.drawn.length = 0)")
        key = "ArrowRight" if visitor.page.evaluate(AT_START) else key if press % 8 else "ArrowLeft"
        slider.press(key)
        visitor.wait("window.drawn.length > 0")
        pressed, shown, drawn = visitor.page.evaluate("[window.pressed, window.shown[0], window.drawn[0]]")
        numbers.append(shown - pressed)
        charts.append(drawn - pressed)
        visitor.pause(0.3 + 0.37 * (press % 4) / 4)
    return numbers, charts


def _cells(delays: tuple[list[float], list[float]]) -> tuple[str, ...]:
    return tuple(f"{value:.0f}" for ms in delays for value in (median(ms), percentile(ms, 0.95)))
