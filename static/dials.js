// Sliders that answer while they are dragged: each movement is reported, the next one when the answer is there. Menus
// and numbers with a button to either side are dials, too.

import { make, setText } from "./elements.js";
import { Hold } from "./hold.js";
import { fixed, short } from "./numbers.js";
import { Reports } from "./reports.js";

const HOLD_MS = 1500; // how long an older answer may not move the slider back
const FINE = 100; // stops of a logarithmic slider in each power of ten

export class Dials {
  constructor(board) {
    this.board = board;
    this.rows = new Map();
    this.node = make("div", "nnviz-dials");
    this.node.hidden = true;
    this.reports = new Reports(board, "dial");
  }

  update(dials) {
    this.node.hidden = !dials?.length;
    for (const [id, row] of this.rows) if (!dials?.some((dial) => dial.id === id)) this.drop(id, row);
    dials?.forEach((dial, place) => {
      const row = this.rows.get(dial.id) ?? this.add(dial);
      if (this.node.children[place] !== row.node) this.node.insertBefore(row.node, this.node.children[place] ?? null);
      this.show(row, dial);
    });
  }

  add({ id, kind }) {
    const row = { id, name: make("span"), text: make("output") };
    row.hold = new Hold(HOLD_MS, this.reports, () => this.stand(row));
    const ways = { menu: Menu, stepper: Stepper };
    row.face = new (ways[kind] ?? Slider)(row, this);
    row.input = row.face.input;
    row.input.dataset.dial = id;
    row.input.onkeydown = (event) => event.stopPropagation(); // the page's shortcuts are not meant
    this.rows.set(id, row);
    return row;
  }

  drop(id, row) {
    row.hold.drop();
    row.node.remove();
    this.rows.delete(id);
  }

  show(row, dial) {
    row.dial = dial;
    setText(row.name, dial.label);
    row.node.title = dial.help;
    row.input.setAttribute("aria-label", dial.label);
    row.face.measure?.(dial);
    if (row.hold.isOn) this.settle(row);
    else this.stand(row);
  }

  stand(row) {
    row.value = row.dial.value;
    this.settle(row);
  }

  // Who may turn nothing any more, or again, finds all dials so.
  settleAll() {
    this.rows.forEach((row) => this.settle(row));
  }

  settle(row) {
    const { dial, input, value } = row;
    const text = spell(dial, value);
    input.disabled = Boolean(dial.off) || this.board.isWatched;
    row.face.settle(dial, value);
    setText(row.text, text);
    if (input.type === "range") input.setAttribute("aria-valuetext", text); // a menu and a number say theirs themselves
  }

  set(row, value) {
    const { low, high } = row.dial;
    row.value = Math.min(Math.max(Number(value.toPrecision(row.dial.log ? 3 : 10)), low), high);
    row.hold.take();
    this.settle(row);
    this.reports.send({ id: row.id, value: row.value });
  }
}

class Slider {
  constructor(row, dials) {
    row.node = make("label", "nnviz-dial");
    this.input = make("input");
    this.input.type = "range";
    this.input.oninput = () => dials.set(row, this.value(row.dial));
    this.input.onchange = () => dials.reports.flush();
    this.input.ondblclick = () => dials.set(row, row.dial.usual);
    row.node.append(row.name, row.text, this.input);
  }

  measure({ log, low, high, step }) {
    const [least, most] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
    Object.assign(this.input, { min: least, max: most, step: log ? "any" : step });
  }

  value({ log }) {
    const raw = Number(this.input.value);
    return log ? 10 ** (Math.round(raw * FINE) / FINE) : raw;
  }

  settle({ log }, value) {
    const { input } = this;
    input.value = log ? Math.log10(value) : value;
    const share = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min));
    input.style.setProperty("--share", share);
  }
}

class Menu {
  constructor(row, dials) {
    row.node = make("label", "nnviz-dial");
    row.node.classList.add("nnviz-menu");
    this.input = make("select");
    this.input.onchange = () => dials.set(row, Number(this.input.value));
    row.node.append(row.name, this.input);
  }

  measure({ words }) {
    const text = words.join("\n");
    if (text === this.text) return;
    this.text = text;
    this.input.replaceChildren(...words.map((word, at) => Object.assign(make("option", "", word), { value: at })));
  }

  settle(_, value) {
    if (this.input.value !== String(value)) this.input.value = value;
  }
}

class Stepper {
  constructor(row, dials) {
    row.node = make("div", "nnviz-dial");
    const { node, less, more } = steps(row.text, (way) => dials.set(row, row.value + way));
    [this.input, this.less, this.more] = [node, less, more];
    row.text.setAttribute("aria-live", "polite"); // who presses one of its buttons hears what has come of it
    row.node.append(row.name, node);
    this.words = dials.board.words;
  }

  settle({ low, high, label }, value) {
    this.less.disabled = this.input.disabled || value <= low;
    this.more.disabled = this.input.disabled || value >= high;
    this.less.setAttribute("aria-label", `${this.words.less} ${label}`);
    this.more.setAttribute("aria-label", `${this.words.more} ${label}`);
  }
}

// A number between a button for less and one for more.
export function steps(text, step) {
  const node = make("div", "nnviz-steps"), less = make("button", "", "\u2212"), more = make("button", "", "+");
  node.setAttribute("role", "group");
  less.type = more.type = "button";
  less.onclick = () => step(-1);
  more.onclick = () => step(1);
  node.append(less, text, more);
  return { node, less, more };
}

export function spell({ log, step, words }, value) {
  if (words) return words[Math.round(value)] ?? String(value);
  if (log) return short(value);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return fixed(value, decimals);
}
