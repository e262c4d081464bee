// Which charts the page shows, and in which order: a list that unfolds above the charts. What is chosen is told to the
// server, which sends those charts and no other.

import { drawing, make, setText } from "./elements.js";
import { Hold } from "./hold.js";
import { Reports } from "./reports.js";

const UP = "M8 12.5V4M4.5 7.2 8 3.7l3.5 3.5", DOWN = "M8 3.5V12M4.5 8.8 8 12.3l3.5-3.5";
const HOLD_MS = 2500; // how long an older answer may not undo what a hand has done

export class Offers {
  constructor(board) {
    this.board = board;
    this.rows = new Map();
    this.listed = [];
    this.node = make("div", "nnviz-offer");
    this.button = make("button", "nnviz-explain");
    this.panel = make("div", "nnviz-offers");
    this.list = make("ol");
    this.usual = make("button", "nnviz-explain");
    this.reports = new Reports(board, "charts");
    this.hold = new Hold(HOLD_MS, this.reports, () => this.update(this.told));
    this.build();
  }

  build() {
    const { button, panel, usual } = this;
    button.type = usual.type = "button";
    button.onclick = () => this.turn(panel.hidden);
    usual.onclick = () => this.change(null);
    panel.setAttribute("role", "group");
    panel.append(this.list, usual);
    this.node.append(button, panel);
    this.node.hidden = true;
    this.onKey = (event) => this.strike(event);
    this.onPress = ({ target }) => this.node.contains(target) || this.turn(false);
    this.turn(false);
  }

  turn(isOpen) {
    this.panel.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
    const turn = isOpen ? "addEventListener" : "removeEventListener";
    document[turn]("pointerdown", this.onPress, true);
    document[turn]("keydown", this.onKey, true);
  }

  // Escape closes the list and nothing else.
  strike(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.turn(false);
    this.button.focus();
  }

  // All charts of the page, those that are shown first.
  update(offers) {
    this.told = offers;
    if (!offers || this.hold.isOn) return;
    this.listed = offers;
    this.show();
  }

  show() {
    const { words } = this.board;
    setText(this.button, words.charts);
    setText(this.usual, words.charts_usual);
    this.panel.ariaLabel = words.charts;
    this.node.hidden = this.listed.length < 2;
    const held = document.activeElement;
    for (const [id, row] of this.rows) if (!this.listed.some((offer) => offer.id === id)) this.drop(id, row);
    this.listed.forEach((offer, place) => this.showOne(offer, place));
    if (this.list.contains(held)) this.keepFocus(held);
  }

  // A row that moves loses the focus, and so does an arrow at its end.
  keepFocus(held) {
    const next = held.disabled ? held.closest("li").querySelector("button:enabled, input:enabled") : held;
    next?.focus({ preventScroll: true });
  }

  drop(id, row) {
    row.node.remove();
    this.rows.delete(id);
  }

  showOne(offer, place) {
    const row = this.rows.get(offer.id) ?? this.add(offer.id);
    if (this.list.children[place] !== row.node) this.list.insertBefore(row.node, this.list.children[place] ?? null);
    const on = this.listed.filter((each) => each.on).length;
    setText(row.name, offer.label);
    row.box.checked = offer.on;
    row.box.disabled = offer.on && on === 1; // one stays
    [row.up, row.down].forEach((button, at) => {
      button.disabled = !offer.on || (at ? place >= on - 1 : place === 0);
      button.ariaLabel = `${at ? this.board.words.later : this.board.words.sooner} ${offer.label}`;
    });
  }

  add(id) {
    const row = { node: make("li"), box: make("input"), name: make("span"), up: this.arrow(UP), down: this.arrow(DOWN) };
    const label = make("label");
    row.box.type = "checkbox";
    row.box.onchange = () => this.tick(id, row.box.checked);
    row.up.onclick = () => this.move(id, -1);
    row.down.onclick = () => this.move(id, 1);
    label.append(row.box, row.name);
    row.node.append(label, row.up, row.down);
    this.rows.set(id, row);
    return row;
  }

  arrow(path) {
    const button = make("button", "nnviz-png");
    button.type = "button";
    button.append(drawing(path));
    return button;
  }

  tick(id, on) {
    const others = this.listed.filter((each) => each.id !== id), offer = this.listed.find((each) => each.id === id);
    const shown = others.filter((each) => each.on);
    this.change([...shown, { ...offer, on }, ...others.filter((each) => !each.on)]);
  }

  move(id, by) {
    const offers = [...this.listed], at = offers.findIndex((each) => each.id === id);
    [offers[at], offers[at + by]] = [offers[at + by], offers[at]];
    this.change(offers);
  }

  // Nothing chosen is the page as it usually is.
  change(offers) {
    if (offers) this.hold.take();
    else this.hold.drop();
    if (offers) this.listed = offers;
    this.show();
    this.reports.send({ names: offers ? offers.filter((each) => each.on).map((each) => each.id) : [] });
  }

  end() {
    this.turn(false);
    this.hold.drop();
    this.reports.drop();
  }
}
