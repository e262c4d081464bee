// Draws every chart of a page in place. Called again with new data on each refresh; the charts stay in the document.

const ADDRESS = new URL(import.meta.url);
const KEEP_MS = 30_000; // how long charts outlive a page switch, with their zoom
const boards = new Map();

const STYLE = `
.nnviz-board{container-type:inline-size;font-family:var(--st-font);color:var(--st-text-color);width:100%}
.nnviz-board *{box-sizing:border-box}
.nnviz-top{display:flex;flex-wrap:wrap;align-items:stretch;gap:.5rem;margin:0 0 .5rem}
.nnviz-counters{display:flex;flex-wrap:wrap;gap:.35rem;margin:0;flex:1 1 auto}
.nnviz-counter{flex:1 1 7rem;min-width:6.6rem;padding:.3rem .65rem;border:1px solid var(--st-border-color);
  border-radius:var(--st-base-radius);background:var(--st-secondary-background-color)}
.nnviz-counter dt{font-size:.75rem;opacity:.8;white-space:nowrap}
.nnviz-counter dd{margin:0;font-size:1.2rem;font-weight:600;line-height:1.35;white-space:nowrap;
  font-variant-numeric:tabular-nums;overflow:hidden;text-overflow:ellipsis}
.nnviz-line{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1rem;min-height:2rem;margin:0 0 .5rem;font-size:.9rem}
.nnviz-status{flex:1 1 16rem;display:flex;gap:.5rem;align-items:baseline;min-height:1.4rem}
.nnviz-status::before{content:"";flex:none;width:.6rem;height:.6rem;border-radius:50%;background:currentColor;opacity:.45}
.nnviz-status[data-kind=good]::before{background:#009e73;opacity:1}
.nnviz-status[data-kind=warn]::before{background:#e69f00;opacity:1}
.nnviz-status[data-kind=bad]{font-weight:600}
.nnviz-status[data-kind=bad]::before{background:#d55e00;opacity:1;border-radius:0}
.nnviz-explain{font:inherit;color:inherit;cursor:pointer;background:none;border:1px solid var(--st-border-color);
  border-radius:var(--st-base-radius);padding:.15rem .6rem}
.nnviz-explain[aria-pressed=true]{border-color:var(--st-primary-color);color:var(--st-primary-color)}
.nnviz-grid{display:grid;grid-template-columns:1fr;grid-auto-flow:dense;gap:.75rem}
.nnviz-card{min-width:0;grid-column:span 1;border:1px solid var(--st-border-color);border-radius:var(--st-base-radius);
  background:var(--st-background-color);padding:.5rem .5rem .25rem}
.nnviz-head{display:flex;align-items:center;gap:.4rem;min-height:1.5rem;padding:0 .25rem}
.nnviz-head h3{font-size:.92rem;font-weight:600;margin:0;padding:0;line-height:1.3;color:inherit}
.nnviz-ask{position:relative;margin-left:auto;flex:none;width:1.25rem;height:1.25rem;border-radius:50%;font:600 .75rem/1 var(--st-font);
  border:1px solid var(--st-border-color);background:none;color:inherit;opacity:.75;cursor:help;padding:0}
.nnviz-ask:hover,.nnviz-ask:focus-visible{opacity:1}
.nnviz-tip{visibility:hidden;position:absolute;z-index:20;right:0;top:1.5rem;width:min(18rem,70cqw);padding:.5rem .65rem;text-align:left;
  font:400 .82rem/1.4 var(--st-font);color:var(--st-text-color);background:var(--st-secondary-background-color);
  border:1px solid var(--st-border-color);border-radius:var(--st-base-radius);box-shadow:0 4px 14px rgb(0 0 0/.22)}
.nnviz-ask:hover .nnviz-tip,.nnviz-ask:focus-visible .nnviz-tip{visibility:visible}
.nnviz-help{display:none;margin:.1rem .25rem .35rem;font-size:.84rem;line-height:1.4;opacity:.9}
.nnviz-explained .nnviz-help{display:block}
.nnviz-plot{position:relative;width:100%}
.nnviz-plot[data-table]{overflow-x:auto;overflow-y:hidden}
.nnviz-plot[data-table]>:first-child{min-width:44rem}
.nnviz-note{position:absolute;inset:0;display:none;place-items:center;padding:1rem;text-align:center;font-size:.88rem;opacity:.85}
.nnviz-note:not(:empty){display:grid}
.nnviz-log{margin:.75rem 0 0;font-size:.88rem}
.nnviz-log h3{font-size:.92rem;font-weight:600;margin:0 0 .25rem;padding:0}
.nnviz-log ol{margin:0;padding-left:1.2rem;font-variant-numeric:tabular-nums}
@container (min-width:36rem){.nnviz-grid{grid-template-columns:repeat(2,1fr)}
  .nnviz-card[data-width="2"],.nnviz-card[data-width="3"]{grid-column:span 2}}
@container (min-width:58rem){.nnviz-grid{grid-template-columns:repeat(3,1fr)}.nnviz-card[data-width="3"]{grid-column:span 3}}
@container (max-width:30rem){.nnviz-counter{flex-basis:30%;min-width:30%;padding:.25rem .5rem}.nnviz-counter dd{font-size:1.02rem}}
@media (prefers-reduced-motion:no-preference){.nnviz-status::before{transition:background .2s}}
`;

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function addStyle() {
  const id = "nnviz-board-style";
  const old = document.getElementById(id);
  if (old?.dataset.address === ADDRESS.href) return;
  old?.remove();
  const style = make("style", "", STYLE);
  style.id = id;
  style.dataset.address = ADDRESS.href;
  document.head.append(style);
}

