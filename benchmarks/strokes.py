"""What it takes to set a chart's marks by hand, against the plot library's own drawing of the same chart."""

from collections.abc import Mapping
from contextlib import ExitStack
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from benchmarks.browser import Visitor, chromium
from benchmarks.data import spiral
from benchmarks.report import Report
from benchmarks.server import serving
from nnviz.specs.experiment import Choice, ExperimentSpec

PAGES: Mapping[str, ExperimentSpec] = {
    "digits": ExperimentSpec(epochs=0),
    "spiral, 2-8-8-8-2": spiral("8,8,8"),
    "sine": ExperimentSpec(dataset=Choice("sine"), loss=Choice("mse"), epochs=0),
}
WHOLE_PAGE = {"width": 1400, "height": 4200}  # all charts are in the window
NEAR = """() => document.querySelectorAll(".nnviz-card[data-ahead]").forEach(
  (card) => card.dispatchEvent(new PointerEvent("pointerenter")))"""
NOTE = (
    "Training at full speed for {seconds:g} s, all charts in a window of 1400 x 4200: medians of the milliseconds that "
    "`Strokes.move` takes, and `Plotly.react` in the same seconds, in which a hand comes near all charts once a "
    "second. The browser lays out and paints after both. Charts that are never set by hand are left out."
)
PROBE = """async () => {
  const files = performance.getEntriesByType("resource").map((each) => each.name);
  const { Strokes } = await import(files.find((name) => name.endsWith("/strokes.js")));
  const { move } = Strokes.prototype, { react } = window.Plotly;
  const probe = (window.probe = { moved: {}, drawn: {} });
  const note = (kind, name, start) => (probe[kind][name] ??= []).push(performance.now() - start);
  Strokes.prototype.move = function () {
    const start = performance.now(), isDone = move.call(this);
    if (isDone) note("moved", this.card.id, start);
    return isDone;
  };
  window.Plotly.react = async (graph, ...rest) => {
    const start = performance.now(), done = await react.call(window.Plotly, graph, ...rest);
    note("drawn", graph.closest("[data-chart]")?.dataset.chart, start);
    return done;
  };
}"""


def measure(is_quick: bool) -> Report:
    """Watch a page of each kind."""
    seconds = 4.0 if is_quick else 12.0
    report = Report("Marks set by hand", ("page", "chart", "by hand", "by the library", "by hand / by the library"))
    with ExitStack() as stack:
        browser, server = stack.enter_context(chromium()), stack.enter_context(serving())
        for page, spec in PAGES.items():
            found = _watch(browser, server.url, spec, seconds)
            for chart, times in sorted(found["moved"].items()):
                by_hand, whole = median(times), median(found["drawn"].get(chart) or [float("nan")])
                report.add(page, chart, f"{by_hand:.1f} ms", f"{whole:.1f} ms", f"{by_hand / whole:.2f}")
    report.notes = [NOTE.format(seconds=seconds)]
    return report


def _watch(browser: Browser, url: str, spec: ExperimentSpec, seconds: float) -> dict[str, Any]:
    visitor = Visitor(browser, url, spec)
    visitor.page.set_viewport_size(WHOLE_PAGE)  # type: ignore[arg-type]
    visitor.full_speed()
    visitor.page.evaluate(PROBE)
    visitor.play()
    for _ in range(int(seconds)):
        visitor.pause(1)
        visitor.page.evaluate(NEAR)
    found: dict[str, Any] = visitor.page.evaluate("window.probe")
    visitor.hold()
    visitor.close()
    return found
