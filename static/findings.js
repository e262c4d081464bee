// What is wrong with a run, each with a button that does something about it; or that nothing is.

import { make, setText } from "./elements.js";
import { Reports } from "./reports.js";

export class Findings {
  constructor(board) {
    this.node = make("section", "nnviz-findings");
    this.node.hidden = true;
    this.reports = new Reports(board, "cure");
  }

  // Numbers come without: then all stays as it is.
  update(diagnosis) {
    if (!diagnosis) return;
    const text = JSON.stringify(diagnosis);
    if (text === this.text) return;
    this.text = text;
    const { well, room, findings } = diagnosis, isEmpty = !findings.length;
    this.node.hidden = isEmpty && !well && !room;
    this.node.toggleAttribute("data-well", isEmpty);
    // What is not said yet has its place, so that the charts below stay where they are.
    this.node.replaceChildren(...(isEmpty ? [make("p", "", well || "\u00a0")] : findings.map((each) => this.show(each))));
  }

  show({ id, text, cure }) {
    const row = make("div", "nnviz-finding"), words = make("p");
    row.dataset.finding = id;
    setText(words, text);
    row.append(words);
    if (!cure) return row;
    const button = make("button", "nnviz-cure", cure);
    button.type = "button";
    button.onclick = () => this.reports.send({ id });
    row.append(button);
    return row;
  }
}
