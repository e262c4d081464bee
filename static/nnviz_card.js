// One card of the board: a chart or a table with its title, its explanation and its buttons.

const SEARCH = new URL(import.meta.url).search;
const [{ make, setText, drawing, plotly, dress, turn }, { Reel }, { Start, Target }, { Handles }, { Table }] = await Promise.all(
  ["figure", "reel", "pointer", "handles", "table"].map((name) => import(`./nnviz_${name}.js${SEARCH}`)),
);
const ARROW = "M8 2v7.5M4.8 6.6 8 9.8l3.2-3.2M3 13h10";

export class Card {
  constructor(chart, board) {
    this.id = chart.id;
    this.board = board;
    this.draws = 0;
    this.isSeen = true;
    this.node = make("section", "nnviz-card");
    this.title = make("h3");
    this.save = make("button", "nnviz-png");
    this.ask = make("button", "nnviz-ask", "?");
    this.tip = make("span", "nnviz-tip");
    this.help = make("p", "nnviz-help");
    this.plot = make("div", "nnviz-plot");
    this.graph = make("div");
    this.note = make("div", "nnviz-note", board.words.loading);
    this.build();
    this.reel = new Reel(this);
    this.start = new Start(this);
    this.target = new Target(this);
    this.handles = new Handles(this);
  }

  build() {
    this.ask.type = this.save.type = "button";
    this.tip.role = "tooltip";
    this.ask.append(this.tip);
    this.save.append(drawing(ARROW));
    this.save.onclick = () => this.download();
    const head = make("div", "nnviz-head");
    head.append(this.title, this.save, this.ask);
    this.plot.setAttribute("role", "figure");
    this.plot.append(this.graph, this.note);
    this.graph.style.height = "100%";
    this.node.dataset.chart = this.id;
    this.node.dataset.draws = "0";
    this.node.append(head, this.help, this.plot);
  }

  show(chart, isForced) {
    this.name(chart);
    if (chart.stamp !== undefined && chart.stamp === this.stamp && !isForced) return undefined; // the same bytes as before
    this.stamp = chart.stamp;
    if (chart.error) return this.complain(chart.error);
    return chart.table ? this.showTable(chart.table) : this.showFigure(chart.figure);
  }

  showTable(table) {
    this.table ??= new Table(this);
    this.table.show(table);
    this.table.mark(this.board.lanes.shown, this.board.lanes.chosen);
    this.countDraw();
  }

  showFigure(figure) {
    const height = `${figure.layout?.height ?? 290}px`;
    if (this.plot.style.height !== height) this.plot.style.height = height;
    this.plot.toggleAttribute("data-table", figure.data?.[0]?.type === "table"); // tables scroll where narrow
    const before = this.figure;
    this.figure = figure;
    this.reel.load(figure);
    if (before && this.isOnSameGround(before)) this.reel.preview();
    this.start.load(figure);
    this.target.load(figure);
    this.handles.load(figure);
    this.isFresh = true;
    return this.draw();
  }

  // Whether only numbers differ: the same axes, as many traces.
  isOnSameGround({ data, layout }) {
    const { data: now, layout: frame } = this.figure;
    return this.draws > 0 && data?.length === now?.length && layout?.uirevision === frame?.uirevision;
  }

  name(chart) {
    setText(this.title, chart.label);
    setText(this.help, chart.help);
    setText(this.tip, chart.help);
    this.node.dataset.width = chart.width;
    this.node.dataset.rows = chart.rows ?? 1;
    this.plot.setAttribute("aria-label", `${chart.label}. ${chart.help}`);
    this.ask.setAttribute("aria-label", `${this.board.words.about} ${chart.label}`);
    this.save.setAttribute("aria-label", `${this.board.words.png} ${chart.label}`);
    this.save.title = this.board.words.png ?? "";
    this.save.hidden = !chart.figure;
  }

  complain(sentence) {
    if (this.table) this.table.note.hidden = false;
    setText(this.table?.note ?? this.note, `${this.board.words.failed} ${sentence}`);
    if (!this.plot.style.height) this.plot.style.height = "280px";
    this.graph.style.visibility = "hidden";
  }

