// One unit of a network from near: its map with the data's points, and the weights into it, to be set by hand.

import { fill, make, setText } from "./elements.js";
import { numbers } from "./figure.js";
import { Hold } from "./hold.js";
import { paintMap } from "./maps.js";
import { fixed, short } from "./numbers.js";

const REACH = 5, STEP = 0.01, MOST = 100; // of a weight's slider, and of any weight
const HOLD_MS = 1500; // how long an older answer may not move a slider back
const DOT = 5;

export class Inspector {
  constructor(network) {
    this.network = network;
    this.node = make("div", "nnviz-inspector");
    this.node.hidden = true;
    this.title = make("h4");
    this.close = make("button", "nnviz-inspector-close", "\u00d7");
    this.close.type = "button";
    this.close.onclick = () => this.shut();
    this.picture = make("div", "nnviz-inspector-picture");
    this.map = make("canvas");
    this.points = make("canvas");
    this.points.width = this.points.height = 400;
    this.picture.append(this.map, this.points);
    this.list = make("div", "nnviz-inspector-weights");
    this.node.append(this.title, this.close, this.picture, this.list);
    this.node.setAttribute("role", "group");
    this.node.onkeydown = (event) => this.press(event);
    this.rows = [];
  }

  get isOpen() {
    return this.node.dataset.open === "yes";
  }

  // Shown while a pointer rests on a unit, or the focus is there.
  peek(index) {
    if (this.isOpen || this.network.units.indexOf(document.activeElement) === this.openedFrom) return;
    this.look(index);
  }

  leave() {
    this.openedFrom = undefined;
    const isGone = this.index !== undefined && this.index >= this.network.units.length;
    if (!this.isOpen || isGone) this.hide();
  }

  hide() {
    this.node.hidden = true;
    this.node.dataset.open = "";
    this.index = undefined;
  }

  // Stays until it is closed; a weight that was pressed is ready to be turned.
  open(index, from) {
    if (this.isOpen && this.index === index && from === undefined) return this.shut();
    this.node.dataset.open = "yes";
    this.look(index);
    const row = this.rows.find((each) => each.from === from) ?? this.rows[0];
    (row?.slider ?? this.close).focus({ preventScroll: true, focusVisible: from !== undefined });
    return undefined;
  }

  shut() {
    const unit = this.network.units[this.index];
    const isInside = this.node.contains(document.activeElement);
    this.openedFrom = this.index; // the focus that comes back there is no wish to see it
    this.hide();
    if (isInside) unit?.focus({ preventScroll: true, focusVisible: false });
  }

  press(event) {
    event.stopPropagation(); // the page's shortcuts are not meant
    if (event.key === "Escape") this.shut();
  }

  look(index) {
    const { network } = this, isOther = index !== this.index;
    this.index = index;
    this.node.hidden = false;
    setText(this.title, network.nameOf(index));
    this.node.setAttribute("aria-label", network.nameOf(index));
    this.close.setAttribute("aria-label", network.words.close);
    if (isOther) this.list.replaceChildren(...this.build());
    this.place();
    this.draw();
  }

  build() {
    const { network, index } = this, sources = network.sourcesOf(index);
    this.rows.forEach(({ hold }) => hold.drop());
    this.rows = sources.map((from) => this.addRow(from));
    const head = make("p", "", sources.length ? network.words.weights : network.words.bare);
    return [head, ...this.rows.map(({ node }) => node)];
  }

  addRow(from) {
    const { network, index } = this, node = make("label", "nnviz-dial"), name = make("span"), slider = make("input");
    const number = make("input");
    const hold = new Hold(HOLD_MS, network.board.dials.reports, () => this.draw());
    const row = { from, node, slider, number, hold };
    setText(name, network.nameOf(from));
    Object.assign(slider, { type: "range", min: -REACH, max: REACH, step: STEP });
    Object.assign(number, { type: "number", min: -MOST, max: MOST, step: 0.1 });
    const about = { from: network.nameOf(from), to: network.nameOf(index), value: "" };
    for (const input of [slider, number]) {
      input.setAttribute("aria-label", fill(network.words.weight, about).replace(/[:\s]+$/, ""));
      input.dataset.weight = network.targetOf(from, index);
    }
    slider.oninput = () => this.set(row, Number(slider.value));
    number.onchange = () => this.set(row, Number(number.value));
    node.append(name, number, slider);
    return row;
  }

  set(row, value) {
    if (!Number.isFinite(value)) return;
    row.hold.take();
    row.value = Math.min(Math.max(value, -MOST), MOST);
    this.settle(row, row.value);
    this.network.ask(this.network.targetOf(row.from, this.index), row.value);
  }

  settle({ slider, number }, value) {
    slider.value = value;
    slider.style.setProperty("--share", Math.min(Math.max((value + REACH) / (2 * REACH), 0), 1));
    if (document.activeElement !== number) number.value = fixed(value, 2).replaceAll(",", "");
    slider.setAttribute("aria-valuetext", short(value));
    slider.disabled = number.disabled = !this.network.board.report;
  }

  draw() {
    const { network, index, map } = this;
    if (index === undefined || this.node.hidden) return;
    const { side } = network.drawing;
    map.width = map.height = side;
    paintMap(map, network.mapOf(index), network.tintOf(index), side);
    this.drawPoints();
    for (const row of this.rows) {
      this.settle(row, row.hold.isOn ? row.value : (network.weightOf(row.from, index) ?? 0));
    }
  }

  // The points of the chart of the answer, where that is on the board.
  drawPoints() {
    const { x, y } = this.network.drawing, { points } = this, pen = points.getContext("2d");
    const figure = this.network.board.cards.get("field")?.figure;
    pen.clearRect(0, 0, points.width, points.height);
    pen.lineWidth = 1.5;
    pen.strokeStyle = "rgba(255,255,255,0.85)";
    for (const trace of figure?.data ?? []) {
      if (trace.type !== "scatter" || trace.mode !== "markers") continue;
      pen.fillStyle = trace.marker.line?.width > 1 ? trace.marker.line.color : trace.marker.color;
      const across = numbers(trace.x), up = numbers(trace.y);
      across.forEach((value, at) => {
        pen.beginPath();
        const place = [(value - x[0]) / (x[1] - x[0]), 1 - (up[at] - y[0]) / (y[1] - y[0])];
        pen.arc(place[0] * points.width, place[1] * points.height, DOT, 0, 2 * Math.PI);
        pen.fill();
        pen.stroke();
      });
    }
  }

  // Beside the unit, on the side where there is more room.
  place() {
    const { network, node, index } = this, spot = network.spots?.[index];
    if (!spot || node.hidden) return;
    const { clientWidth, clientHeight } = network.box, { offsetWidth, offsetHeight } = node, gap = network.side / 2 + 10;
    const isRight = spot.x < clientWidth / 2;
    const left = isRight ? spot.x + gap : spot.x - gap - offsetWidth;
    node.style.left = `${Math.max(0, Math.min(left, clientWidth - offsetWidth))}px`;
    node.style.top = `${Math.max(0, Math.min(spot.y - offsetHeight / 2, clientHeight - offsetHeight))}px`;
  }
}
