// One card of the board: a chart or a table with its title, its explanation and its buttons.

import { make, setText } from "./elements.js";
import { enlarge, enlargeTraces } from "./enlarge.js";
import { dress, plotly, turn } from "./figure.js";
import { AnimatedTraces } from "./animated_traces.js";
import { Cursor } from "./cursor.js";
import { Network } from "./network.js";
import { Options } from "./options.js";
import { Plot } from "./plot.js";
import { Points } from "./points.js";
import { keepStill } from "./print.js";
import { Save } from "./save.js";
import { isSheet, Sheet } from "./sheet.js";
import { Start } from "./start.js";
import { Stretch } from "./stretch.js";
import { Strokes } from "./strokes.js";
import { Table } from "./table.js";
import { Target } from "./target.js";
import { Tools } from "./tools.js";

const TRIES = 3; // what fails that often will not come by itself
const AGAIN_MS = 700;

const CONFIG = {
  responsive: false, displayModeBar: true, displaylogo: false, scrollZoom: false, doubleClickDelay: 400, showSendToCloud: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d", "toImage"],
};

const isInSpace = (figure) => Boolean(figure.layout?.scene);

plotly().catch(() => {}); // on its way while the rest of the page is made; who needs it asks again

export class Card {
  constructor(chart, board) {
    this.id = chart.id;
    this.board = board;
    this.draws = 0;
    this.drawing = Promise.resolve(); // the last or present one
    this.failures = 0; // in a row
    this.isSeen = true;
    this.node = make("section", "nnviz-card");
    this.title = make("button", "nnviz-title"); // a press brings the chart out alone
    this.save = new Save(this);
    this.ask = make("button", "nnviz-ask", "?");
    this.tip = make("span", "nnviz-tip");
    this.help = make("p", "nnviz-help");
    this.plot = make("div", "nnviz-plot");
    this.graph = make("div");
    this.note = make("div", "nnviz-note", board.words.loading);
    this.tools = new Tools(this);
    this.keys = make("p", "nnviz-keys");
    this.build();
    this.drawn = new Plot(this.graph);
    this.animated = new AnimatedTraces(this);
    this.start = new Start(this);
    this.target = new Target(this);
    this.points = new Points(this);
    this.strokes = new Strokes(this);
    this.cursor = new Cursor(this);
    this.stretch = new Stretch(this);
  }

  build() {
    this.ask.type = this.title.type = "button";
    this.title.onclick = () => this.board.stage.press(this);
    this.tip.role = "tooltip";
    this.ask.append(this.tip);
    const head = make("div", "nnviz-head");
    const heading = make("h3");
    heading.append(this.title);
    head.append(heading, this.tools.button, this.save.button, this.ask);
    this.plot.setAttribute("role", "figure");
    this.plot.append(this.graph, this.note);
    this.graph.style.height = "100%";
    this.node.dataset.chart = this.id;
    this.node.dataset.draws = "0";
    this.node.append(head, this.tools.row, this.save.row, this.help, this.plot, this.keys);
  }

  show(chart) {
    if (chart.stamp !== undefined && chart.stamp === this.stamp) return undefined; // the same bytes as before
    this.name(chart);
    this.stamp = chart.stamp;
    if (chart.error) return this.complain(chart.error);
    if (chart.network) return this.showOwn(Network, chart.network);
    if (chart.choices) return this.showOwn(Options, chart.choices);
    return chart.table ? this.showTable(chart.table) : this.showFigure(chart.figure);
  }

  // Whether it is there to be turned, not to be looked at.
  get isControl() {
    return this.own instanceof Options;
  }

  // What the plot library has no part in.
  showOwn(Kind, content) {
    this.own ??= new Kind(this);
    this.own.show(content);
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
    this.plot.toggleAttribute("data-table", isSheet(figure));
    const before = this.figure;
    this.figure = figure;
    this.animated.load(figure);
    if (before && this.isOnSameGround(before)) this.animated.preview();
    this.start.load(figure);
    this.target.load(figure);
    this.points.load(figure);
    this.stretch.load();
    this.sayKeys();
    this.isFresh = true;
    return this.draw();
  }

