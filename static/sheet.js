// A figure that is a table, as a table of the page: it can be read out, marked and copied, and costs no plot library.

import { make, setText } from "./elements.js";

export const isSheet = (figure) => figure.data?.[0]?.type === "table";

const plain = (text) => String(text ?? "").replace(/<\/?b>/g, "");
const at = (list, place) => (Array.isArray(list) ? list[place] : list);

export class Sheet {
  constructor(card) {
    this.card = card;
    this.box = make("div", "nnviz-sheet");
    this.box.role = "group";
    this.box.tabIndex = 0; // a keyboard scrolls it
    this.head = make("tr");
    this.body = make("tbody");
    const grid = make("table"), top = make("thead");
    top.append(this.head);
    grid.append(top, this.body);
    this.box.append(grid);
    card.plot.prepend(this.box);
  }

  show([{ header, cells }]) {
    const { values, align } = cells;
    this.box.style.setProperty("--row", `${cells.height ?? 20}px`);
    this.box.style.fontSize = `${cells.font.size}px`;
    fill(this.head, header.values, header.align, "th");
    const count = values[0]?.length ?? 0;
    while (this.body.rows.length > count) this.body.lastChild.remove();
    while (this.body.rows.length < count) this.body.append(make("tr"));
    [...this.body.rows].forEach((row, place) => fill(row, values.map((column) => column[place]), align, "td"));
  }
}

function fill(row, texts, align, tag) {
  while (row.cells.length > texts.length) row.lastChild.remove();
  while (row.cells.length < texts.length) row.append(make(tag));
  texts.forEach((text, place) => {
    const cell = row.cells[place];
    if (tag === "th") cell.scope = "col";
    cell.style.textAlign = at(align, place) ?? "center";
    setText(cell, plain(text));
  });
}
