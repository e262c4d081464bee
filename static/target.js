// A level line that is dragged up and down, with a handle that a keyboard reaches: the target loss.

import { Draggable } from "./draggable.js";
import { make } from "./elements.js";
import { short } from "./numbers.js";

export class Target extends Draggable {
  chosen = "target"; // there is but one

  constructor(card) {
    const handle = make("div", "nnviz-target");
    super(card, "target", handle, handle);
    handle.setAttribute("role", "slider");
    handle.tabIndex = 0;
    handle.hidden = true;
    this.handle = handle;
    this.index = -1;
    card.plot.append(handle);
  }

  // The shape named "target" that says it is editable.
  load(figure) {
    this.index = (figure.layout?.shapes ?? []).findIndex(({ name, editable }) => name === "target" && editable);
    if (this.index >= 0 && !this.isHeld) this.y = figure.layout.shapes[this.index].y0;
  }

  get isOn() {
    return this.index >= 0;
  }

  // The library's own way to edit a shape would also move it sideways and bend it.
  dress(layout, theme) {
    if (!this.isOn) return;
    const shape = layout.shapes[this.index];
    const own = { editable: false, y0: this.y, y1: this.y, line: { color: theme.text, ...shape.line } };
    layout.shapes = layout.shapes.with(this.index, { ...shape, ...own });
  }

  reach() {
    return this.chosen;
  }

  spot() {
    return this.drawn.pixelsOf({ x: 0, y: this.y });
  }

  settle() {
    const { handle, drawn } = this;
    const height = this.isReady ? this.spot().y : NaN;
    handle.hidden = !(height >= -1 && height <= drawn.ground.height + 1);
    if (handle.hidden) return;
    const { left, top, width } = drawn.ground;
    Object.assign(handle.style, { left: `${left}px`, width: `${width}px`, top: `${top + height}px` });
    handle.setAttribute("aria-valuenow", String(this.y));
    handle.setAttribute("aria-valuetext", short(this.y));
    handle.setAttribute("aria-label", this.card.board.words.target ?? "");
  }

  go(_, spot) {
    this.y = this.drawn.valuesAt(spot).y;
    this.settle();
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = undefined;
    if (!this.isOn) return;
    const ends = { [`shapes[${this.index}].y0`]: this.y, [`shapes[${this.index}].y1`]: this.y };
    this.card.Plotly.relayout(this.card.graph, ends);
  }

  // Who was first is worked out again for another target, so it is told when the hand lets go.
  leave(_, { isMoved }) {
    if (isMoved) this.tell();
  }

  tell() {
    this.report({ y: this.y });
  }

  nudge(way) {
    if (!way[1]) return false;
    super.nudge(way);
    this.tell();
    return true;
  }
}