  // What a hand held on it stands for nothing any more.
  showAgain() {
    if (this.figure) this.showFigure(this.figure);
  }

  // Lets a keyboard come to a chart where there is something to move, and says what it can do there.
  sayKeys() {
    const { points, start } = this, { keys } = this.board.words;
    const can = { handle: points.parts.length > 0, place: start.isOn, adds: points.adds, removes: points.removes };
    const said = Object.keys(can).filter((name) => can[name]).map((name) => keys?.[name]).join(" ");
    setText(this.keys, said);
    this.plot.setAttribute("aria-description", said);
    if (points.isOn || start.isOn) this.plot.tabIndex = 0;
    else this.plot.removeAttribute("tabindex");
  }

  // Whether only numbers differ: the same axes, as many traces.
  isOnSameGround({ data, layout }) {
    const { data: now, layout: frame } = this.figure;
    return this.draws > 0 && data?.length === now?.length && layout?.uirevision === frame?.uirevision;
  }

  name(chart) {
    setText(this.title, chart.label);
    this.title.title = this.board.words.enlarge ?? "";
    setText(this.help, chart.help);
    setText(this.tip, chart.help);
    this.node.dataset.width = chart.width;
    this.node.dataset.rows = chart.rows ?? 1;
    this.isOnClock = Boolean(chart.clock);
    this.hasStretches = Boolean(chart.stretches);
    this.plot.setAttribute("aria-label", `${chart.label}. ${chart.help}`);
    this.ask.setAttribute("aria-label", `${this.board.words.about} ${chart.label}`);
    this.save.name(this.board.words, chart.label, Boolean(chart.figure));
    this.tools.name(this.board.words, chart.label);
  }

  complain(sentence) {
    if (this.table) this.table.note.hidden = false;
    setText(this.table?.note ?? this.note, `${this.board.words.failed} ${sentence}`);
    if (!this.plot.style.height) this.plot.style.height = "280px";
    this.graph.style.visibility = "hidden";
  }

  // Latest wins: while one drawing is under way only the newest figure, lane and step wait.
  draw() {
    this.own?.draw?.();
    if (!this.isBusy && this.figure) this.drawing = this.work();
    return this.drawing;
  }

  redraw() {
    this.strokes.forget();
    this.isFresh = Boolean(this.figure);
    return this.draw();
  }

  async work() {
    this.isBusy = true;
    try {
      while (this.isStale && (this.isSeen || this.draws === 0) && this.graph.isConnected && this.isDue()) {
        await turn();
        await this.equip();
        if (this.isFresh || this.strokes.isAhead) await this.paint();
        else await this.retouch();
      }
    } catch (error) {
      this.complain(error.message === "offline" ? this.board.words.offline : error.message);
      this.tryAgain();
    } finally {
      this.isBusy = false;
    }
  }

  // Get what draws the present figure; another may have come meanwhile. What has drawn in space goes on to draw all.
  async equip() {
    const { figure } = this;
    if (isSheet(figure) || (this.Plotly && !isInSpace(figure))) return;
    const library = await plotly(isInSpace(figure));
    if (this.Plotly && this.Plotly !== library) this.clear();
    this.Plotly = library;
    if (this.figure !== figure) await this.equip();
  }

  clear() {
    this.Plotly?.purge(this.graph);
    this.isHeard = false;
  }

  // Nobody reads a table that changes more than once a second.
  isDue() {
    const rest = isSheet(this.figure) && this.strokes.lull();
    if (rest > 0) setTimeout(() => this.draw(), rest);
    return !(rest > 0);
  }

  // A run at rest sends nothing new that would draw what failed for a moment: a board on the move, a file that did not come.
  tryAgain() {
    this.isFresh = true;
    this.failures += 1;
    if (this.failures < TRIES) setTimeout(() => this.draw(), AGAIN_MS * this.failures);
  }

  get isStale() {
    return this.isFresh || this.isLaneStale || this.animated.stale.size > 0;
  }

