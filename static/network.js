// A small network, unit by unit: each with a map of what it answers over the plane, joined by lines for the weights.

import { steps } from "./dials.js";
import { fill, make, setText } from "./elements.js";
import { numbers } from "./figure.js";
import { Inspector } from "./inspector.js";
import { paintMap } from "./maps.js";
import { short } from "./numbers.js";

const MOST_UNITS = 8, GAP = 7, HEAD = 34, SIDES = 46; // pixels, but the first
const LEAST_WIDTH = 0.6, WIDTH_EACH = 2, MOST_WIDTH = 9; // of a line, for a weight's size
const SVG = "http://www.w3.org/2000/svg";

export class Network {
  constructor(card) {
    this.card = card;
    this.board = card.board;
    this.box = make("div", "nnviz-network");
    this.lines = document.createElementNS(SVG, "svg");
    this.lines.setAttribute("aria-hidden", "true");
    this.note = make("p", "nnviz-network-note");
    this.tip = make("div", "nnviz-network-tip");
    this.tip.hidden = true;
    [this.units, this.edges, this.heads] = [[], [], []];
    this.inspector = new Inspector(this);
    this.box.append(this.lines, this.note, this.tip, this.inspector.node);
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.size = new ResizeObserver(() => this.place());
    this.size.observe(this.box);
    card.plot.replaceWith(this.box);
  }

  show(drawing) {
    const isOther = String(drawing.sizes) !== String(this.sizes);
    this.drawing = { ...drawing, maps: numbers(drawing.maps), weights: numbers(drawing.weights) };
    this.sizes = drawing.sizes;
    setText(this.note, this.words.press);
    if (isOther) this.build();
    this.settle();
    if (this.card.isSeen) this.draw();
  }

  get words() {
    return this.board.words.network;
  }

  build() {
    const focused = this.units.indexOf(document.activeElement);
    [...this.units, ...this.names ?? [], ...this.heads.map(({ node }) => node)].forEach((node) => node.remove());
    this.places = this.sizes.flatMap((size, layer) => Array.from({ length: size }, (_, at) => ({ layer, at })));
    this.units = this.places.map((place, index) => this.addUnit(place, index));
    this.names = this.addNames();
    this.heads = this.sizes.slice(1, -1).map((_, at) => this.addHead(at));
    this.addEdges();
    this.rove(Math.max(0, Math.min(focused, this.units.length - 1)), focused >= 0);
    this.inspector.leave();
    this.place();
  }

  addUnit({ layer, at }, index) {
    const unit = make("button", "nnviz-unit"), map = make("canvas");
    unit.type = "button";
    unit.tabIndex = -1;
    unit.dataset.unit = `${layer}.${at}`;
    unit.setAttribute("aria-label", this.nameOf(index));
    map.width = map.height = this.drawing.side;
    unit.append(map);
    unit.onpointerenter = ({ pointerType }) => pointerType === "mouse" && this.inspector.peek(index);
    unit.onpointerleave = () => this.inspector.leave();
    unit.onfocus = () => unit.matches(":focus-visible") && this.inspector.peek(index);
    unit.onblur = () => this.inspector.leave();
    unit.onclick = () => this.inspector.open(index);
    this.box.insertBefore(unit, this.note);
    return unit;
  }

  addNames() {
    const { names } = this.drawing;
    return this.places.map((_, index) => {
      const isEnd = this.isInput(index) || this.isOutput(index);
      const name = make("span", "nnviz-unit-name", isEnd ? names[index] : "");
      name.hidden = !isEnd;
      this.box.insertBefore(name, this.note);
      return name;
    });
  }

  addHead(layer) {
    const text = make("output");
    const { node, less, more } = steps(text, (way) => this.ask(`units.${layer}`, this.sizes[layer + 1] + way));
    node.classList.add("nnviz-network-head");
    this.box.insertBefore(node, this.note);
    return { node, text, less, more, layer };
  }

  addEdges() {
    this.lines.replaceChildren();
    this.edges = this.places.flatMap(({ layer }, index) =>
      layer === 0 ? [] : this.sourcesOf(index).map((from) => this.addEdge(from, index)));
  }

  addEdge(from, to) {
    const line = document.createElementNS(SVG, "path"), reach = document.createElementNS(SVG, "path");
    reach.setAttribute("class", "nnviz-edge-reach");
    this.lines.append(reach, line); // so that the style sheet reaches the line from what is pointed at
    const edge = { from, to, line, reach };
    reach.onpointermove = (event) => event.pointerType === "mouse" && this.tell(edge, event);
    reach.onpointerleave = () => (this.tip.hidden = true);
    reach.onclick = () => this.inspector.open(to, from);
    return edge;
  }

  // ---- which is which ----

  isInput = (index) => this.places[index].layer === 0;
  isOutput = (index) => this.places[index].layer === this.sizes.length - 1;

  startOf(layer) {
    return this.sizes.slice(0, layer).reduce((sum, size) => sum + size, 0);
  }

  sourcesOf(index) {
    const { layer } = this.places[index], start = this.startOf(layer - 1);
    return layer ? Array.from({ length: this.sizes[layer - 1] }, (_, at) => start + at) : [];
  }

  nameOf(index) {
    const { layer, at } = this.places[index], { names } = this.drawing;
    if (this.isInput(index)) return fill(this.words.input, { name: names[index] });
    if (this.isOutput(index)) return fill(this.words.output, { name: names[index] });
    return fill(this.words.hidden, { layer, unit: at + 1 });
  }

