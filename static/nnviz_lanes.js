// Brings one lane out in every chart and table: pointed at for a moment, or chosen until further notice.

const LEAVE_MS = 80; // from one point of a line to the next the pointer may leave for a moment
const FAINT = 0.15;
const WIDER = 1.5; // pixels

export class Lanes {
  constructor(board) {
    this.board = board;
    this.pointed = this.wanted = null;
    this.known = new Set();
    this.reports = 0;
    this.onKey = (event) => event.key === "Escape" && this.wanted !== null && this.choose(this.wanted);
    document.addEventListener("keydown", this.onKey);
  }

  // A lane that no chart knows any more dims nothing.
  get chosen() {
    return this.known.has(this.wanted) ? this.wanted : null;
  }

  get shown() {
    return this.pointed !== null && this.known.has(this.pointed) ? this.pointed : this.chosen;
  }

  learn(charts) {
    const before = this.shown;
    const lanes = charts.flatMap(({ figure, table }) => [
      ...(figure?.data ?? []).map((trace) => trace.meta?.lane),
      ...(table?.rows ?? []).map((row) => row.lane),
    ]);
    this.known = new Set(lanes.filter((lane) => lane !== undefined && lane !== null));
    if (this.shown !== before) this.apply();
  }

  point(lane) {
    clearTimeout(this.leaving);
    if (lane === null) this.leaving = setTimeout(() => this.setPointed(null), LEAVE_MS);
    else this.setPointed(lane);
  }

  setPointed(lane) {
    const before = this.shown;
    this.pointed = lane;
    if (this.shown !== before) this.apply();
  }

  choose(lane) {
    if (lane === null) return;
    this.wanted = this.wanted === lane ? null : lane;
    if (this.wanted === null) this.pointed = null;
    this.apply();
    this.reports += 1;
    this.board.report?.("lane", { lane: this.wanted, n: this.reports });
  }

  apply() {
    this.board.root.dataset.lane = this.shown ?? "";
    for (const card of this.board.cards.values()) {
      card.table?.mark(this.shown, this.chosen);
      card.isLaneStale = Boolean(card.draws && card.figure);
      card.draw();
    }
  }

  // Says how a trace looks while a lane is out; the figure itself is left as it came.
  look(trace) {
    const isOut = trace.meta.lane === this.shown;
    const opacity = (trace.opacity ?? 1) * (this.shown === null || isOut ? 1 : FAINT);
    const isWidened = isOut && trace.type !== "scatter3d" && (trace.line?.width ?? 2) > 0; // width 0 is a band's edge
    return { opacity, width: (trace.line?.width ?? 2) + (isWidened ? WIDER : 0) };
  }

  dress(data) {
    for (const trace of data) {
      if (trace.meta?.lane === undefined || this.shown === null) continue;
      const { opacity, width } = this.look(trace);
      trace.opacity = opacity;
      if (isStroked(trace)) trace.line = { ...trace.line, width };
    }
  }

  change(data) {
    const laned = data.map((trace, place) => ({ trace, place })).filter(({ trace }) => trace.meta?.lane !== undefined);
    if (!laned.length) return null;
    const looks = laned.map(({ trace }) => this.look(trace));
    const widths = laned.map(({ trace }, place) => (isStroked(trace) ? looks[place].width : trace.line?.width));
    const isAnyStroked = laned.some(({ trace }) => isStroked(trace));
    return {
      looks: { opacity: looks.map(({ opacity }) => opacity), ...(isAnyStroked ? { "line.width": widths } : {}) },
      traces: laned.map(({ place }) => place),
    };
  }

  drop() {
    clearTimeout(this.leaving);
    document.removeEventListener("keydown", this.onKey);
  }
}

const isStroked = (trace) => (trace.type ?? "scatter") === "scatter" && (trace.mode ?? "lines").includes("lines");
