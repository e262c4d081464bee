// What a hand or an arrow key moves on a chart: it follows at once, and where it comes to is reported.

import { Hold } from "./hold.js";
import { Reports } from "./reports.js";

const HOLD_MS = 2000; // how long an older answer from the server may not move the thing back
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// A kind of draggable says what may be taken (`reach`), where it stands (`spot`) and moves it (`go`); all in pixels of
// the plot's ground.
export class Draggable {
  still = 0; // pixels; a press that moves less is no drag
  steps = [50, 50]; // presses of an arrow key from one end of each axis to the other

  constructor(card, kind, ground = card.graph, focus = card.plot) {
    this.card = card;
    this.drawn = card.drawn;
    this.focus = focus;
    this.reports = new Reports(card.board, kind);
    this.holding = new Hold(HOLD_MS, this.reports, () => card.showAgain());
    this.ears = { pointermove: (event) => this.follow(event), pointerup: (event) => this.end(event) };
    this.ears.pointercancel = this.ears.pointerup;
    ground.addEventListener("pointerdown", (event) => this.begin(event), true);
    focus.addEventListener("keydown", (event) => this.press(event));
  }

  get isReady() {
    return this.isOn && Boolean(this.drawn.axes);
  }

  get isHeld() {
    return this.isDragging || this.holding.isOn;
  }

  begin(event) {
    if (!event.isPrimary || event.button || !this.isReady || event.target.closest?.(".modebar,.legend")) return;
    const spot = this.drawn.find(event);
    const taken = this.reach(spot);
    if (taken === undefined) return;
    event.stopPropagation();
    event.preventDefault();
    this.focus.focus({ preventScroll: true, focusVisible: false });
    this.from = { ...spot, taken };
    this.isDragging = taken !== null;
    for (const [name, ear] of Object.entries(this.ears)) window.addEventListener(name, ear);
  }

  follow(event) {
    if (!event.isPrimary || !this.isDragging || !this.isReady) return;
    const spot = this.drawn.find(event);
    if (!this.isMoving && Math.hypot(spot.x - this.from.x, spot.y - this.from.y) < this.still) return;
    this.isMoving = true;
    this.move(this.from.taken, spot);
  }

  move(taken, spot) {
    this.holding.take();
    this.go(taken, spot);
  }

  end(event) {
    if (!event.isPrimary) return;
    for (const [name, ear] of Object.entries(this.ears)) window.removeEventListener(name, ear);
    const { from, isMoving } = this;
    this.isDragging = this.isMoving = false;
    this.from = undefined;
    if (isMoving) this.holding.take();
    if (from && this.isReady) this.leave(from, { isMoved: Boolean(isMoving), isLost: event.type === "pointercancel" });
  }

  // Called when the hand lets go.
  leave() {}

  report(value) {
    this.reports.send({ chart: this.card.id, ...value });
  }

  press(event) {
    if (!this.isReady || event.altKey || event.ctrlKey || event.metaKey) return;
    const way = KEYS[event.key];
    if (!(way ? this.nudge(way) : this.strike(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // One step with an arrow key; false leaves the key to the page.
  nudge([across, up]) {
    const taken = this.chosen;
    if (taken === undefined) return false;
    const { x, y } = this.spot(taken), { width, height } = this.drawn.ground;
    this.move(taken, { x: x + (across * width) / this.steps[0], y: y - (up * height) / this.steps[1] });
    return true;
  }

  // Another key; false leaves it to the page.
  strike() {
    return false;
  }

  drop() {
    this.holding.drop();
    this.reports.drop();
  }
}
