// A place that is chosen by a click or a drag anywhere on a chart: the start of a descent, a point to decode.

import { Draggable } from "./draggable.js";
import { numbers } from "./figure.js";

const STEPS = [50, 50];

export class Start extends Draggable {
  isOn = false;
  chosen = "start"; // there is but one

  constructor(card) {
    super(card, "place");
  }

  // The layout's meta.places says that a place may be chosen; the mark is the trace with meta.start.
  load(figure) {
    this.isOn = Boolean(figure.layout?.meta?.places);
    this.steps = figure.layout?.meta?.steps ?? STEPS;
    this.index = (figure.data ?? []).findIndex((trace) => trace.meta?.start);
    const trace = figure.data?.[this.index];
    if (!this.isHeld) this.at = trace ? { x: numbers(trace.x)[0], y: numbers(trace.y)[0] } : undefined;
    this.card.plot.toggleAttribute("data-places", this.isOn);
  }

  dress(data, layout) {
    if (this.isOn) layout.dragmode = false;
    if (this.index >= 0 && this.isHeld && this.at) Object.assign(data[this.index], { x: [this.at.x], y: [this.at.y] });
  }

  reach({ isInside }) {
    return isInside ? this.chosen : undefined;
  }

  // A click is a choice, too.
  begin(event) {
    super.begin(event);
    if (this.isDragging) this.follow(event);
  }

  spot() {
    const { width, height } = this.drawn.ground;
    return this.at ? this.drawn.pixelsOf(this.at) : { x: width / 2, y: height / 2 }; // the middle, until a place is taken
  }

  go(_, spot) {
    this.at = this.drawn.valuesAt(spot);
    this.settle();
    this.report(this.at);
  }

  settle() {
    if (this.isReady && this.index >= 0 && this.isHeld) this.drawn.moveDot(this.index, 0, this.at);
  }
}
