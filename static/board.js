// Draws every chart of a page in place. Called again with new data on each refresh; the charts stay in the document.

import { approach } from "./approach.js";
import { Card } from "./card.js";
import { Dials } from "./dials.js";
import { make, setText } from "./elements.js";
import { themeOf } from "./figure.js";
import { Findings } from "./findings.js";
import { Groups } from "./groups.js";
import { hand } from "./hand.js";
import { Lanes } from "./lanes.js";
import { Line } from "./line.js";
import { Offers } from "./offers.js";
import { Past } from "./past.js";
import { Playback } from "./playback.js";
import { servePrinter } from "./print.js";
import { attempt, Stage, StageBar } from "./stage.js";
import { keepBar, showMain, soon } from "./sticky.js";
import { addStyle } from "./style.js";

const KEEP_MS = 30_000; // how long charts outlive a page switch, with their zoom
const boards = new Map();
servePrinter(boards);
keepBar();
const stage = new Stage(boards);
await Promise.all(["style.css", "playground.css"].map(addStyle)); // nothing is drawn before it has its measures
let answered = 0; // calls to look at a board

class Board {
  constructor(payload) {
    this.key = payload.key;
    this.words = payload.words;
    this.cards = new Map();
    this.root = make("div", "nnviz-board");
    this.counters = make("dl", "nnviz-counters");
    this.status = make("div", "nnviz-status");
    this.status.setAttribute("role", "status");
    this.since = make("div", "nnviz-since"); // outside of the status: read out with every number, it would never end
    this.explain = make("button", "nnviz-explain", payload.words.explain);
    this.grid = make("div", "nnviz-grid");
    this.groups = new Groups(this.grid);
    this.log = make("section", "nnviz-log");
    this.lanes = new Lanes(this);
    this.playback = new Playback(this);
    this.listeners = new Set(); // reports that wait for an answer
    this.past = new Past(this);
    this.findings = new Findings(this);
    this.homes = new Set(); // where the page has mounted this board
    this.dials = new Dials(this);
    this.stage = stage;
    this.stageBar = new StageBar(this, stage);
    this.offers = new Offers(this);
    this.build();
    this.watch();
  }

  build() {
    const top = make("div", "nnviz-top");
    const line = make("div", "nnviz-line");
    top.append(this.counters);
    line.append(this.status, this.since, this.explain, this.offers.node, this.stageBar.node);
    this.explain.type = "button";
    this.explain.onclick = () => this.setExplained(!this.root.classList.contains("nnviz-explained"));
    this.root.append(top, line, this.findings.node, this.past.node, this.dials.node, this.playback.node, this.grid, this.groups.node, this.log);
    this.setExplained(attempt((storage) => storage.getItem("nnviz-explained")) === "yes");
  }

  setExplained(isOn) {
    this.root.classList.toggle("nnviz-explained", isOn);
    this.explain.setAttribute("aria-pressed", String(isOn));
    attempt((storage) => storage.setItem("nnviz-explained", isOn ? "yes" : "no"));
  }

  watch() {
    this.sighting = new IntersectionObserver((entries) => entries.forEach((entry) => this.see(entry)), { rootMargin: "200px" });
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
    if (card.isSeen !== entry.isIntersecting) this.line?.see();
    card.isSeen = entry.isIntersecting;
    if (card.isSeen) card.draw();
  }

  // The charts in the window or near it.
  get sight() {
    return [...this.cards.values()].filter((card) => card.isSeen).map((card) => card.id);
  }

  // What the page around the board has drawn; more may come by the line.
  take(payload) {
    this.hear(payload.heard);
    showMain(payload.counters);
    soon();
    hand.answer();
    if (payload.want) {
      this.line ??= new Line(this);
      this.line.follow(payload);
    }
    this.past.take(payload.past);
    this.tab = payload.tab;
    this.update(payload);
    this.come(payload.calls ?? 0);
  }

  update(payload) {
    this.dress();
    if (this.isNewerThan(payload)) return;
    if (payload.stamp === this.stamp) return void (this.at = payload.at);
    if (this.at && payload.at?.[0] !== this.at[0]) this.past.begin(payload.past?.run ?? this.past.run);
    if (!this.past.isOf(payload.past)) return;
    if (payload.answers) hand.answer();
    this.stamp = payload.stamp;
    this.root.dataset.stamp = payload.stamp;
    [this.want, this.at] = [payload.want, payload.at];
    this.grid.dataset.columns = payload.columns || "";
    this.root.dataset.shape = payload.shape ?? "";
    this.isDirect = payload.direct; // whether its line takes what is turned
    this.isDesk = payload.desk; // whether it is a lesson's
    this.root.toggleAttribute("data-desk", Boolean(payload.desk));
    this.showNumbers(payload);
    this.offers.update(payload.offers);
    this.dials.update(payload.dials);
    this.playback.update(payload.playback, payload.words.playback);
    this.lanes.learn(payload.charts);
    this.past.update(payload.past);
    this.findings.update(payload.diagnosis);
    this.showCharts(payload.charts);
    this.showLog(payload.log);
  }

  // Two ways lead here, and what was sent later by one may be older than what has come by the other.
  isNewerThan({ want, at }) {
    if (!at || want !== this.want) return false;
    const place = at.findIndex((part, index) => part !== this.at[index]);
    return place >= 0 && at[place] < this.at[place];
  }

  // Between light and dark the charts stay and change their clothes.
  dress() {
    const theme = themeOf(this.root);
    const isOther = JSON.stringify(theme) !== JSON.stringify(this.theme);
    this.theme = theme;
    this.root.style.colorScheme = "inherit";
    if (isOther) this.cards.forEach((card) => card.redraw());
  }

