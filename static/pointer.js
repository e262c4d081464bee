// What a hand may move on a chart: the start of a descent, and a target line. Both follow at once and report.

import { make } from "./elements.js";
import { numbers } from "./figure.js";
import { short } from "./numbers.js";

const REPORT_MS = 120;
const HOLD_MS = 2000; // how long an older figure from the server may not move the thing back
const STEPS = 50; // presses of an arrow key from one end of an axis to the other
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// Sends at most one report each REPORT_MS; the newest wins, and the last one always goes.
class Reports {
  constructor(card, kind) {
    Object.assign(this, { card, kind, count: 0, sentAt: -Infinity });
  }

  send(value) {
    this.next = value;
    const rest = this.sentAt + REPORT_MS - performance.now();
    if (rest <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), rest);
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = JSON.stringify(this.next);
    if (this.next === undefined || text === this.last) return;
    this.last = text;
    this.sentAt = performance.now();
    this.count += 1;
    this.card.board.report?.(this.kind, { chart: this.card.id, ...this.next, n: this.count });
  }
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export class Start {
  constructor(card) {
    this.card = card;
    this.isOn = false;
    this.reports = new Reports(card, "place");
    this.onMove = (event) => this.follow(event);
    this.onUp = (event) => this.end(event);
    card.graph.addEventListener("pointerdown", (event) => this.begin(event), true);
    card.plot.addEventListener("keydown", (event) => this.press(event));
  }

  load(figure) {
    this.isOn = Boolean(figure.layout?.meta?.places);
    this.steps = figure.layout?.meta?.steps ?? [STEPS, STEPS];
    this.index = (figure.data ?? []).findIndex((trace) => trace.meta?.start);
    const trace = figure.data?.[this.index];
    const given = trace ? { x: numbers(trace.x)[0], y: numbers(trace.y)[0] } : undefined;
    if (!this.isHeld) this.at = given;
    this.card.plot.toggleAttribute("data-places", this.isOn);
  }

  get isHeld() {
    return this.isDragging || performance.now() - (this.movedAt ?? -Infinity) < HOLD_MS;
  }

  dress(data, layout) {
    if (this.isOn) layout.dragmode = false;
    if (this.index >= 0 && this.isHeld && this.at) Object.assign(data[this.index], { x: [this.at.x], y: [this.at.y] });
  }

  axes() {
    const { xaxis, yaxis } = this.card.graph._fullLayout ?? {};
    return this.isOn && xaxis && yaxis ? [xaxis, yaxis] : null;
  }

  begin(event) {
    if (!event.isPrimary || event.button || !this.axes() || event.target.closest?.(".modebar,.legend")) return;
    const { isInside } = this.find(event);
    if (!isInside) return;
    this.isDragging = true;
    this.card.plot.focus({ preventScroll: true, focusVisible: false });
    window.addEventListener("pointermove", this.onMove);
    window.addEventListener("pointerup", this.onUp);
    window.addEventListener("pointercancel", this.onUp);
    this.follow(event);
  }

  find(event) {
    const [across, up] = this.axes();
    const box = this.card.graph.getBoundingClientRect();
    const x = event.clientX - box.left - across._offset, y = event.clientY - box.top - up._offset;
    const isInside = x >= 0 && y >= 0 && x <= across._length && y <= up._length;
    return { x: across.p2d(clamp(x, 0, across._length)), y: up.p2d(clamp(y, 0, up._length)), isInside };
  }

  follow(event) {
    if (!event.isPrimary || !this.axes()) return;
    const { x, y } = this.find(event);
    this.go({ x, y });
  }

  go(place) {
    this.at = place;
    this.movedAt = performance.now();
    this.settle();
    this.reports.send(place);
  }

  end(event) {
    if (!event.isPrimary) return;
    this.isDragging = false;
    window.removeEventListener("pointermove", this.onMove);
    window.removeEventListener("pointerup", this.onUp);
    window.removeEventListener("pointercancel", this.onUp);
    this.reports.flush();
  }

  press(event) {
    const axes = this.axes(), way = KEYS[event.key];
    if (!axes || !way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const moved = axes.map((axis, at) => {
      const from = this.at ? axis.d2p(at ? this.at.y : this.at.x) : axis._length / 2; // the middle, until a place is taken
      const here = from + ((at ? -1 : 1) * way[at] * axis._length) / this.steps[at];
      return axis.p2d(clamp(here, 0, axis._length));
    });
    this.go({ x: moved[0], y: moved[1] });
  }

  // Moves the mark on the screen alone: to draw the ground again for each movement of a hand would lag behind it.
  settle() {
    const axes = this.axes();
    if (!axes || this.index < 0 || !this.isHeld) return;
    const layer = [...this.card.graph.querySelectorAll(".scatterlayer > .trace")];
    const node = layer.find((each) => each.__data__?.[0]?.trace?.index === this.index);
    const spot = [axes[0].d2p(this.at.x), axes[1].d2p(this.at.y)].map((value) => value.toFixed(2));
    node?.querySelector(".points > .point")?.setAttribute("transform", `translate(${spot})`);
  }
}

export class Target {
  constructor(card) {
    this.card = card;
    this.reports = new Reports(card, "target");
    this.index = -1;
    this.handle = make("div", "nnviz-target");
    this.handle.setAttribute("role", "slider");
    this.handle.tabIndex = 0;
    this.handle.hidden = true;
    this.handle.onpointerdown = (event) => this.begin(event);
    this.handle.onpointermove = (event) => this.isDragging && this.follow(event);
    this.handle.onlostpointercapture = () => this.end();
    this.handle.onkeydown = (event) => this.press(event);
    card.plot.append(this.handle);
  }

  load(figure) {
    this.index = (figure.layout?.shapes ?? []).findIndex(({ name, editable }) => name === "target" && editable);
    if (this.index < 0 || this.isHeld) return;
    const { y0 } = figure.layout.shapes[this.index];
    if (y0 !== this.y) this.reports.last = undefined; // it was put elsewhere: to go back there is news
    this.y = y0;
  }

  get isHeld() {
    return this.isDragging || performance.now() - (this.movedAt ?? -Infinity) < HOLD_MS;
  }

  // The library's own way to edit a shape would also move it sideways and bend it.
  dress(layout, theme) {
    if (this.index < 0) return;
    const shape = layout.shapes[this.index];
    const own = { editable: false, y0: this.y, y1: this.y, line: { color: theme.text, ...shape.line } };
    layout.shapes = layout.shapes.with(this.index, { ...shape, ...own });
  }

  get axis() {
    return this.card.graph._fullLayout?.yaxis;
  }

  settle() {
    const { axis, handle, card } = this, across = card.graph._fullLayout?.xaxis;
    const height = axis && this.index >= 0 ? axis.d2p(this.y) : NaN;
    handle.hidden = !across || !(height >= -1 && height <= axis._length + 1);
    if (handle.hidden) return;
    Object.assign(handle.style, {
      left: `${across._offset}px`, width: `${across._length}px`, top: `${axis._offset + height}px`,
    });
    handle.setAttribute("aria-valuenow", String(this.y));
    handle.setAttribute("aria-valuetext", short(this.y));
    handle.setAttribute("aria-label", card.board.words.target ?? "");
  }

  begin(event) {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    this.handle.setPointerCapture(event.pointerId);
    this.isDragging = true;
  }

  follow(event) {
    const top = this.card.graph.getBoundingClientRect().top + this.axis._offset;
    this.go(event.clientY - top);
  }

  go(pixels) {
    this.y = this.axis.p2d(clamp(pixels, 0, this.axis._length));
    this.movedAt = performance.now();
    this.settle();
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = undefined;
    if (this.index < 0) return;
    const ends = { [`shapes[${this.index}].y0`]: this.y, [`shapes[${this.index}].y1`]: this.y };
    window.Plotly.relayout(this.card.graph, ends);
  }

  end() {
    if (!this.isDragging) return;
    this.isDragging = false;
    if (this.movedAt === this.toldAt) return;
    this.tell();
  }

  tell() {
    this.toldAt = this.movedAt;
    this.reports.send({ y: this.y });
  }

  press(event) {
    const way = KEYS[event.key]?.[1];
    if (!way || !this.axis) return;
    event.preventDefault();
    event.stopPropagation();
    this.go(this.axis.d2p(this.y) - (way * this.axis._length) / STEPS);
    this.tell();
  }
}
