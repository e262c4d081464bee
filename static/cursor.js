// An upright line over a chart that shows the whole run: the moment that all other charts show.

import { make } from "./elements.js";

export class Cursor {
  constructor(card) {
    this.card = card;
    this.line = make("div", "nnviz-cursor");
    this.line.hidden = true;
    card.plot.append(this.line);
  }

  // Ridges have another x axis than time.
  get place() {
    const { drawn, board, isOnClock, figure } = this.card;
    const at = board.past.cursor;
    if (!isOnClock || at === null || !drawn.axes || figure?.layout?.xaxis?.rangemode !== "nonnegative") return NaN;
    return drawn.axes[0].d2p(at);
  }

  settle() {
    const { line, place } = this;
    line.hidden = !(place >= -1 && place <= this.card.drawn.ground.width + 1);
    if (line.hidden) return;
    const { left, top, height } = this.card.drawn.ground;
    Object.assign(line.style, { left: `${left + place}px`, top: `${top}px`, height: `${height}px` });
  }
}
