// Points of a chart that a hand may take: move them, choose one, add one, take one away.

import { numbers } from "./figure.js";
import { Reports } from "./reports.js";

const HOLD_MS = 1500; // how long an older figure may not move a point back
const NEAR_PX = 16;
const STILL_PX = 4; // a press that moves less is a choice, not a drag
const STEPS = 100; // presses of an arrow key from one end of an axis to the other
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

export class Handles {
  constructor(card) {
    this.card = card;
    this.parts = [];
    this.held = undefined;
    this.chosen = undefined;
    this.reports = new Reports(card.board, "handle");
    this.onMove = (event) => this.follow(event);
    this.onUp = (event) => this.end(event);
    card.graph.addEventListener("pointerdown", (event) => this.begin(event), true);
    card.plot.addEventListener("keydown", (event) => this.press(event));
  }

  // A trace's meta.handle is {name, axis: "x" | "y" | "xy"}; the layout's meta.adds names what a click on the ground adds.
  load(figure) {
    this.adds = figure.layout?.meta?.adds;
    this.removes = figure.layout?.meta?.removes;
    this.parts = (figure.data ?? []).flatMap((trace, place) =>
      trace.meta?.handle ? [{ place, axis: "xy", ...trace.meta.handle, x: numbers(trace.x), y: numbers(trace.y) }] : [],
    );
    this.isOn = this.parts.length > 0 || Boolean(this.adds);
    this.card.plot.toggleAttribute("data-handles", this.isOn);
    this.hold();
  }

  // What is held stays where the hand is, whatever an older answer says.
  hold() {
    const { held } = this;
    if (!held) return;
    const part = this.parts.find(({ name }) => name === held.name);
    const isOld = !this.isDragging && performance.now() - held.movedAt > HOLD_MS;
    if (isOld || !part || held.index >= part.x.length) this.held = undefined;
    else [part.x[held.index], part.y[held.index]] = [held.x, held.y];
  }

  dress(data, layout) {
    if (!this.isOn) return;
    layout.dragmode = false;
    this.hold();
    const part = this.held && this.parts.find(({ name }) => name === this.held.name);
    if (part) Object.assign(data[part.place], { x: part.x.slice(), y: part.y.slice() });
  }

  axes() {
    const { xaxis, yaxis } = this.card.graph._fullLayout ?? {};
    return this.isOn && xaxis && yaxis ? [xaxis, yaxis] : null;
  }

  find(event) {
    const [across, up] = this.axes();
    const box = this.card.graph.getBoundingClientRect();
    const x = event.clientX - box.left - across._offset, y = event.clientY - box.top - up._offset;
    return { x, y, isInside: x >= 0 && y >= 0 && x <= across._length && y <= up._length };
  }

  nearest({ x, y }) {
    const [across, up] = this.axes();
    let best, reach = NEAR_PX;
    for (const part of this.parts) {
      part.x.forEach((value, index) => {
        const distance = Math.hypot(across.d2p(value) - x, up.d2p(part.y[index]) - y);
        if (distance <= reach) [best, reach] = [{ name: part.name, index }, distance];
      });
    }
    return best;
  }

  begin(event) {
    if (!event.isPrimary || event.button || !this.axes() || event.target.closest?.(".modebar,.legend")) return;
    const spot = this.find(event);
    if (!spot.isInside) return;
    const found = this.nearest(spot);
    if (!found && !this.adds) return;
    event.stopPropagation();
    event.preventDefault();
    this.card.plot.focus({ preventScroll: true, focusVisible: false });
    this.from = { ...spot, found };
    this.isDragging = Boolean(found);
    window.addEventListener("pointermove", this.onMove);
    window.addEventListener("pointerup", this.onUp);
    window.addEventListener("pointercancel", this.onUp);
  }

  follow(event) {
    if (!event.isPrimary || !this.from?.found || !this.axes()) return;
    const spot = this.find(event);
    if (!this.isMoving && Math.hypot(spot.x - this.from.x, spot.y - this.from.y) < STILL_PX) return;
    this.isMoving = true;
    this.move(this.from.found, spot.x, spot.y);
  }

