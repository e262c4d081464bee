// A chart as a picture to keep: PNG, as sharp as two screens, or SVG, whose lines and words stay lines and words.

import { drawing, make } from "./elements.js";
import { plotly } from "./figure.js";
import { isSheet } from "./sheet.js";

const ARROW = "M8 2v7.5M4.8 6.6 8 9.8l3.2-3.2M3 13h10";
const SCALES = { png: 2, svg: 1 };
const FONT = "Helvetica, Arial, sans-serif"; // words of an SVG are set again wherever it is opened, where the page's are not

export class Save {
  constructor(card) {
    this.card = card;
    this.button = make("button", "nnviz-png");
    this.button.type = "button";
    this.button.append(drawing(ARROW));
    this.button.onclick = () => this.turn(this.row.hidden);
    this.row = make("div", "nnviz-tools");
    this.row.setAttribute("role", "group");
    this.row.append(...Object.keys(SCALES).map((format) => this.offer(format)));
    this.turn(false);
  }

  offer(format) {
    const button = make("button", "nnviz-tool", format.toUpperCase());
    button.type = "button";
    button.dataset.format = format;
    button.onclick = () => {
      this.turn(false);
      this.button.focus({ preventScroll: true });
      this.download(format);
    };
    return button;
  }

  name(words, label, isFigure) {
    this.button.title = words.png ?? "";
    for (const node of [this.button, this.row]) node.setAttribute("aria-label", `${words.png} ${label}`);
    for (const each of this.row.children) each.title = words.formats?.[each.dataset.format] ?? "";
    this.button.hidden = !isFigure;
    if (!isFigure) this.turn(false);
  }

  turn(isOpen) {
    this.row.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
  }

  async download(format) {
    const { card } = this;
    if (!card.draws) return;
    const { width, height } = card.plot.getBoundingClientRect();
    const Plotly = isSheet(card.figure) ? await plotly(true) : (card.Plotly ?? (await plotly()));
    const look = { format, scale: SCALES[format], width, height, filename: `nnviz-${card.id}` };
    const picture = this.picture();
    if (format === "svg") picture.layout.font = { ...picture.layout.font, family: FONT };
    await Plotly.downloadImage(picture, look);
  }

  // What the screen shows, on the page's own ground: the newest data, also where strokes were set by hand since the library
  // has drawn, as far as a reader has zoomed in, without what the legend has switched off.
  picture() {
    const { card } = this, { camera } = card.drawn;
    const picture = card.dressed(true);
    if (camera) picture.layout.scene.camera = camera;
    for (const name of Object.keys(card.graph.layout ?? {})) {
      if (/^[xy]axis\d*$/.test(name) && picture.layout[name]) picture.layout[name].range = card.graph.layout[name].range;
    }
    picture.data.forEach((trace, place) => {
      if (card.drawn.trace(place)?.visible === "legendonly") trace.visible = "legendonly";
    });
    this.mark(picture.layout);
    return picture;
  }

  // The moment that a reader looks back at.
  mark(layout) {
    const { cursor, board } = this.card;
    if (cursor.line.hidden || Number.isNaN(cursor.place)) return;
    const at = board.past.cursor, line = { color: board.theme.text, width: 1.5 };
    layout.shapes = [...(layout.shapes ?? []), { type: "line", x0: at, x1: at, y0: 0, y1: 1, yref: "paper", opacity: 0.75, line }];
  }
}
