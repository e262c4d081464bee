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

  // Whether Escape puts a lane back.
  get isClearing() {
    return this.wanted !== null;
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
    const share = this.shown === null || isOut ? 1 : FAINT;
    const width = trace.line?.width ?? 2;
    const look = { opacity: (trace.opacity ?? 1) * share };
    if (isStroked(trace)) look["line.width"] = width + (isOut && width > 0 ? WIDER : 0); // width 0 is a band's edge
    if ((trace.fill ?? "none") === "none") return look;
    // The plot library gives filled lines no opacity of their own.
    look.fillcolor = faded(trace.fillcolor, share);
    look["line.color"] = faded(trace.line?.color, share);
    return look;
  }

  dress(data) {
    if (this.shown === null) return;
    for (const trace of data.filter(({ meta }) => meta?.lane !== undefined)) {
      for (const [name, value] of Object.entries(this.look(trace))) {
        const [part, inner] = name.split(".");
        if (value !== undefined) trace[part] = inner ? { ...trace[part], [inner]: value } : value;
      }
    }
  }

  change(data) {
    const traces = data.flatMap((trace, place) => (trace.meta?.lane === undefined ? [] : [place]));
    const each = traces.map((place) => this.look(data[place]));
    const names = [...new Set(each.flatMap((look) => Object.keys(look)))];
    const looks = Object.fromEntries(names.map((name) => [name, each.map((look) => look[name])]));
    return traces.length ? { looks, traces } : null;
  }

  drop() {
    clearTimeout(this.leaving);
    document.removeEventListener("keydown", this.onKey);
  }
}

// Colours come as #rrggbb or rgb(a).
export function faded(colour, share) {
  const isHex = /^#/.test(colour ?? "");
  const parts = isHex ? colour.match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16)) : colour?.match(/[\d.]+/g);
  if (!parts) return undefined;
  const [red, green, blue, alpha = 1] = parts.map(Number);
  return `rgba(${red},${green},${blue},${+(alpha * share).toFixed(4)})`;
}

const isStroked = (trace) => (trace.type ?? "scatter") === "scatter" && (trace.mode ?? "lines").includes("lines");
