// What charts share: the plot library, its dress in the page's colours, and taking turns.

import { make } from "./elements.js";
import { handRests } from "./hand.js";

const PLANE = "plotly-cartesian.min.js", WHOLE = "plotly.min.js"; // a third of its size, and of the time to begin
const libraries = new Map();

/** Loads the plot library: the part for charts in a plane, or all of it. */
export function plotly(isWhole = false) {
  const file = isWhole ? WHOLE : PLANE;
  if (!libraries.has(file)) libraries.set(file, load(file));
  return libraries.get(file);
}

function load(file) {
  return new Promise((done, fail) => {
    const script = make("script");
    script.src = new URL(file, import.meta.url).href;
    script.onload = () => done(window.Plotly); // the one that has come just now: both go by this name
    script.onerror = () => {
      libraries.delete(file);
      script.remove();
      fail(new Error("offline"));
    };
    document.head.append(script);
  });
}

export function themeOf(node) {
  const style = getComputedStyle(node);
  const read = (name, usual) => style.getPropertyValue(`--st-${name}`).trim() || usual;
  return {
    text: read("text-color", "#222"),
    back: read("background-color", "#fff"),
    soft: read("secondary-background-color", "#f3f3f3"),
    line: read("border-color", "#ccc"),
    grid: read("border-color-light", "#eee"),
    font: read("font", "sans-serif"),
  };
}

// Fills in only what the figure leaves open, so that a chart may still choose its own colours.
function fill(target, defaults) {
  for (const [name, value] of Object.entries(defaults)) {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) fill((target[name] ??= {}), value);
    else target[name] ??= value;
  }
  return target;
}

function dressTrace(trace, theme) {
  const cell = { font: { color: theme.text, size: 12 }, line: { color: theme.line } };
  if (trace.type === "table") {
    trace.header = fill(trace.header ?? {}, { ...structuredClone(cell), fill: { color: theme.soft } });
    trace.cells = fill(trace.cells ?? {}, { ...structuredClone(cell), fill: { color: theme.back } });
  }
  if (trace.colorbar) fill(trace.colorbar, { outlinewidth: 0, tickfont: { color: theme.text } });
  return trace;
}

export function dress(figure, theme, revision) {
  const layout = { ...figure.layout };
  const axis = {
    gridcolor: theme.grid, zerolinecolor: theme.line, automargin: true,
  };
  fill(layout, {
    autosize: true, paper_bgcolor: theme.back, plot_bgcolor: theme.back, uirevision: revision,
    margin: { l: 48, r: 12, t: 12, b: 40 },
    font: { family: theme.font, size: 12, color: theme.text },
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
    hoverlabel: { bgcolor: theme.soft, bordercolor: theme.line, font: { family: theme.font, color: theme.text } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.line, activecolor: theme.text },
  });
  if (!layout.scene) fill(layout, { xaxis: {}, yaxis: {} });
  for (const name of Object.keys(layout)) if (/^[xy]axis\d*$/.test(name)) layout[name] = fill({ ...layout[name] }, axis);
  const wall = { ...axis, gridcolor: theme.line, backgroundcolor: theme.back, color: theme.text };
  delete wall.automargin;
  if (layout.scene) layout.scene = fill(structuredClone(layout.scene), { xaxis: wall, yaxis: wall, zaxis: wall });
  delete layout.height;
  delete layout.width;
  return { data: (figure.data ?? []).map((trace) => dressTrace(trace, theme)), layout };
}

const TYPES = {
  f4: Float32Array, f8: Float64Array, i1: Int8Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array, i4: Int32Array,
  u4: Uint32Array,
};

// Reads an array of a figure, which comes as a list or as typed base64; null becomes NaN.
export function numbers(array) {
  if (!array?.bdata) return Float64Array.from(array ?? [], (value) => value ?? NaN);
  const bytes = Uint8Array.from(atob(array.bdata), (letter) => letter.charCodeAt(0));
  return new TYPES[array.dtype.replace(/[<|]/, "")](bytes.buffer);
}

// Charts take turns: one animation frame draws charts for about FRAME_MS, so that the page stays responsive.
const FRAME_MS = 12;
let line = Promise.resolve();
let frameStart = -Infinity;
export function turn() {
  line = line.then(async () => {
    await handRests();
    if (performance.now() - frameStart < FRAME_MS) return;
    await new Promise(requestAnimationFrame);
    frameStart = performance.now();
  });
  return line;
}
