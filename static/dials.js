// Sliders that answer while they are dragged: each movement is reported, the next one when the answer is there.

import { make, setText } from "./elements.js";
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
      const row = this.rows.get(dial.id) ?? this.add(dial.id);
      if (this.node.children[place] !== row.node) this.node.insertBefore(row.node, this.node.children[place] ?? null);
      this.show(row, dial);
    });
  }

  add(id) {
    const row = { id, node: make("label", "nnviz-dial"), name: make("span"), text: make("output"), input: make("input") };
    row.input.type = "range";
    row.input.dataset.dial = id;
    row.input.oninput = () => this.turn(row);
    row.input.onchange = () => this.reports.flush();
    row.input.onkeydown = (event) => event.stopPropagation(); // the page's shortcuts are not meant
    row.input.ondblclick = () => this.set(row, row.dial.usual);
    row.node.append(row.name, row.text, row.input);
    this.rows.set(id, row);
    return row;
  }

  drop(id, row) {
    row.node.remove();
    this.rows.delete(id);
  }

  show(row, dial) {
    row.dial = dial;
    setText(row.name, dial.label);
    row.node.title = dial.help;
    row.input.setAttribute("aria-label", dial.label);
    const [low, high, step] = dial.log ? [Math.log10(dial.low), Math.log10(dial.high), 1 / FINE] : [dial.low, dial.high, dial.step];
    Object.assign(row.input, { min: low, max: high, step: dial.log ? "any" : step });
    row.input.disabled = Boolean(dial.off);
    if (performance.now() - (row.movedAt ?? -Infinity) > HOLD_MS) row.value = dial.value;
    this.settle(row);
  }

  settle(row) {
    const { dial, input, value } = row;
    input.value = dial.log ? Math.log10(value) : value;
    const share = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min));
    input.style.setProperty("--share", share);
    const text = spell(dial, value);
    setText(row.text, text);
    input.setAttribute("aria-valuetext", text);
  }

  turn(row) {
    const { dial, input } = row;
    const raw = Number(input.value);
    this.set(row, dial.log ? 10 ** (Math.round(raw * FINE) / FINE) : raw);
  }

  set(row, value) {
    const { low, high } = row.dial;
    row.value = Math.min(Math.max(Number(value.toPrecision(row.dial.log ? 3 : 10)), low), high);
    row.movedAt = performance.now();
    this.settle(row);
    this.reports.send({ id: row.id, value: row.value });
  }
}

export function spell({ log, step, words }, value) {
  if (words) return words[Math.round(value)] ?? String(value);
  if (log) return short(value);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return fixed(value, decimals);
}
