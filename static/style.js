// Our style sheets, which lie beside the scripts.

import { make } from "./elements.js";

const PATIENCE_MS = 5000; // a page without its style is better than none

/** Put a style sheet into the page; done when it holds. A sheet of another version goes. */
export function addStyle(name) {
  const id = `nnviz-${name}`;
  const href = new URL(name, import.meta.url).href;
  const old = document.getElementById(id);
  if (old?.href === href) return undefined;
  const link = make("link");
  Object.assign(link, { id, href, rel: "stylesheet" });
  const held = new Promise((done) => {
    link.onload = link.onerror = done;
    setTimeout(done, PATIENCE_MS);
  });
  document.head.append(link);
  return held.then(() => old?.remove());
}