  // Latest wins: while one drawing is under way only the newest figure, lane and step wait.
  async draw() {
    if (this.isBusy || !this.figure) return;
    this.isBusy = true;
    try {
      const Plotly = await plotly();
      while (this.isStale && (this.isSeen || this.draws === 0) && this.graph.isConnected) {
        await turn();
        if (this.isFresh) await this.paint(Plotly);
        else await this.retouch(Plotly);
      }
    } catch (error) {
      this.complain(error.message === "offline" ? this.board.words.offline : error.message);
    } finally {
      this.isBusy = false;
    }
  }

  get isStale() {
    return this.isFresh || this.isLaneStale || this.reel.stale.size > 0;
  }

  async paint(Plotly) {
    this.isFresh = this.isLaneStale = false;
    const { data, layout } = this.dressed();
    await Plotly.react(this.graph, data, layout, {
      responsive: false, displayModeBar: "hover", displaylogo: false, scrollZoom: false, doubleClickDelay: 400, showSendToCloud: false,
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "toImage"],
    });
    if (this.draws === 0) this.listen();
    this.settle();
    this.countDraw();
    this.graph.style.visibility = "";
    setText(this.note, "");
  }

  // Colours and weights of lanes, and steps of the film, change without drawing the whole chart again.
  async retouch(Plotly) {
    const traces = [...this.reel.stale];
    if (traces.length) await this.reel.redraw(Plotly, traces);
    if (!this.isLaneStale || this.isFresh) return;
    this.isLaneStale = false;
    const change = this.board.lanes.change(this.figure.data);
    if (change) await Plotly.restyle(this.graph, change.looks, change.traces);
  }

  dressed(isCut = false) {
    const { theme, key, lanes } = this.board;
    const { data, layout } = dress(structuredClone(this.figure), theme, key);
    lanes.dress(data);
    this.reel.dress(data, isCut);
    this.start.dress(data, layout);
    this.target.dress(layout, theme);
    this.handles.dress(data, layout);
    return { data, layout };
  }

  settle() {
    this.reel.draw();
    this.start.settle();
    this.target.settle();
    this.handles.settle();
  }

  countDraw() {
    this.draws += 1;
    this.node.dataset.draws = this.draws;
  }

  listen() {
    const report = (kind) => (event) => {
      const point = ({ curveNumber, pointNumber, x, y, customdata }) => ({ curveNumber, pointNumber, x, y, customdata });
      if (event) this.board.report?.(kind, { chart: this.id, points: event.points.slice(0, 100).map(point) });
    };
    this.graph.on("plotly_click", report("click"));
    this.graph.on("plotly_selected", report("selection"));
    this.graph.on("plotly_click", (event) => this.start.isOn || this.board.lanes.choose(laneAt(event)));
    this.graph.on("plotly_hover", (event) => this.reel.hides(event.points[0]) || this.board.lanes.point(laneAt(event)));
    this.graph.on("plotly_unhover", () => this.board.lanes.point(null));
    this.graph.on("plotly_afterplot", () => this.settle());
  }

  // A picture shows what the screen shows, on the page's own ground.
  async download() {
    if (!this.draws) return;
    const { width, height } = this.graph.getBoundingClientRect();
    const { scene } = this.graph._fullLayout;
    const picture = this.dressed(true);
    if (scene) picture.layout.scene.camera = scene.camera;
    for (const name of Object.keys(this.graph.layout)) {
      if (/^[xy]axis\d*$/.test(name) && picture.layout[name]) picture.layout[name].range = this.graph.layout[name].range;
    }
    const Plotly = await plotly();
    await Plotly.downloadImage(picture, { format: "png", scale: 2, width, height, filename: `nnviz-${this.id}` });
  }

  resize() {
    if (this.draws && this.graph.isConnected && this.figure) window.Plotly?.Plots.resize(this.graph);
  }

  drop() {
    this.board.listeners.delete(this.handles.reports);
    window.Plotly?.purge(this.graph);
    this.node.remove();
  }
}

const laneAt = (event) => event.points[0]?.data?.meta?.lane ?? null;
