// A table whose rows stay the same elements: cells change in place and rows glide to their new rank.

import { drawing, isStill, make, setText } from "./elements.js";

const GLIDE_MS = 300;
const DASHES = { dot: "2 2", dash: "6 4", longdash: "11 4", dashdot: "7 3 2 3", longdashdot: "12 3 2 3" };

export function dashOf(dash) {
  return DASHES[dash] ?? (/\d/.test(dash ?? "") ? dash.replaceAll("px", "").replaceAll(",", " ") : "none");
}

export class Table {
  constructor(card) {
    this.card = card;
    this.rows = new Map();
    this.widths = [];
    this.box = make("div", "nnviz-table");
    this.grid = make("table");
    this.head = make("tr");
    this.body = make("tbody");
    this.note = make("p", "nnviz-table-note");
    const top = make("thead");
    top.append(this.head);
    this.grid.append(top, this.body);
    this.box.append(this.grid);
    card.plot.replaceWith(this.box, this.note);
  }

  show({ columns, rows, note }) {
    this.showHead(columns);
    this.grid.setAttribute("aria-label", this.card.title.textContent);
    const before = new Map([...this.rows].map(([key, row]) => [key, row.getBoundingClientRect().top]));
    rows.forEach((row) => this.fill(this.rows.get(row.key) ?? this.add(row), row, columns));
    this.drop(new Set(rows.map((row) => row.key)));
    if (this.order(rows.map((row) => this.rows.get(row.key)))) this.glide(before);
    this.hold();
    this.note.hidden = note === undefined; // one that may come keeps its place, so that nothing below it moves then
    setText(this.note, note ?? "");
  }

  showHead(columns) {
    const text = JSON.stringify(columns);
    if (text === this.columns) return;
    this.columns = text;
    this.widths = columns.map(({ label }) => label.length);
    this.rows.forEach((row) => row.remove());
    this.rows.clear();
    this.head.replaceChildren(...columns.map((column) => {
      const cell = make("th", "", column.label);
      cell.scope = "col";
      cell.title = column.help ?? "";
      cell.dataset.align = column.align ?? "right";
      return cell;
    }));
  }

  add({ key, cells }) {
    const row = make("tr");
    const button = make("button", "nnviz-row");
    button.type = "button";
    button.append(drawing("M0 4H30", "0 0 30 8"), make("span"));
    row.append(...cells.map(() => make("td")));
    row.firstChild.append(button);
    row.dataset.key = key;
    row.onclick = () => this.card.board.lanes.choose(row.lane);
    row.onpointerenter = (event) => event.pointerType === "mouse" && this.card.board.lanes.point(row.lane);
    row.onpointerleave = () => this.card.board.lanes.point(null);
    button.onfocus = () => button.matches(":focus-visible") && this.card.board.lanes.point(row.lane);
    button.onblur = () => this.card.board.lanes.point(null);
    this.rows.set(key, row);
    this.body.append(row);
    return row;
  }

  fill(row, { lane, colour, dash, cells, title }, columns) {
    row.lane = lane ?? null;
    if (row.title !== (title ?? "")) row.title = title ?? "";
    const [button] = row.firstChild.children;
    const [mark, name] = button.children;
    mark.style.stroke = colour;
    mark.style.strokeDasharray = dashOf(dash);
    row.style.setProperty("--lane", colour);
    button.disabled = row.lane === null;
    if (lane && !cells[0].includes(lane)) button.setAttribute("aria-label", `${cells[0]} ${lane}`);
    else button.removeAttribute("aria-label");
    cells.forEach((text, place) => {
      setText(place ? row.children[place] : name, text);
      row.children[place].dataset.align = columns[place]?.align ?? "right";
      this.widths[place] = Math.max(this.widths[place], text.length);
    });
  }

  // A column only ever grows, so that changing numbers move nothing beside them.
  hold() {
    [...this.head.children].forEach((cell, place) => {
      if (cell.dataset.align === "text") return; // sentences wrap
      const width = `calc(${this.widths[place]}ch + ${place ? "1.3rem" : "4.6rem"})`;
      if (cell.style.minWidth !== width) cell.style.minWidth = width;
    });
  }

  drop(keys) {
    for (const [key, row] of this.rows) {
      if (keys.has(key)) continue;
      row.remove();
      this.rows.delete(key);
    }
  }

  // Returns whether any row changed its place; the row in use keeps the focus.
  order(rows) {
    const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
    let isMoved = false;
    rows.forEach((row, place) => {
      if (this.body.children[place] === row) return;
      this.body.insertBefore(row, this.body.children[place]);
      isMoved = true;
    });
    if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
    return isMoved;
  }

  glide(before) {
    if (isStill()) return;
    this.rows.forEach((row) => row.getAnimations().forEach((animation) => animation.cancel()));
    for (const [key, row] of this.rows) {
      const way = (before.get(key) ?? NaN) - row.getBoundingClientRect().top;
      if (!way) continue;
      const frames = [{ transform: `translateY(${way}px)` }, { transform: "none" }];
      row.animate(frames, { duration: GLIDE_MS, easing: "cubic-bezier(.2,0,.1,1)" });
    }
  }

  mark(shown, chosen) {
    for (const row of this.rows.values()) {
      row.dataset.look = shown === null || row.lane === null ? "" : row.lane === shown ? "out" : "faint";
      row.querySelector("button").setAttribute("aria-pressed", String(row.lane !== null && row.lane === chosen));
    }
  }
}
