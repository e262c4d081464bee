"""Chart frames missing in Chromium while the page refreshes fast."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

from benchmarks.browser import Visitor, chromium
from benchmarks.data import spiral
from benchmarks.report import Report
from benchmarks.server import serving
from nnviz.catalog.openings import FIRST_PLAYGROUND as FIRST
from nnviz.specs.experiment import ExperimentSpec

# What is opened, and whether it trains as fast as it can or at the speed that it begins with.
PAGES: Mapping[str, tuple[str, ExperimentSpec, bool]] = {
    "Train, digits": ("Train", ExperimentSpec(epochs=0), True),
    "Train, spiral, 2-8-8-8-2": ("Train", spiral("8,8,8"), True),
    "Home": ("", FIRST, False),
}
RATES_HZ = (4, 8)
NOTE = (
    "Training at full speed, Home at the speed that it begins with, window of 1400 x 900, {seconds:g} s each. At every "
    "animation frame each chart in the window must have its drawing: visible, with the marks of its kind in it. 8 Hz "
    "is had by a server that pushes as often. Refreshes: drawings of the loss, strokes among them. Long tasks are "
    "those of over 50 ms, as Chromium reports them."
)
PROBE = """() => {
  const probe = {frames: 0, blank: 0, names: {}, longMs: 0, longest: 0, worst: 0, start: performance.now()};
  window.probe = probe;
  probe.drawn = () => Object.fromEntries([...document.querySelectorAll('[data-draws]')].map(
    (card) => [card.dataset.chart, Number(card.dataset.draws)]));
  probe.before = probe.drawn();
  const isInWindow = (id) => document.querySelector(`[data-chart="${id}"]`).getBoundingClientRect().top < innerHeight;
  const ids = Object.keys(probe.before).filter((id) => probe.before[id] > 0 && isInWindow(id));
  probe.charts = ids.length;
  const marks = '.trace, .hm image, .imagelayer image, .table, .point, path.js-line, .barlayer path, canvas';
  const isDrawn = (id) => {
    const card = document.querySelector(`[data-chart="${id}"][data-draws]`);
    const graph = card?.querySelector('.js-plotly-plot');
    if (card && !graph) return Boolean(card.querySelector('canvas, svg')) && card.clientHeight > 0;
    const svg = graph?.querySelector('.main-svg');
    return Boolean(svg?.querySelector(marks)) && graph.style.visibility !== 'hidden' && graph.clientHeight > 0;
  };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      probe.longMs += duration;
      probe.longest = Math.max(probe.longest, duration);
    }
  }).observe({type: 'longtask'});
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
  const {frames, blank, names, longMs, longest, worst, before, start, drawn, charts} = window.probe;
  const seconds = (performance.now() - start) / 1000;
  return {frames, blank, names, longMs, longest, worst, seconds, charts,
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
        "longest",
    )
    report = Report("Frames of the charts in Chromium", columns)
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        servers = {hz: stack.enter_context(serving(NNVIZ_BENCH_HZ=str(hz))) for hz in RATES_HZ}
        for name, (page, spec, is_fast) in PAGES.items():
            for hz, server in servers.items():
                found = _watch(Visitor(browser, server.url, spec, page=page), is_fast, seconds)
                report.add(f"{name}, {found['charts']} charts in the window", f"{hz} Hz", *_cells(found))
    report.notes = [NOTE.format(seconds=seconds)]
    return report


def _watch(visitor: Visitor, is_fast: bool, seconds: float) -> dict[str, Any]:
    if is_fast:
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
        f"{found['longest']:.0f} ms",
    )
