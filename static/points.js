// Points of a chart that a hand may take: move them, choose one, add one, take one away.

import { Draggable } from "./draggable.js";
import { numbers } from "./figure.js";

const NEAR_PX = 16;
const TWICE_MS = 400; // two presses within this time are one double press

export class Points extends Draggable {
  still = 4;
  steps = [100, 100];
  parts = [];
  isOn = false;

  constructor(card) {
    super(card, "handle");
  }

  // A trace's meta.handle is {name, axis: "x" | "y" | "xy", late: told when the hand lets go}; the layout's meta.adds
  // names what a click on the ground adds, meta.sets what it brings there.
  load(figure) {
    this.adds = figure.layout?.meta?.adds;
    this.removes = figure.layout?.meta?.removes;
    this.sets = figure.layout?.meta?.sets;
    this.parts = (figure.data ?? []).flatMap((trace, place) =>
      trace.meta?.handle ? [{ place, axis: "xy", ...trace.meta.handle, x: numbers(trace.x), y: numbers(trace.y) }] : [],
    );
    this.isOn = this.parts.length > 0 || Boolean(this.adds);
    this.card.plot.toggleAttribute("data-handles", this.isOn);
    this.card.plot.toggleAttribute("data-sets", Boolean(this.sets));
    if (!this.isDragging && this.part(this.held?.name)?.late) this.held = undefined; // the answer says where it is
    this.hold();
  }

  part(name) {
    return this.parts.find((each) => each.name === name);
  }

  // What is held stays where the hand is, whatever an older answer says.
  hold() {
    const { held } = this;
    if (!held) return;
    const part = this.part(held.name);
    if (!this.isHeld || !part || held.index >= part.x.length) this.held = undefined;
    else [part.x[held.index], part.y[held.index]] = [held.x, held.y];
  }

  dress(data, layout) {
    if (!this.isOn) return;
    layout.dragmode = false;
    this.hold();
    const part = this.held && this.part(this.held.name);
    if (part) Object.assign(data[part.place], { x: part.x.slice(), y: part.y.slice() });
  }

  // The nearest point, or nothing (null) on a ground that takes new ones.
  reach(spot) {
    if (!spot.isInside) return undefined;
    let best, reach = NEAR_PX;
    for (const { name, x } of this.parts) {
      x.forEach((_, index) => {
        const at = this.spot({ name, index });
        const distance = Math.hypot(at.x - spot.x, at.y - spot.y);
        if (distance <= reach) [best, reach] = [{ name, index }, distance];
      });
    }
    return best ?? (this.adds || this.sets ? null : undefined);
  }

  spot({ name, index }) {
    const { x, y } = this.part(name);
    return this.drawn.pixelsOf({ x: x[index], y: y[index] });
  }

  // An axis that a point may not leave keeps its place.
  go({ name, index }, spot) {
    const part = this.part(name);
    if (!part || index >= part.x.length) return; // it was taken away under the hand
    const to = this.drawn.valuesAt(spot);
    if (part.axis === "y") to.x = part.x[index];
    if (part.axis === "x") to.y = part.y[index];
    this.held = { name, index, ...to };
    this.picked = { name, index };
    this.hold();
    this.settle();
    if (!part.late || !this.isDragging) this.tell("move", this.held);
  }

  tell(act, { name, index, x, y }) {
    this.report({ act, name, index, x, y });
  }

  leave({ taken, ...spot }, { isMoved, isLost }) {
    if (isMoved && !isLost && taken && this.part(taken.name)?.late) this.tell("move", this.held);
    if (isMoved || isLost) return;
    if (taken) this.choose(taken);
    else if (this.sets) this.move({ name: this.sets, index: 0 }, spot);
    else this.tell("add", { name: this.adds, ...this.drawn.valuesAt(spot) });
  }

  // A second press on the same point within a moment takes it away, where the chart allows it.
  choose(found) {
    const now = performance.now();
    const isTwice = isSame(this.picked, found) && now - this.pickedAt < TWICE_MS;
    this.picked = found;
    this.pickedAt = now;
    if (isTwice && this.removes) this.take(found);
    else this.tell("choose", found);
  }

  take(found) {
    this.held = this.picked = undefined;
    this.tell("remove", found);
  }

  // What the keys mean: the point of before, or the first.
  get chosen() {
    if (!this.parts.length) return undefined;
    const part = this.part(this.picked?.name);
    return part && this.picked.index < part.x.length ? this.picked : { name: this.parts[0].name, index: 0 };
  }

  strike(key) {
    if (!this.parts.length) return false;
    if (key === "Delete" && this.removes) this.take(this.chosen);
    else if (key === "Insert" && this.adds) this.addAmid();
    else if (key === "PageDown" || key === "PageUp") this.step(key === "PageDown" ? 1 : -1);
    else return false;
    return true;
  }

  // A keyboard points nowhere: the new one comes into the middle and is the next to be moved.
  addAmid() {
    const { width, height } = this.drawn.ground;
    this.picked = { name: this.adds, index: this.part(this.adds)?.x.length ?? 0 };
    this.tell("add", { name: this.adds, ...this.drawn.valuesAt({ x: width / 2, y: height / 2 }) });
  }

  step(by) {
    const all = this.parts.flatMap(({ name, x }) => Array.from(x, (_, index) => ({ name, index })));
    const at = all.findIndex((each) => isSame(each, this.chosen));
    this.pickedAt = -Infinity;
    this.choose(all[(at + by + all.length) % all.length]);
  }

  // Moves the held point on the screen alone, before the server has answered.
  settle() {
    const part = this.held && this.part(this.held.name);
    if (this.isReady && part) this.drawn.moveDot(part.place, this.held.index, this.held);
  }
}

const isSame = (one, other) => one?.name === other.name && one.index === other.index;