  // Torch's own name of a weight.
  targetOf(from, to) {
    const { layer, at } = this.places[to];
    return `lin_${layer}.weight.${at}.${this.places[from].at}`;
  }

  weightOf(from, to) {
    const { layer, at } = this.places[to];
    const before = this.sizes.slice(1, layer).reduce((sum, size, place) => sum + size * this.sizes[place], 0);
    return this.drawing.weights[before + at * this.sizes[layer - 1] + this.places[from].at];
  }

  mapOf(index) {
    const { side, maps } = this.drawing, size = side * side;
    return maps.length ? maps.subarray(index * size, (index + 1) * size) : null;
  }

  tintOf(index) {
    const { tints } = this.drawing;
    return this.isOutput(index) ? tints[1 + this.places[index].at] : tints[0];
  }

  // ---- how it looks ----

  place() {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!width || !this.places) return;
    const tallest = Math.max(...this.sizes), across = (width - 2 * SIDES) / this.sizes.length;
    const room = (height - HEAD - this.note.offsetHeight) / Math.max(tallest, 4);
    const side = Math.round(Math.max(14, Math.min(room - GAP, across - 12, Math.max(46, height / 8))));
    const middle = HEAD + (height - HEAD - this.note.offsetHeight) / 2;
    this.spots = this.places.map(({ layer, at }) => ({
      x: SIDES + across * (layer + 0.5),
      y: middle + (at - (this.sizes[layer] - 1) / 2) * Math.min(room, 1.5 * side),
    }));
    this.side = side;
    this.spots.forEach(({ x, y }, index) => this.put(index, x, y, side));
    this.heads.forEach(({ node, layer }) => (node.style.left = `${SIDES + across * (layer + 1.5)}px`));
    this.box.toggleAttribute("data-narrow", across < 108);
    this.settle();
    this.lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.edges.forEach((edge) => this.bend(edge));
    this.inspector.place();
  }

  put(index, x, y, side) {
    const unit = this.units[index], name = this.names[index];
    Object.assign(unit.style, { left: `${x - side / 2}px`, top: `${y - side / 2}px`, width: `${side}px`, height: `${side}px` });
    name.dataset.side = this.isInput(index) ? "left" : "right";
    const edge = this.isInput(index) ? x - side / 2 - 5 : x + side / 2 + 5;
    Object.assign(name.style, { left: `${edge}px`, top: `${y}px` });
  }

  bend({ from, to, line, reach }) {
    const start = this.spots[from], end = this.spots[to], half = this.side / 2;
    const middle = (start.x + end.x) / 2;
    const way = `M${start.x + half} ${start.y}C${middle} ${start.y} ${middle} ${end.y} ${end.x - half} ${end.y}`;
    line.setAttribute("d", way);
    reach.setAttribute("d", way);
  }

  draw() {
    const [negative, positive] = this.drawing.tints[0];
    for (const { from, to, line } of this.edges) {
      const weight = this.weightOf(from, to) ?? 0, size = Math.abs(weight);
      line.setAttribute("stroke", weight < 0 ? negative : positive);
      line.setAttribute("stroke-width", Math.min(LEAST_WIDTH + WIDTH_EACH * size, MOST_WIDTH).toFixed(2));
      line.setAttribute("stroke-opacity", Math.min(0.3 + 0.35 * size, 0.9).toFixed(2));
    }
    this.units.forEach((unit, index) => paintMap(unit.firstChild, this.mapOf(index), this.tintOf(index), this.drawing.side));
    this.inspector.draw();
    this.card.countDraw();
  }

  get isNarrow() {
    return this.box.hasAttribute("data-narrow");
  }

  settle() {
    const { report } = this.board;
    for (const { text, less, more, layer, node } of this.heads) {
      const count = this.sizes[layer + 1], name = fill(this.words.column, { layer: layer + 1 });
      setText(text, this.isNarrow ? String(count) : fill(count === 1 ? this.words.unit : this.words.units, { count }));
      node.setAttribute("aria-label", name);
      less.setAttribute("aria-label", `${this.board.words.less} ${name}`);
      more.setAttribute("aria-label", `${this.board.words.more} ${name}`);
      less.disabled = !report || count <= 1;
      more.disabled = !report || count >= MOST_UNITS;
    }
  }

  tell({ from, to }, { offsetX, offsetY }) {
    const value = short(this.weightOf(from, to) ?? 0);
    setText(this.tip, fill(this.words.weight, { from: this.nameOf(from), to: this.nameOf(to), value }));
    this.tip.hidden = false;
    const { clientWidth, clientHeight } = this.box, { offsetWidth, offsetHeight } = this.tip;
    this.tip.style.left = `${Math.min(offsetX + 12, clientWidth - offsetWidth)}px`;
    this.tip.style.top = `${Math.min(offsetY + 12, clientHeight - offsetHeight)}px`;
  }

  // ---- what a hand does ----

  ask(id, value) {
    this.board.dials.reports.send({ id, value });
  }

  // One stop for the tab key; the arrow keys go from unit to unit.
  rove(index, isFocused) {
    this.units.forEach((unit, at) => (unit.tabIndex = at === index ? 0 : -1));
    if (isFocused) this.units[index]?.focus({ preventScroll: true });
  }

  press(event) {
    const index = this.units.indexOf(event.target);
    const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (index < 0 || !way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const { layer, at } = this.places[index];
    const other = Math.min(Math.max(layer + way[0], 0), this.sizes.length - 1);
    const place = Math.min(Math.max(at + way[1], 0), this.sizes[other] - 1);
    this.rove(this.startOf(other) + place, true);
  }

  drop() {
    this.size.disconnect();
  }
}
