// The plot library's own tools of a chart, brought out below its title when asked for, so that they cover nothing.

import { drawing, make } from "./elements.js";

const LENS = "M7 2.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8M10.2 10.2 13.6 13.6M7 5.2v3.6M5.2 7h3.6";

export class Tools {
  constructor(card) {
    this.card = card;
    this.button = make("button", "nnviz-more");
    this.button.type = "button";
    this.button.hidden = true;
    this.button.append(drawing(LENS));
    this.button.onclick = () => this.turn(this.row.hidden);
    this.row = make("div", "nnviz-tools");
    this.row.setAttribute("role", "toolbar");
    this.row.hidden = true;
  }

  name(words, label) {
    this.button.title = words.tools ?? "";
    for (const node of [this.button, this.row]) node.setAttribute("aria-label", `${words.tools} ${label}`);
  }

  turn(isOpen) {
    this.row.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
  }

  // Where a hand moves things on the chart itself there is nothing to zoom.
  settle() {
    const found = this.card.start.isOn || this.card.points.isOn ? [] : [...this.card.graph.querySelectorAll(".modebar-btn")];
    this.button.hidden = found.length === 0;
    if (this.button.hidden) this.turn(false);
    const names = found.map((each) => each.dataset.title).join();
    if (names !== this.names) this.row.replaceChildren(...found.map((each) => this.tool(each.dataset.title)));
    this.names = names;
    found.forEach((each, place) => this.press(this.row.children[place], each));
  }

  tool(title) {
    const button = make("button", "nnviz-tool", title);
    button.type = "button";
    button.onclick = () => {
      this.own(title)?.click();
      this.settle();
    };
    return button;
  }

  // The library makes its buttons anew whenever it likes.
  own(title) {
    return [...this.card.graph.querySelectorAll(".modebar-btn")].find((each) => each.dataset.title === title);
  }

  press(button, own) {
    if (!own.dataset.attr?.endsWith("dragmode")) return; // what is done at once does not stay pressed
    button.setAttribute("aria-pressed", String(own.classList.contains("active")));
  }
}
