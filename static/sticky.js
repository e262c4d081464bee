// The bar that stays: when its controls have scrolled out of the window, the few that are needed all the time stand at its
// top. They are the same controls, laid elsewhere; where they were the page keeps their room, so that nothing moves.

import { addStyle } from "./style.js";

const NAME = "nnviz-stuck"; // class of the page's root
const NARROW_PX = 800; // a main column below that takes two rows
const EDGE_PX = 8;
const MAIN = ["test_accuracy", "test_loss", "leader"]; // counters, the first that there is
const HOMES = { bar: ".st-key-bar:has(.nnviz-main)", knobs: ".st-key-live_knobs, .st-key-lanes" };
const root = document.documentElement;
const widths = new ResizeObserver(soon);
let waiting, watched;

export function keepBar() {
  addStyle("sticky.css");
  document.addEventListener("scroll", soon, { capture: true, passive: true });
  window.addEventListener("resize", soon);
  soon();
}

export function soon() {
  waiting ??= requestAnimationFrame(look);
}

function look() {
  waiting = undefined;
  const main = document.querySelector(".stMain"), home = homeOf(HOMES.bar);
  if (main && main !== watched) {
    widths.disconnect();
    widths.observe((watched = main));
  }
  const isOut = Boolean(home) && home.getBoundingClientRect().bottom < EDGE_PX;
  if (isOut && !root.classList.contains(NAME)) keepRoom();
  if (isOut) lay(main.getBoundingClientRect(), main.clientWidth);
  root.classList.toggle(NAME, isOut);
}

const homeOf = (name) => document.querySelector(name)?.parentElement;

function keepRoom() {
  for (const [name, found] of Object.entries(HOMES)) {
    const room = homeOf(found)?.getBoundingClientRect().height ?? 0;
    root.style.setProperty(`--${name}-room`, `${room}px`);
  }
}

function lay({ left }, width) {
  root.style.setProperty("--main-left", `${left}px`);
  root.style.setProperty("--main-width", `${width}px`);
  root.classList.toggle("nnviz-narrow", width < NARROW_PX);
}

/** Write the number that a run is about into the bar. */
export function showMain(counters) {
  const place = document.querySelector(".nnviz-main"), found = MAIN.map((id) => counters.find((each) => each.id === id)).find(Boolean);
  if (!place || !found) return;
  const [label, value] = place.children;
  if (label.textContent !== found.label) label.textContent = found.label;
  if (value.textContent !== found.value) value.textContent = found.value;
}