let library;
function plotly() {
  library ??= new Promise((done, fail) => {
    if (window.Plotly) return done(window.Plotly);
    const script = make("script");
    const source = new URL("plotly.min.js", ADDRESS);
    source.search = `?v=${ADDRESS.searchParams.get("plotly")}`;
    script.src = source.href;
    script.onload = () => done(window.Plotly);
    script.onerror = () => {
      library = undefined;
      script.remove();
      fail(new Error("offline"));
    };
    document.head.append(script);
  });
  return library;
}

function themeOf(node) {
  const style = getComputedStyle(node);
  const read = (name, usual) => style.getPropertyValue(`--st-${name}`).trim() || usual;
  return {
    text: read("text-color", "#222"),
    back: read("background-color", "#fff"),
    soft: read("secondary-background-color", "#f3f3f3"),
    line: read("border-color", "#ccc"),
    grid: read("border-color-light", "#eee"),
    font: read("font", "sans-serif"),
  };
}

// Fills in only what the figure leaves open, so that a chart may still choose its own colours.
function fill(target, defaults) {
  for (const [name, value] of Object.entries(defaults)) {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) fill((target[name] ??= {}), value);
    else target[name] ??= value;
  }
  return target;
}

function dressTrace(trace, theme) {
  const cell = { font: { color: theme.text, size: 12 }, line: { color: theme.line } };
  if (trace.type === "table") {
    trace.header = fill(trace.header ?? {}, { ...structuredClone(cell), fill: { color: theme.soft } });
    trace.cells = fill(trace.cells ?? {}, { ...structuredClone(cell), fill: { color: theme.back } });
  }
  if (trace.colorbar) fill(trace.colorbar, { outlinewidth: 0, tickfont: { color: theme.text } });
  return trace;
}

function dress(figure, theme, revision) {
  const layout = { ...figure.layout };
  const axis = {
    gridcolor: theme.grid, zerolinecolor: theme.line, automargin: true,
  };
  fill(layout, {
    autosize: true, paper_bgcolor: theme.back, plot_bgcolor: theme.back, uirevision: revision,
    margin: { l: 48, r: 12, t: 12, b: 40 }, xaxis: {}, yaxis: {},
    font: { family: theme.font, size: 12, color: theme.text },
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
    hoverlabel: { bgcolor: theme.soft, bordercolor: theme.line, font: { family: theme.font, color: theme.text } },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.line, activecolor: theme.text },
  });
  for (const name of Object.keys(layout)) if (/^[xy]axis\d*$/.test(name)) layout[name] = fill({ ...layout[name] }, axis);
  delete layout.height;
  delete layout.width;
  return { data: (figure.data ?? []).map((trace) => dressTrace(trace, theme)), layout };
}

// Charts take turns: one animation frame draws charts for about FRAME_MS, so that the page stays responsive.
const FRAME_MS = 12;
let line = Promise.resolve();
let frameStart = -Infinity;
function turn() {
  line = line.then(async () => {
    if (performance.now() - frameStart < FRAME_MS) return;
    await new Promise(requestAnimationFrame);
    frameStart = performance.now();
  });
  return line;
}

