// Elements of the page: made, given text, and whether they may move.

export function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Puts values into the places of a sentence.
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Draws a small picture of one stroke or shape.
export function drawing(path, box = "0 0 16 16") {
  const node = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  node.setAttribute("viewBox", box);
  node.setAttribute("aria-hidden", "true");
  shape.setAttribute("d", path);
  node.append(shape);
  return node;
}

export const isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
