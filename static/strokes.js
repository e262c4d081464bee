// Curves that go on, and pictures: where nothing else of a chart has changed, their strokes and pixels are set by hand
// in the axes that the plot library has drawn. That takes a tenth of the time. Once a second, where a hand is near, and
// where anything else has changed, the library draws: hover, zoom and saved pictures are its own, and show the same.

import { numbers } from "./figure.js";
import { isPicture, paintPicture } from "./pixels.js";
import { linesOf } from "./plot.js";
import { pathOf } from "./animated_traces.js";

const WHOLE_MS = 1000; // so often the library draws
const GROW = 0.25; // of what is drawn: axes of time grow in such steps, so that most drawings need no other axis
const PAD = 0.06, NEAR = 1e-6;
const LOOSE = 0.4; // an axis of which less than that is used is drawn anew

// The ends of an axis, as they were if that will do.  isTime: it only grows.
export function steady(held, low, high, isTime) {
  const span = high - low || Math.abs(high) || 1;
  if (held && low >= held[0] && high <= held[1] && span >= LOOSE * (held[1] - held[0])) return held;
  return isTime ? [low, low + (1 + GROW) * span] : [low - PAD * span, high + PAD * span];
}

const isCurve = ({ type = "scatter", mode, fill = "none", line }) =>
  type === "scatter" && /^(lines|markers)$/.test(mode ?? "") && fill === "none" && (line?.shape ?? "linear") === "linear";

const isFlat = (trace) => (trace.type ?? "scatter") === "scatter" || isPicture(trace);

// A clock's axis only grows, and the one beside it has room; what has other axes has their ends in the figure.
function isKnown(axis, layout) {
  const { range, autorange, scaleanchor, type = "linear" } = layout?.[axis] ?? {};
  const isFollowing = layout?.xaxis?.rangemode === "nonnegative" && autorange === undefined && !scaleanchor;
  return Boolean(range) || (isFollowing && (type === "linear" || type === "log"));
}

function extent(data, axis, isLog) {
  let low = Infinity, high = -Infinity;
  for (const trace of data) {
    if ((trace[axis] ?? axis[0]) !== axis[0]) continue; // another axis of the same chart
    for (const value of numbers(trace[axis[0]])) {
      const at = isLog ? Math.log10(value) : value;
      if (!Number.isFinite(at)) continue;
      low = Math.min(low, at);
      high = Math.max(high, at);
    }
  }
  return low <= high ? [low, high] : undefined;
}

// All but the points: where that is equal, only strokes have to move.
const lookOf = ({ x, y, z, ...looks }) => (looks.type === "heatmap" ? [looks, x, y] : looks);
const looksOf = ({ data, layout }) => JSON.stringify([layout, data.map(lookOf)]);
const pointsOf = ({ x, y, z }) => JSON.stringify([x, y, z]);

export class Strokes {
  constructor(card) {
    this.card = card;
    this.ends = {}; // of the axes that follow the data, and of which revision of the chart
    this.given = {}; // of these, what the library has drawn
    this.isAhead = false; // whether the screen shows more than the library knows
    card.node.addEventListener("pointerenter", () => this.catchUp());
    card.node.addEventListener("focusin", () => this.catchUp());
  }

  // Whether a figure is one of curves and pictures only, on axes whose ends are known.
  isOn({ data, layout }) {
    const { animated, start, points } = this.card;
    const isPlain = !animated.traces.length && !start.isOn && !points.isOn && !layout?.scene;
    return isPlain && data?.length > 0 && data.every(isFlat) && ["xaxis", "yaxis"].every((axis) => isKnown(axis, layout));
  }

  // The ends of the axes that follow the data of a figure; they hold for a while.
  endsOf(figure) {
    const { data, layout } = figure;
    if (this.ends.of !== layout?.uirevision) this.ends = { of: layout?.uirevision };
    for (const axis of this.isOn(figure) ? ["xaxis", "yaxis"] : []) {
      if (layout[axis].range || this.isZoomed(axis, layout)) continue;
      const found = extent(data, axis, layout[axis].type === "log");
      if (!found) continue;
      const isTime = layout[axis].rangemode === "nonnegative";
      this.ends[axis] = steady(this.ends[axis], isTime ? Math.min(found[0], 0) : found[0], found[1], isTime);
    }
    return this.ends;
  }

  // A reader's own view lasts as long as the library is given the same ends as before.
  isZoomed(axis, { uirevision }) {
    const given = this.given[axis], shown = this.card.drawn.layout[axis]?.range;
    const isOther = given && shown && given.some((end, at) => Math.abs(end - shown[at]) > NEAR * Math.abs(given[1] - given[0]));
    if (!isOther || uirevision !== this.given.of) return false;
    this.ends[axis] = given;
    return true;
  }

  frame(layout) {
    const { figure } = this.card;
    if (!this.isOn(figure)) return;
    const ends = this.endsOf(figure);
    for (const axis of ["xaxis", "yaxis"])
      if (!figure.layout[axis].range && ends[axis]) layout[axis] = { ...layout[axis], range: [...ends[axis]] };
  }

  // The library has drawn.
  note(figure) {
    this.isAhead = false;
    delete this.card.node.dataset.ahead;
    this.drawnAt = performance.now();
    this.looks = this.isOn(figure) ? looksOf(figure) : undefined;
    this.held = JSON.stringify(this.ends);
    this.given = { ...this.ends };
    this.points = this.looks && figure.data.map(pointsOf);
  }

  // Set the strokes to the newest points; tell whether that was all there was to do.
  move() {
    if (!this.canMove()) return false;
    const { drawn, figure } = this.card, layer = drawn.strokes;
    const isDone = figure.data.every((trace, place) => this.moveOne(trace, place, drawn, layer));
    if (!isDone) return false;
    this.isAhead = true;
    this.card.node.dataset.ahead = "yes";
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.catchUp(), WHOLE_MS);
    this.card.node.dataset.strokes = Number(this.card.node.dataset.strokes ?? 0) + 1;
    return true;
  }

  canMove() {
    const { card } = this;
    if (!this.looks || card.isLaneStale || card.node.matches(":hover, :focus-within")) return false;
    if (performance.now() - this.drawnAt > WHOLE_MS || !this.isOn(card.figure)) return false;
    return looksOf(card.figure) === this.looks && JSON.stringify(this.endsOf(card.figure)) === this.held;
  }

  moveOne(trace, place, drawn, layer) {
    const full = drawn.trace(place), points = pointsOf(trace);
    if (points === this.points[place]) return true;
    if (full?.visible !== true) return full?.visible === "legendonly";
    this.points[place] = points;
    if (isPicture(trace)) return paintPicture(drawn, place, trace);
    if (!isCurve(trace)) return false;
    const strokes = linesOf(layer.get(place));
    const x = numbers(trace.x), y = numbers(trace.y);
    if (trace.mode !== "lines" || strokes.length !== 1) return x.length === 0;
    strokes[0].setAttribute("d", pathOf(drawn.pixelsAlong(trace, x, y)) || "M0,0");
    return true;
  }

  // Let the library know what the screen shows.
  catchUp() {
    clearTimeout(this.waiting);
    if (this.isAhead) this.card.redraw();
  }

  // Something else than a newer drawing is to be shown, such as other colours.
  forget() {
    this.looks = undefined;
  }
}
