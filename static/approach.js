// Brings a board into the window of a reader who was called to look: what was pressed may be far below it.

const GLIDE_MS = 1200; // by then it is there, or something else that moved on the page has ended the glide
const OWN_WAYS = ["wheel", "touchmove", "keydown", "pointerdown"]; // of a reader who goes elsewhere

const isAway = (node) => {
  const { top } = node.getBoundingClientRect();
  return node.isConnected && (top < -1 || top > innerHeight / 2);
};

export function approach(node, glides = GLIDE_MS) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches, leaving = new AbortController(), { signal } = leaving;
  node.scrollIntoView({ block: "start", behavior: isCalm ? "auto" : "smooth" });
  OWN_WAYS.forEach((way) => addEventListener(way, () => leaving.abort(), { signal, capture: true, passive: true }));
  setTimeout(() => {
    if (!signal.aborted && isAway(node)) node.scrollIntoView({ block: "start" });
    leaving.abort();
  }, glides);
}
