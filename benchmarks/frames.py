"""Chart frames missing in Chromium while the page refreshes fast."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from playwright.sync_api import Browser

from benchmarks.browser import Visitor, chromium
from benchmarks.data import spiral
from benchmarks.report import Report
from benchmarks.server import Server, serving
from nnviz.specs.experiment import ExperimentSpec

PAGES: Mapping[str, ExperimentSpec] = {"digits": ExperimentSpec(epochs=0), "spiral, 2-8-8-8-2": spiral("8,8,8")}
RATES_HZ = (4, 8)
NOTE = (
    "Training at full speed, window of 1400 x 900, {seconds:g} s each. At every animation frame each chart in the "
    "window must have its drawing: visible, with the marks of its kind in it. 8 Hz is had by a server "
    "that pushes as often. Refreshes: drawings of the loss. Long tasks are those of over 50 ms, as Chromium reports "
    "them."
)
PROBE = """() => {
  const probe = window.probe = {frames: 0, blank: 0, names: {}, longMs: 0, worst: 0, start: performance.now()};
  probe.drawn = () => Object.fromEntries([...document.querySelectorAll('[data-draws]')].map(
    (card) => [card.dataset.chart, Number(card.dataset.draws)]));
  probe.before = probe.drawn();
  const isInWindow = (id) => document.querySelector(`[data-chart="${id}"]`).getBoundingClientRect().top < innerHeight;
  const ids = Object.keys(probe.before).filter((id) => probe.before[id] > 0 && isInWindow(id));
  probe.charts = ids.length;
  const marks = '.trace, .hm image, .imagelayer image, .table, .point, path.js-line, .barlayer path, canvas';
  const isDrawn = (id) => {
    const graph = document.querySelector(`[data-chart="${id}"][data-draws] .js-plotly-plot`);
    const svg = graph?.querySelector('.main-svg');
    return Boolean(svg?.querySelector(marks)) && graph.style.visibility !== 'hidden' && graph.clientHeight > 0;
  };
  new PerformanceObserver((list) => { for (const task of list.getEntries()) probe.longMs += task.duration; })
    .observe({type: 'longtask'});
  let last = performance.now();
  const look = (now) => {
    const missing = ids.filter((id) => !isDrawn(id));
    for (const id of missing) probe.names[id] = (probe.names[id] ?? 0) + 1;
    probe.frames += 1;
    probe.blank += missing.length > 0;
    probe.worst = Math.max(probe.worst, now - last);
    last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
READ = """() => {
  const {frames, blank, names, longMs, worst, before, start, drawn, charts} = window.probe;
  const seconds = (performance.now() - start) / 1000;
  return {frames, blank, names, longMs, worst, seconds, charts,
    draws: drawn().loss - before.loss};
}"""


def measure(is_quick: bool) -> Report:
    """Watch both pages at both rates."""
    seconds = 4.0 if is_quick else 12.0
    columns = (
        "page",
        "asked",
        "refreshes/s",
        "frames",
        "with a chart missing",
        "frames/s",
        "worst frame",
        "long tasks",
    )
    report = Report("Frames of the charts in Chromium", columns)
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        servers = {hz: stack.enter_context(serving(NNVIZ_BENCH_HZ=str(hz))) for hz in RATES_HZ}
        for name, spec in PAGES.items():
            for hz, server in servers.items():
                found = _watch(browser, server, spec, seconds)
                report.add(f"{name}, {found['charts']} charts in the window", f"{hz} Hz", *_cells(found))
    report.notes = [NOTE.format(seconds=seconds)]
    return report


def _watch(browser: Browser, server: Server, spec: ExperimentSpec, seconds: float) -> dict[str, Any]:
    visitor = Visitor(browser, server.url, spec)
    visitor.full_speed()
    visitor.play()
    visitor.pause(2)
    visitor.page.evaluate(PROBE)
    visitor.pause(seconds)
    found: dict[str, Any] = visitor.page.evaluate(READ)
    visitor.hold()
    visitor.close()
    return found


def _cells(found: dict[str, Any]) -> tuple[str, ...]:
    seconds = found["seconds"]
    names = ", ".join(f"{name} {count}" for name, count in found["names"].items())
    return (
        f"{found['draws'] / seconds:.1f}",
        f"{found['frames']:,}",
        f"{found['blank']}" + (f" ({names})" if names else ""),
        f"{found['frames'] / seconds:.0f}",
        f"{found['worst']:.0f} ms",
        f"{found['longMs'] / seconds:.0f} ms/s",
    )