class Card {
  constructor(chart, board) {
    this.id = chart.id;
    this.board = board;
    this.draws = 0;
    this.isSeen = true;
    this.node = make("section", "nnviz-card");
    this.title = make("h3");
    this.ask = make("button", "nnviz-ask", "?");
    this.tip = make("span", "nnviz-tip");
    this.help = make("p", "nnviz-help");
    this.plot = make("div", "nnviz-plot");
    this.graph = make("div");
    this.note = make("div", "nnviz-note", board.words.loading);
    this.build();
  }

  build() {
    this.ask.type = "button";
    this.tip.role = "tooltip";
    this.ask.append(this.tip);
    const head = make("div", "nnviz-head");
    head.append(this.title, this.ask);
    this.plot.setAttribute("role", "figure");
    this.plot.append(this.graph, this.note);
    this.graph.style.height = "100%";
    this.node.dataset.chart = this.id;
    this.node.dataset.draws = "0";
    this.node.append(head, this.help, this.plot);
  }

  show(chart, isForced) {
    this.name(chart);
    if (chart.stamp === this.stamp && !isForced) return undefined; // the same bytes as before
    this.stamp = chart.stamp;
    if (chart.error) return this.complain(chart.error);
    const height = `${chart.figure.layout?.height ?? 290}px`;
    if (this.plot.style.height !== height) this.plot.style.height = height;
    this.plot.toggleAttribute("data-table", chart.figure.data?.[0]?.type === "table"); // tables scroll where narrow
    this.figure = chart.figure;
    this.isFresh = true;
    return this.draw();
  }

  name(chart) {
    setText(this.title, chart.label);
    setText(this.help, chart.help);
    setText(this.tip, chart.help);
    this.node.dataset.width = chart.width;
    this.plot.setAttribute("aria-label", `${chart.label}. ${chart.help}`);
    this.ask.setAttribute("aria-label", `${this.board.words.about} ${chart.label}`);
  }

  complain(sentence) {
    setText(this.note, `${this.board.words.failed} ${sentence}`);
    if (!this.plot.style.height) this.plot.style.height = "280px";
    this.graph.style.visibility = "hidden";
  }

  // Latest wins: while one drawing is under way only the newest figure waits.
  async draw() {
    if (this.isBusy || !this.figure) return;
    this.isBusy = true;
    try {
      const Plotly = await plotly();
      while (this.isFresh && (this.isSeen || this.draws === 0) && this.graph.isConnected) {
        await turn();
        this.isFresh = false;
        await this.paint(Plotly);
      }
    } catch (error) {
      this.complain(error.message === "offline" ? this.board.words.offline : error.message);
    } finally {
      this.isBusy = false;
    }
  }

  async paint(Plotly) {
    const { data, layout } = dress(structuredClone(this.figure), this.board.theme, this.board.key);
    await Plotly.react(this.graph, data, layout, {
      responsive: false, displayModeBar: "hover", displaylogo: false, scrollZoom: false, doubleClickDelay: 400,
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
      toImageButtonOptions: { format: "png", scale: 2, filename: `nnviz-${this.id}` },
    });
    if (this.draws === 0) this.listen();
    this.draws += 1;
    this.node.dataset.draws = this.draws;
    this.graph.style.visibility = "";
    setText(this.note, "");
  }

  listen() {
    const report = (kind) => (event) => {
      const point = ({ curveNumber, pointNumber, x, y, customdata }) => ({ curveNumber, pointNumber, x, y, customdata });
      if (event) this.board.report?.(kind, { chart: this.id, points: event.points.slice(0, 100).map(point) });
    };
    this.graph.on("plotly_click", report("click"));
    this.graph.on("plotly_selected", report("selection"));
  }

  resize() {
    if (this.draws && this.graph.isConnected) window.Plotly?.Plots.resize(this.graph);
  }

  drop() {
    window.Plotly?.purge(this.graph);
    this.node.remove();
  }
}

class Board {
  constructor(payload) {
    this.key = payload.key;
    this.words = payload.words;
    this.cards = new Map();
    this.root = make("div", "nnviz-board");
    this.counters = make("dl", "nnviz-counters");
    this.status = make("div", "nnviz-status");
    this.status.setAttribute("role", "status");
    this.explain = make("button", "nnviz-explain", payload.words.explain);
    this.grid = make("div", "nnviz-grid");
    this.log = make("section", "nnviz-log");
    this.build();
    this.watch();
  }

  build() {
    const top = make("div", "nnviz-top");
    const line = make("div", "nnviz-line");
    top.append(this.counters);
    line.append(this.status, this.explain);
    this.explain.type = "button";
    this.explain.onclick = () => this.setExplained(!this.root.classList.contains("nnviz-explained"));
    this.root.append(top, line, this.grid, this.log);
    this.setExplained(sessionStorage.getItem("nnviz-explained") === "yes");
  }