  // Pixels of the plot; an axis that a handle may not leave keeps its place.
  move({ name, index }, x, y) {
    const [across, up] = this.axes();
    const part = this.parts.find((each) => each.name === name);
    const to = {
      x: part.axis === "y" ? part.x[index] : across.p2d(clamp(x, 0, across._length)),
      y: part.axis === "x" ? part.y[index] : up.p2d(clamp(y, 0, up._length)),
    };
    this.held = { name, index, ...to, movedAt: performance.now() };
    this.chosen = { name, index };
    this.hold();
    this.settle();
    this.tell("move", { name, index, ...to });
  }

  tell(act, { name, index, x, y }) {
    this.reports.send({ chart: this.card.id, act, name, index, x, y });
  }

  end(event) {
    if (!event.isPrimary) return;
    window.removeEventListener("pointermove", this.onMove);
    window.removeEventListener("pointerup", this.onUp);
    window.removeEventListener("pointercancel", this.onUp);
    const { from } = this;
    const wasMoving = this.isMoving;
    this.isDragging = this.isMoving = false;
    this.from = undefined;
    if (!from || wasMoving || event.type === "pointercancel" || !this.axes()) return;
    const [across, up] = this.axes();
    if (from.found) this.choose(from.found);
    else this.tell("add", { name: this.adds, x: across.p2d(from.x), y: up.p2d(from.y) });
  }

  // A second press on the same point within a moment takes it away, where the chart allows it.
  choose(found) {
    const now = performance.now();
    const isTwice = this.chosen?.name === found.name && this.chosen.index === found.index && now - this.chosenAt < 400;
    this.chosen = found;
    this.chosenAt = now;
    if (isTwice && this.removes) this.take(found);
    else this.tell("choose", found);
  }

  take(found) {
    this.held = this.chosen = undefined;
    this.tell("remove", found);
  }

  press(event) {
    const axes = this.axes();
    if (!axes || event.altKey || event.ctrlKey || event.metaKey || !this.parts.length) return;
    const way = KEYS[event.key];
    const known = this.parts.find(({ name }) => name === this.chosen?.name);
    const chosen = known && this.chosen.index < known.x.length ? this.chosen : { name: this.parts[0].name, index: 0 };
    const part = this.parts.find(({ name }) => name === chosen.name);
    if (event.key === "Delete" && this.removes) this.take(chosen);
    else if (event.key === "Insert" && this.adds) this.addAmid(axes);
    else if (event.key === "PageDown" || event.key === "PageUp") this.step(chosen, event.key === "PageDown" ? 1 : -1);
    else if (way) {
      const at = [axes[0].d2p(part.x[chosen.index]), axes[1].d2p(part.y[chosen.index])];
      this.move(chosen, at[0] + (way[0] * axes[0]._length) / STEPS, at[1] - (way[1] * axes[1]._length) / STEPS);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // A keyboard points nowhere: the new one comes into the middle and is the next to be moved.
  addAmid([across, up]) {
    const part = this.parts.find(({ name }) => name === this.adds);
    this.chosen = { name: this.adds, index: part?.x.length ?? 0 };
    this.tell("add", { name: this.adds, x: across.p2d(across._length / 2), y: up.p2d(up._length / 2) });
  }

  step(chosen, by) {
    const all = this.parts.flatMap(({ name, x }) => Array.from(x, (_, index) => ({ name, index })));
    const at = all.findIndex(({ name, index }) => name === chosen.name && index === chosen.index);
    this.chosenAt = -Infinity;
    this.choose(all[(at + by + all.length) % all.length]);
  }

  // Moves the held point on the screen alone, before the server has answered.
  settle() {
    const axes = this.axes(), { held } = this;
    if (!axes || !held) return;
    const part = this.parts.find(({ name }) => name === held.name);
    const layer = [...this.card.graph.querySelectorAll(".scatterlayer > .trace")];
    const node = layer.find((each) => each.__data__?.[0]?.trace?.index === part?.place);
    const dot = node && [...node.querySelectorAll(".points > .point")].find((each) => each.__data__?.i === held.index);
    const spot = [axes[0].d2p(held.x), axes[1].d2p(held.y)].map((value) => value.toFixed(2));
    dot?.setAttribute("transform", `translate(${spot})`);
  }
}
