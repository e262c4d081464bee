// The traces of one card that follow the playback: how they are cut, and moved without drawing the chart anew.

import { numbers } from "./figure.js";
import { dotIndex, dotsOf, linesOf } from "./plot.js";

const AXES = ["x", "y", "z"];
const SLOW_MS = 50; // a picture of space that takes longer comes less often
const FAR = 1e5; // pixels; lines to places beyond are cut there, for the browser's sake

export class AnimatedTraces {
  constructor(card) {
    this.card = card;
    this.traces = [];
    this.stale = new Set(); // traces that only the plot library can redraw
    this.moved = false;
  }

  load(figure) {
    this.traces = (figure.data ?? []).flatMap((trace, place) => {
      if (!trace.meta?.playback) return [];
      const axes = AXES.filter((axis) => trace[axis] !== undefined);
      const arrays = Object.fromEntries(axes.map((axis) => [axis, numbers(trace[axis])]));
      return [{ place, axes, arrays, trace, ...trace.meta.playback }];
    });
  }

  // New trails are on the screen before the plot library has drawn the ground below them again.
  preview() {
    if (!this.traces.length) return;
    this.drawnStep = this.card.board.playback.step;
    this.draw();
    this.card.node.dataset.previews = Number(this.card.node.dataset.previews ?? 0) + 1;
  }

  range({ kind, size, arrays, axes }, step) {
    const length = arrays[axes[0]].length;
    if (kind === "head") return [0, Math.min(step + 1, length)];
    const row = kind === "frame" ? size : 1;
    const last = Math.min(step, Math.floor(length / row) - 1);
    return [Math.max(last, 0) * row, Math.max(last + 1, 0) * row];
  }

  cut(part, step) {
    const [from, to] = this.range(part, step);
    return Object.fromEntries(part.axes.map((axis) => [axis, part.arrays[axis].subarray(from, to)]));
  }

  // Heads in the plane are drawn whole and then cut on the screen; all else is cut before it is drawn.
  dress(data, isCut) {
    for (const part of this.traces) {
      const isWhole = !isCut && part.kind === "head" && isMovable(part.trace);
      Object.assign(data[part.place], isWhole ? part.arrays : this.cut(part, this.card.board.playback.step));
    }
  }

  // What the screen alone can show is shown at once; the rest waits for its turn.
  draw() {
    if (!this.traces.length || !this.card.draws) return;
    const { drawn, board } = this.card;
    const step = board.playback.step;
    const layer = drawn.strokes;
    const isShut = performance.now() < (this.opensAt ?? 0); // space rests while the screen catches up
    const left = this.traces.filter((part) =>
      inSpace(part) ? !isShut && !this.moveInSpace(part, step) : !this.move(layer.get(part.place), part, step),
    );
    if (!isShut && this.traces.some(inSpace) && this.drawnStep !== step) this.showSpace();
    this.moved = left.length < this.traces.length;
    if (this.drawnStep !== step) this.wait(left);
    this.drawnStep = step;
  }

  wait(parts) {
    for (const part of parts) this.stale.add(part);
    if (parts.length) this.card.draw();
  }

  move(node, part, step) {
    const { drawn } = this.card, full = drawn.trace(part.place);
    if (part.trace.visible === "legendonly" || full?.visible !== true) return true;
    if (!node || !isMovable(part.trace)) return false; // in space, filled, or not drawn yet
    const [from, to] = this.range(part, step);
    const pixels = drawn.pixelsAlong(part.trace, part.arrays.x.subarray(from, to), part.arrays.y.subarray(from, to));
    const isAnywhere = pixels.some(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
    const strokes = linesOf(node), dots = dotsOf(node);
    const isLine = full.mode.includes("lines"), isDots = full.mode.includes("markers");
    if (isAnywhere && isLine && !strokes.length) return false;
    if (isAnywhere && isDots && part.kind !== "head" && dots.length !== to - from) return false;
    if (isLine) strokes.forEach((stroke, at) => stroke.setAttribute("d", at ? "M0,0" : pathOf(pixels) || "M0,0"));
    if (isDots && part.kind === "head") dots.forEach((dot) => (dot.style.display = dotIndex(dot) < to ? "" : "none"));
    else if (isDots) dots.forEach((dot, at) => placeDot(dot, ...pixels[at]));
    return true;
  }

  // A line in space takes its points at once; through the plot library the whole ground would be drawn anew.
  moveInSpace(part, step) {
    const { drawn } = this.card;
    return drawn.moveInSpace(part.place, this.cut(part, step)) || drawn.trace(part.place)?.visible !== true;
  }

  // Where a picture of space takes the screen long, as without a graphics card, it comes less often.
  showSpace() {
    const start = performance.now();
    this.card.drawn.space?.redraw();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const now = performance.now();
      this.opensAt = now - start > SLOW_MS ? now + 2 * (now - start) : 0;
    }));
  }

  rest() {
    if (!this.moved) return;
    this.moved = false;
    this.wait(this.traces.filter((part) => part.kind !== "head" || inSpace(part)));
  }

  async redraw(parts) {
    this.stale.clear();
    const current = parts.filter((part) => this.traces.includes(part));
    if (!current.length) return;
    const cuts = current.map((part) => this.cut(part, this.card.board.playback.step));
    const axes = AXES.filter((axis) => cuts.some((cut) => cut[axis] !== undefined));
    const looks = Object.fromEntries(axes.map((axis) => [axis, cuts.map((cut) => cut[axis])]));
    const start = performance.now();
    await this.card.Plotly.restyle(this.card.graph, looks, current.map(({ place }) => place));
    // A slow chart shows fewer steps; half of the time is left for everything else.
    if (this.card.board.playback.isPlaying) await new Promise((go) => setTimeout(go, performance.now() - start));
  }

  // Tells whether a point is of a step that the playback does not show now.
  hides(point) {
    const part = this.traces.find(({ place, kind }) => place === point?.curveNumber && kind === "head");
    if (!part || point.pointNumber <= this.card.board.playback.step) return false;
    this.card.Plotly.Fx.unhover(this.card.graph);
    return true;
  }
}

const inSpace = ({ trace }) => trace.type === "scatter3d";

function isMovable({ type = "scatter", fill = "none", line }) {
  return type === "scatter" && fill === "none" && (line?.shape ?? "linear") === "linear";
}

export function placeDot(dot, x, y) {
  const isThere = Number.isFinite(x) && Number.isFinite(y);
  dot.style.display = isThere ? "" : "none";
  if (isThere) dot.setAttribute("transform", `translate(${x.toFixed(2)},${y.toFixed(2)})`);
}

export function pathOf(pixels) {
  let path = "", before = null;
  for (const [x, y] of pixels) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      before = null;
      continue;
    }
    const [px, py] = before ? near(before, [x, y]) : [x, y];
    if (Math.abs(px) <= 2 * FAR && Math.abs(py) <= 2 * FAR) path += `${path && before ? "L" : "M"}${px.toFixed(1)},${py.toFixed(1)}`;
    before = [px, py];
  }
  return path;
}

// Shortens a stroke to somewhere very far, in its own direction.
function near([x0, y0], [x1, y1]) {
  const far = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
  const share = Math.min(1, FAR / far);
  return [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
}