  // Whether the reader of a board with dials may turn none of them.
  get isWatched() {
    return this.mayReport === false;
  }

  // Resolves when all charts in view show what has come last.
  rest() {
    return Promise.all([...this.cards.values()].map((card) => card.drawing));
  }

  // Come into view when the reader was called to look: the button may be far below, out of sight of the charts.
  come(calls) {
    if (calls <= answered) return;
    answered = calls;
    approach(this.root);
  }

  // The page knows of no report that the line has taken.
  hear(number) {
    this.heard = Math.max(number ?? 0, this.heard ?? 0);
    this.listeners.forEach((reports) => reports.flush());
  }

  showNumbers({ counters, status }) {
    showMain(counters);
    counters.forEach((counter, place) => {
      const box = this.counters.children[place] ?? this.addCounter();
      box.title = counter.help;
      box.dataset.counter = counter.id;
      setText(box.children[0], counter.label);
      setText(box.children[1], counter.value);
    });
    while (this.counters.children.length > counters.length) this.counters.lastChild.remove();
    this.counters.parentElement.hidden = counters.length === 0;
    this.standing = status;
    this.showStatus();
  }

  showStatus() {
    const { words, said, standing } = this;
    const text = said === "lost" ? words.lost : [standing?.text, words[said]].filter(Boolean).join(" ");
    this.status.parentElement.style.display = text || this.isLead ? "" : "none";
    this.status.dataset.kind = said ? "warn" : (standing?.kind ?? "");
    setText(this.status, text);
    setText(this.since, said === "lost" ? "" : (standing?.since ?? ""));
  }

  showButtons(cards) {
    this.stageBar.show(this.stage, cards);
    this.showStatus();
  }

  // All boards of the same run.
  get family() {
    return [...boards.values()].filter((board) => board.past.run === this.past.run && board.root.isConnected);
  }

  // Whether it is the first board of a page with a run.
  get isLead() {
    return Boolean(this.want) && !this.isDesk && document.querySelector(".nnviz-board") === this.root;
  }

  // Say that what is shown may be old, or comes slowly.
  say(name) {
    if (this.said === name || this.isDesk) return; // a lesson goes on without a line
    this.said = name;
    this.showStatus();
  }

  addCounter() {
    const box = make("div", "nnviz-counter");
    box.append(make("dt"), make("dd"));
    this.counters.append(box);
    return box;
  }

  showCharts(charts) {
    const wanted = new Set(charts.map((chart) => chart.id));
    for (const [id, card] of this.cards) if (!wanted.has(id)) this.remove(id, card);
    const lacking = charts.filter((chart) => isMention(chart) && this.cards.get(chart.id)?.stamp !== chart.stamp);
    const shown = charts.filter((chart) => !lacking.includes(chart) || this.cards.has(chart.id));
    const order = () => [...this.root.querySelectorAll(".nnviz-card")].map((node) => node.dataset.chart).join(), before = order();
    this.groups.place(shown.map((chart) => [this.cards.get(chart.id) ?? this.add(chart), chart.group]));
    shown.forEach((chart) => lacking.includes(chart) || this.cards.get(chart.id).show(chart));
    this.grid.dataset.first = charts[0]?.id ?? "";
    if (order() !== before) this.stage.arrange();
    if (lacking.length) this.line?.ask(); // the page has taken away meanwhile what the server takes to be here
  }

  add(chart) {
    const card = new Card(chart, this);
    this.cards.set(chart.id, card);
    this.sighting.observe(card.node);
    return card;
  }

  remove(id, card) {
    this.sighting.unobserve(card.node);
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
    this.sighting.disconnect();
    this.size.disconnect();
    this.lanes.drop();
    this.playback.drop();
    this.offers.end();
    this.line?.drop();
    for (const [id, card] of this.cards) this.remove(id, card);
    this.root.remove();
    boards.delete(this.key);
  }
}

// A chart that the browser should have already comes by its name and stamp only.
const isMention = (chart) => chart.label === undefined;

// The page may mount a board anew before it takes the old mount away, in either order: whoever stays gets the charts.
function settle(board, home) {
  if (board.root.parentElement === home) return;
  home.replaceChildren(board.root);
  board.cards.forEach((card) => card.draw());
  stage.arrange();
}

export default function show({ data, parentElement, setStateValue }) {
  if (!data) return undefined;
  const payload = JSON.parse(data instanceof Uint8Array ? new TextDecoder().decode(data) : data);
  const board = boards.get(payload.key) ?? new Board(payload);
  boards.set(payload.key, board);
  clearTimeout(board.leaving);
  board.words = payload.words;
  // A trigger may reach Python twice when a timer comes in between; a state tells each change once.
  board.report = payload.reports ? setStateValue : undefined;
  board.mayReport = payload.reports;
  board.homes.add(parentElement);
  settle(board, parentElement);
  board.take(payload);
  return () => leave(board, parentElement);
}

// A late clean-up may come after the next call: only charts that have left the document go.
function leave(board, home) {
  board.homes.delete(home);
  const other = [...board.homes].findLast((each) => each.isConnected);
  if (other && (board.root.parentElement === home || !board.root.isConnected)) settle(board, other);
  if (!board.root.isConnected) board.line?.close();
  clearTimeout(board.leaving);
  board.leaving = setTimeout(() => board.root.isConnected || board.purge(), KEEP_MS);
  stage.soon();
}