  async paint() {
    const isMoved = this.strokes.move();
    this.isFresh = this.isLaneStale = false;
    if (!isMoved) await this.paintWhole();
    else this.cursor.settle();
    this.countDraw();
    this.failures = 0;
    this.graph.style.visibility = "";
    setText(this.note, "");
  }

  async paintWhole() {
    const { figure } = this, { data, layout } = this.dressed();
    if (isSheet(figure)) this.showSheet(data);
    else await this.react(data, layout);
    this.strokes.note(figure);
    if (isSheet(figure)) return;
    if (!this.isHeard) this.listen();
    this.settle();
  }

  react(data, layout) {
    this.drawn.begin(layout);
    return this.Plotly.react(this.graph, data, layout, CONFIG);
  }

  showSheet(data) {
    this.sheet ??= new Sheet(this);
    this.sheet.show(data);
    this.sheet.box.setAttribute("aria-label", this.title.textContent);
  }

  // Colours and weights of lanes, and steps of the playback, change without drawing the whole chart again.
  async retouch() {
    const traces = [...this.animated.stale];
    if (traces.length) await this.animated.redraw(traces);
    if (!this.isLaneStale || this.isFresh) return;
    this.isLaneStale = false;
    const data = enlargeTraces(structuredClone(this.figure.data), this.board.stage.factorOf(this));
    const change = this.board.lanes.change(data);
    if (change) await this.Plotly.restyle(this.graph, change.looks, change.traces);
  }

  dressed(isCut = false) {
    const { theme, key, lanes } = this.board;
    const { data, layout } = dress(structuredClone(this.figure), theme, key);
    lanes.dress(data);
    this.animated.dress(data, isCut);
    this.start.dress(data, layout);
    this.target.dress(layout, theme);
    this.points.dress(data, layout);
    this.strokes.frame(layout);
    this.stretch.dress(data);
    return this.grown({ data, layout });
  }

  // On the stage all has to be seen from afar.
  grown(picture) {
    return enlarge(picture, this.board.stage.factorOf(this), { width: this.plot.clientWidth, height: this.plot.clientHeight });
  }

  settle() {
    this.animated.draw();
    this.start.settle();
    this.target.settle();
    this.cursor.settle();
    this.points.settle();
    this.tools.settle();
  }

  countDraw() {
    this.draws += 1;
    this.node.dataset.draws = this.draws;
  }

  listen() {
    this.isHeard = true;
    this.graph.on("plotly_click", (event) => this.start.isOn || this.board.lanes.choose(laneAt(event)));
    this.graph.on("plotly_hover", (event) => this.animated.hides(event.points[0]) || this.board.lanes.point(laneAt(event)));
    this.graph.on("plotly_unhover", () => this.board.lanes.point(null));
    this.graph.on("plotly_afterplot", () => this.settle());
    this.graph.on("plotly_relayout", () => this.stretch.turn());
    this.graph.on("plotly_doubleclick", () => setTimeout(() => this.strokes.showAll()));
  }

  resize() {
    if (this.draws && this.graph.clientWidth && this.figure) this.Plotly?.Plots.resize(this.graph);
    this.strokes.catchUp();
  }

  // Another size or other letters: a drawing by the library, as soon as the chart is seen.
  fit() {
    if (this.draws) this.redraw().then(() => this.resize());
  }

  // Draws at once what a printer is to show; the library's drawing is done when it returns.
  print() {
    if (!this.draws || !this.figure || isSheet(this.figure) || !this.Plotly) return;
    const { data, layout } = this.dressed();
    this.react(data, { ...layout, width: this.plot.clientWidth, height: this.plot.clientHeight });
    keepStill(this.drawn.space, this.plot);
  }

  unprint() {
    this.plot.querySelector(".nnviz-still")?.remove();
    this.redraw().then(() => this.resize());
  }

  drop() {
    for (const draggable of [this.start, this.target, this.points]) draggable.drop();
    this.stretch.drop();
    this.own?.drop();
    this.clear();
    this.node.remove();
  }
}

const laneAt = (event) => event.points[0]?.data?.meta?.lane ?? null;