  setExplained(isOn) {
    this.root.classList.toggle("nnviz-explained", isOn);
    this.explain.setAttribute("aria-pressed", String(isOn));
    sessionStorage.setItem("nnviz-explained", isOn ? "yes" : "no");
  }

  watch() {
    this.sight = new IntersectionObserver((entries) => entries.forEach((entry) => this.see(entry)), { rootMargin: "200px" });
    let width = 0;
    this.size = new ResizeObserver(() => {
      if (width === this.root.clientWidth || !this.root.clientWidth) return;
      width = this.root.clientWidth;
      requestAnimationFrame(() => this.cards.forEach((card) => card.resize()));
    });
    this.size.observe(this.root);
  }

  see(entry) {
    const card = this.cards.get(entry.target.dataset.chart);
    if (!card) return;
    card.isSeen = entry.isIntersecting;
    if (card.isSeen) card.draw();
  }

  update(payload) {
    const theme = themeOf(this.root);
    const isDressed = JSON.stringify(theme) !== JSON.stringify(this.theme);
    const isSame = payload.stamp === this.stamp && !isDressed;
    this.theme = theme;
    this.root.style.colorScheme = "inherit";
    if (isSame) return;
    this.stamp = payload.stamp;
    this.root.dataset.stamp = payload.stamp;
    this.showNumbers(payload);
    this.showCharts(payload.charts, isDressed);
    this.showLog(payload.log);
  }

  showNumbers({ counters, status }) {
    counters.forEach((counter, place) => {
      const box = this.counters.children[place] ?? this.addCounter();
      box.title = counter.help;
      box.dataset.counter = counter.id;
      setText(box.children[0], counter.label);
      setText(box.children[1], counter.value);
    });
    while (this.counters.children.length > counters.length) this.counters.lastChild.remove();
    this.counters.parentElement.hidden = counters.length === 0;
    this.status.parentElement.style.display = status ? "" : "none";
    this.status.dataset.kind = status?.kind ?? "";
    setText(this.status, status?.text ?? "");
  }

  addCounter() {
    const box = make("div", "nnviz-counter");
    box.append(make("dt"), make("dd"));
    this.counters.append(box);
    return box;
  }

  showCharts(charts, isForced) {
    const wanted = new Set(charts.map((chart) => chart.id));
    for (const [id, card] of this.cards) if (!wanted.has(id)) this.remove(id, card);
    charts.forEach((chart, place) => {
      const card = this.cards.get(chart.id) ?? this.add(chart);
      if (this.grid.children[place] !== card.node) this.grid.insertBefore(card.node, this.grid.children[place] ?? null);
      card.show(chart, isForced);
    });
  }

  add(chart) {
    const card = new Card(chart, this);
    this.cards.set(chart.id, card);
    this.sight.observe(card.node);
    return card;
  }

  remove(id, card) {
    this.sight.unobserve(card.node);
    this.cards.delete(id);
    card.drop();
  }

  showLog(lines) {
    const text = lines.join("\n");
    if (this.logText === text) return;
    this.logText = text;
    const list = make("ol");
    lines.forEach((line) => list.append(make("li", "", line)));
    this.log.replaceChildren(...(lines.length ? [make("h3", "", this.words.log), list] : []));
  }

  purge() {
    this.sight.disconnect();
    this.size.disconnect();
    for (const [id, card] of this.cards) this.remove(id, card);
    this.root.remove();
    boards.delete(this.key);
  }
}

export default function show({ data, parentElement, setTriggerValue }) {
  if (!data) return undefined;
  addStyle();
  const payload = JSON.parse(data instanceof Uint8Array ? new TextDecoder().decode(data) : data);
  const board = boards.get(payload.key) ?? new Board(payload);
  boards.set(payload.key, board);
  clearTimeout(board.leaving);
  board.words = payload.words;
  board.report = payload.reports ? setTriggerValue : undefined;
  if (board.root.parentElement !== parentElement) {
    parentElement.replaceChildren(board.root);
    board.cards.forEach((card) => card.draw());
  }
  board.update(payload);
  return () => {
    clearTimeout(board.leaving);
    // A late clean-up may come after the next call: only charts that have left the document go.
    board.leaving = setTimeout(() => board.root.isConnected || board.purge(), KEEP_MS);
  };
}
