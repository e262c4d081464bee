// A stretch that a reader has zoomed in on: the server draws it from every update, for this reader alone.

const CALM_MS = 120; // a hand that goes on zooming
const AGAIN_MS = 1500; // between two looks at a stretch that the run adds to
const NEAR = 0.98; // of the whole: whoever sees as much of it has not come closer

export class Stretch {
  constructor(card) {
    this.card = card;
    this.traces = [];
    this.asked = 0;
  }

  // The reader's ends of the x axis, where that is a part of what the chart shows by itself.
  get ends() {
    const { drawn, strokes, figure, hasStretches } = this.card;
    const range = drawn.axes?.[0].range, whole = figure?.layout?.xaxis?.range ?? strokes.given.xaxis;
    if (!hasStretches || !range || !whole) return undefined;
    const [low, high] = [Math.max(range[0], whole[0]), Math.min(range[1], whole[1])];
    return high > low && high - low < NEAR * (whole[1] - whole[0]) ? [low, high] : undefined;
  }

  // Of which run it is, and on which axes.
  get subject() {
    return `${this.card.board.at?.[0]} ${this.card.figure.layout?.uirevision}`;
  }

  // The axes have other ends.
  turn() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), CALM_MS);
  }

  ask() {
    const { ends } = this;
    if (!ends) return this.clear();
    if (!this.grows && ends.join() === this.seen) return undefined;
    this.seen = ends.join();
    this.asked += 1;
    this.askedAt = performance.now();
    this.of = this.subject;
    this.card.board.line?.say({ stretch: { id: this.card.id, low: ends[0], high: ends[1], n: this.asked } });
    return undefined;
  }

  show({ n, data, grows }) {
    if (n !== this.asked || !this.ends) return;
    this.traces = data;
    this.grows = grows;
    this.card.node.dataset.stretch = this.seen;
    this.card.redraw();
  }

  // A newer figure: the stretch may have grown, or be of another chart.
  load() {
    if (!this.seen) return;
    if (this.subject !== this.of) {
      this.clear();
      this.turn(); // where the reader is still near, to the new run
    } else if (this.grows && performance.now() - this.askedAt > AGAIN_MS) this.turn();
  }

  clear() {
    const had = this.traces.length > 0;
    [this.traces, this.seen, this.grows] = [[], undefined, false];
    this.asked += 1; // an answer that is on its way comes too late
    delete this.card.node.dataset.stretch;
    if (had) this.card.redraw();
  }

  // In the place of the lines from which updates are left out.
  dress(data) {
    if (this.traces.length) data.forEach((trace) => trace.meta?.thinned && (trace.opacity = 0));
    data.push(...structuredClone(this.traces));
  }

  drop() {
    clearTimeout(this.waiting);
  }
}
