// The cards of a board in order: neighbours of one group stand under its heading, those of none before all headings.

import { make, setText } from "./elements.js";

export class Groups {
  constructor(grid) {
    this.grid = grid; // of those that come first and belong to no group
    this.node = make("div", "nnviz-groups");
    this.known = new Map(); // the group of each card, which a mention does not tell
  }

  // pairs: a card with its group's heading; undefined: the one that it has.
  place(pairs) {
    for (const [card, group] of pairs) if (group !== undefined || !this.known.has(card.id)) this.known.set(card.id, group ?? "");
    const runs = this.runs(pairs.map(([card]) => card));
    const grids = runs.map(({ heading }, at) => (at ? this.section(at - 1, heading) : this.grid));
    runs.forEach(({ cards }, at) => cards.forEach((card, place) => put(card.node, grids[at], place)));
    while (this.node.children.length > runs.length - 1) this.node.lastChild.remove();
  }

  // Cards that stand beside each other and have the same heading; the first run has none.
  runs(cards) {
    const runs = [{ heading: "", cards: [] }];
    for (const card of cards) {
      const heading = this.known.get(card.id);
      if (heading !== runs.at(-1).heading) runs.push({ heading, cards: [] });
      runs.at(-1).cards.push(card);
    }
    return runs;
  }

  section(at, heading) {
    const section = this.node.children[at] ?? this.add();
    setText(section.firstChild, heading);
    section.firstChild.hidden = !heading;
    section.setAttribute("aria-label", heading);
    return section.lastChild;
  }

  add() {
    const section = make("section", "nnviz-group");
    section.append(make("h2"), make("div", "nnviz-grid"));
    this.node.append(section);
    return section;
  }
}

const put = (node, grid, place) => grid.children[place] === node || grid.insertBefore(node, grid.children[place] ?? null);
