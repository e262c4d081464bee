// Curves that go on, points, words, bars, straight shapes and pictures: where nothing else of a chart has changed, they are set by hand in the
// axes that the plot library has drawn. That takes a tenth of the time. Where a hand is near, where nothing new has come for
// a second, and where anything else has changed, the library draws: hover, zoom and legend are its own, and show the same.

import { axesOf, extent, isClock, isKnown, isOther, steady, withLevels } from "./ends.js";
import { isMark, lookOf, moveMarks, moveShapes, pointsOf, wordsOf, writeWords } from "./marks.js";

const CALM_MS = 1000; // without news, after which the library draws
const AHEAD_MS = 20_000; // for no longer the screen shows what the library does not know
const WHOLE_MS = 1000; // between two drawings of what cannot be set by hand and nobody reads faster

// All but the points: where that is equal, only strokes have to move.
const looksOf = ({ data, layout }) => JSON.stringify([wordsOf(layout).frame, data.map(lookOf)]);

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
  isOn(figure) {
    const { animated, start, points } = this.card, { data, layout } = figure;
    const isFree = !animated.traces.length && !start.isHeld && !(points.isOn && points.isHeld) && !layout?.scene;
    const isFixed = axesOf(layout).every((axis) => layout?.[axis]?.range); // then all else may stand there that stays
    return isFree && data?.length > 0 && (isFixed || (data.every(isMark) && axesOf(layout).every((axis) => isKnown(axis, figure))));
  }

  // The ends of the axes that follow the data of a figure; they hold for a while.
  endsOf(figure) {
    const { data, layout } = figure;
    if (this.ends.of !== layout?.uirevision) this.ends = { of: layout?.uirevision };
    for (const axis of this.isOn(figure) ? axesOf(layout) : []) {
      if (layout[axis].range || this.isZoomed(axis, layout)) continue;
      const isLog = layout[axis].type === "log";
      const drawn = extent(data, axis, isLog);
      if (!drawn) continue;
      const found = withLevels(drawn, axis, layout.shapes, isLog);
      const isFromZero = isClock(layout[axis]) || (layout[axis].rangemode === "tozero" && found[0] >= 0);
      this.ends[axis] = steady(this.ends[axis], isFromZero ? Math.min(found[0], 0) : found[0], found[1], isFromZero);
    }
    return this.ends;
  }

  // A reader's own view lasts as long as the library is given the same ends as before.
  isZoomed(axis, { uirevision }) {
    const given = this.given[axis];
    if (!isOther(given, this.card.drawn.layout[axis]?.range) || uirevision !== this.given.of) return false;
    this.ends[axis] = given;
    return true;
  }

  frame(layout) {
    const { figure } = this.card;
    if (!this.isOn(figure)) return;
    const ends = this.endsOf(figure);
    for (const axis of axesOf(figure.layout))
      if (!figure.layout[axis].range && ends[axis]) layout[axis] = { ...layout[axis], range: [...ends[axis]] };
  }

  // Back to all that is drawn: the library itself goes back to where the axes ended when it drew for the first time.
  showAll() {
    const { figure, graph, Plotly } = this.card, found = {};
    for (const axis of this.isOn(figure) ? axesOf(figure.layout) : [])
      if (!figure.layout[axis].range && this.given[axis]) found[`${axis}.range`] = [...this.given[axis]];
    if (Object.keys(found).length) Plotly.relayout(graph, found);
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
    if (!isDone || !moveShapes(drawn, figure.layout) || !writeWords(this.card.graph, wordsOf(figure.layout).words)) return false;
    if (!this.isAhead) this.aheadAt = performance.now();
    this.isAhead = true;
    this.card.node.dataset.ahead = "yes";
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.catchUp(), CALM_MS);
    this.card.node.dataset.strokes = Number(this.card.node.dataset.strokes ?? 0) + 1;
    return true;
  }

  canMove() {
    const { card } = this;
    if (!this.looks || card.isLaneStale || card.node.matches(":hover, :focus-within")) return false;
    if (this.rest() < 0 || !this.isOn(card.figure)) return false;
    return looksOf(card.figure) === this.looks && JSON.stringify(this.endsOf(card.figure)) === this.held;
  }

  moveOne(trace, place, drawn, layer) {
    const full = drawn.trace(place), points = pointsOf(trace);
    if (points === this.points[place]) return true;
    if (full?.visible !== true) return full?.visible === "legendonly";
    this.points[place] = points;
    return moveMarks(drawn, place, this.card.figure, layer.get(place));
  }

  // How long the screen may yet show more than the library knows: what comes after a rest is set by hand first.
  rest() {
    return this.isAhead ? this.aheadAt + AHEAD_MS - performance.now() : AHEAD_MS;
  }

  // How long a drawing lasts that nobody reads faster.
  lull() {
    return this.drawnAt ? this.drawnAt + WHOLE_MS - performance.now() : 0;
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
