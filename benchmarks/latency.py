"""From a key on the learning rate's slider to the trainer, and back to the screen."""

from contextlib import ExitStack
from statistics import median

from benchmarks.browser import Visitor, chromium
from benchmarks.data import MNIST, point_to_data, spiral
from benchmarks.report import Report, percentile
from benchmarks.server import Server, serving
from nnviz.catalog import MODELS
from nnviz.specs.experiment import ExperimentSpec

PAGES = {
    "spiral, 2-8-8-8-2": spiral("8,8,8"),
    "MNIST, 784-256-10": MNIST,
    "digits, ResNet-32": MODELS["resnet"].usual,
    "digits, DenseNet": MODELS["densenet"].usual,
}
NOTE = (
    "{count} presses of an arrow key each, while it trains at full speed and Chromium draws all charts on the same "
    "machine. To the trainer: until the run has taken the change and written its journal. To the screen: until the "
    "next animation frame after the change stands in the page's list of changes."
)
# Moments in milliseconds since 1970, as the server notes them too.
LISTEN = """() => {
  window.pressed = [];
  window.shown = [];
  addEventListener('keydown', () => window.pressed.push(Date.now()), true);
  let before = document.querySelector('.nnviz-log').textContent;
  new MutationObserver(() => {
    const now = document.querySelector('.nnviz-log').textContent;
    if (now === before) return;
    before = now;
    requestAnimationFrame(() => window.shown.push(Date.now()));
  }).observe(document.querySelector('.nnviz-board'), {childList: true, characterData: true, subtree: true});
}"""


def measure(is_quick: bool) -> Report:
    """Press keys and wait for what they do."""
    point_to_data()
    count = 6 if is_quick else 30
    columns = (
        "page",
        "to the trainer, ms: median",
        "95 of 100 within",
        "to the screen, ms: median",
        "95 of 100 within",
    )
    report = Report("From the slider", columns)
    with ExitStack() as stack:
        server = stack.enter_context(serving(NNVIZ_BENCH_STAMPS="1"))
        browser = stack.enter_context(chromium())
        for name, spec in PAGES.items():
            visitor = Visitor(browser, server.url, spec)
            report.add(name, *_cells(*_delays(visitor, server, spec, count)))
            visitor.close()
    report.notes = [NOTE.format(count=count)]
    return report


def _delays(visitor: Visitor, server: Server, spec: ExperimentSpec, count: int) -> tuple[list[float], list[float]]:
    """Return milliseconds to the trainer and to the screen of each press."""
    visitor.full_speed()
    visitor.play()
    visitor.pause(2)
    before = len(server.taken_at())
    visitor.page.evaluate(LISTEN)
    slider = visitor.page.get_by_role("slider", name="Learning rate")
    for number in range(count):
        slider.press("ArrowRight" if number % 2 else "ArrowLeft")
        visitor.wait("window.shown.length >= x", number + 1)
        visitor.pause(0.4 + 0.37 * (number % 4) / 4)  # at no fixed place between two refreshes
    pressed, shown = visitor.page.evaluate("[window.pressed, window.shown]")
    visitor.hold()
    taken = [1000 * moment for moment in server.taken_at()[before:]]
    return _apart(pressed, taken), _apart(pressed, shown)


def _apart(starts: list[float], ends: list[float]) -> list[float]:
    return [end - start for start, end in zip(starts, ends, strict=True)]


def _cells(to_trainer: list[float], to_screen: list[float]) -> tuple[str, ...]:
    return tuple(f"{value:.0f}" for ms in (to_trainer, to_screen) for value in (median(ms), percentile(ms, 0.95)))
