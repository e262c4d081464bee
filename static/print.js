// Paper: light colours, every chart at its newest and as wide as the page, and nothing to press.

import { make } from "./elements.js";
import { themeOf } from "./figure.js";
import { addStyle } from "./style.js";

// A printer does not wait: all of it happens before the event's handler returns.
function lay(boards) {
  document.documentElement.classList.add("nnviz-paper");
  boards.forEach((board) => {
    board.theme = themeOf(board.root);
    board.cards.forEach((card) => card.print());
  });
}

function lift(boards) {
  document.documentElement.classList.remove("nnviz-paper");
  boards.forEach((board) => {
    board.theme = themeOf(board.root);
    board.cards.forEach((card) => card.unprint());
  });
}

export function servePrinter(boards) {
  addStyle("print.css");
  window.addEventListener("beforeprint", () => lay(boards));
  window.addEventListener("afterprint", () => lift(boards));
}

// What WebGL has drawn is lost after each frame, so a relief is copied to a canvas that stays.
export function keepStill(space, home) {
  if (!space) return;
  const { canvas, redraw } = space;
  const still = make("canvas", "nnviz-still");
  still.width = canvas.width;
  still.height = canvas.height;
  redraw();
  still.getContext("2d").drawImage(canvas, 0, 0);
  home.append(still);
}
