// Things to choose by their pictures, with what may be turned of the chosen one: the data of a playground.

import { Dials } from "./dials.js";
import { make, setText } from "./elements.js";
import { numbers } from "./figure.js";

const SIDE = 64, DOT = 1.6; // pixels of a picture, and of a point's radius

export class Options {
  constructor(card) {
    this.card = card;
    this.board = card.board;
    this.buttons = new Map();
    this.box = make("div", "nnviz-options");
    this.dials = new Dials(card.board);
    card.plot.replaceWith(this.box, this.dials.node);
  }

  show({ of, chosen, options, pair, colours, dials }) {
    this.box.setAttribute("role", "group");
    options.forEach((option) => {
      const button = this.buttons.get(option.id) ?? this.add(option, pair, colours);
      button.onclick = () => this.choose(of, option.id);
    });
    this.mark(chosen);
    this.dials.update(dials);
    this.settle();
    this.card.countDraw();
  }

  add({ id, label, help, x, y, classes }, pair, colours) {
    const button = make("button", "nnviz-option"), picture = make("canvas"), name = make("span");
    button.type = "button";
    button.title = help;
    button.dataset.option = id;
    picture.width = picture.height = 2 * SIDE;
    setText(name, label);
    dot(picture, numbers(x), numbers(y), classes, new Set(classes).size > 2 ? colours : pair);
    button.append(picture, name);
    this.box.append(button);
    this.buttons.set(id, button);
    return button;
  }

  // Who only watches chooses nothing.
  settle() {
    for (const button of this.buttons.values()) button.disabled = !this.board.report;
    this.dials.settleAll();
  }

  choose(of, id) {
    this.mark(id);
    this.board.dials.reports.send({ id: of, value: id });
  }

  mark(chosen) {
    for (const [id, button] of this.buttons) button.setAttribute("aria-pressed", String(id === chosen));
  }

  drop() {
    this.dials.reports.drop();
  }
}

function dot(picture, x, y, classes, colours) {
  const pen = picture.getContext("2d"), half = SIDE - 3 * DOT;
  classes.forEach((label, at) => {
    pen.fillStyle = colours[label];
    pen.beginPath();
    pen.arc(SIDE + half * x[at], SIDE - half * y[at], 2 * DOT, 0, 2 * Math.PI);
    pen.fill();
  });
}
