// The bar that stays: when its controls have scrolled out of the window, the few that are needed all the time stand at its
// top. They are the same controls, laid elsewhere; where they were the page keeps their room, so that nothing moves.

import { addStyle } from "./style.js";

const NAME = "nnviz-stuck"; // class of the page's root
const NARROW_PX = 800; // a main column below that takes two rows
const EDGE_PX = 8;
const MAIN = ["test_accuracy", "test_loss", "leader"]; // counters, the first that there is
const KEPT = ".st-key-bar-play, .st-key-bar-speed, .nnviz-main"; // what of the bar stays
const KNOBS = ".st-key-live_knobs, .st-key-lanes", ROW = "[class*=st-key-row-], [class*=st-key-lane-]";
const root = document.documentElement;
const widths = new ResizeObserver(soon);
const changes = new MutationObserver(mark); // of what stands in the bar and among the knobs
const rooms = new Map(); // heights that were kept free, by what has left its place
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
  const main = document.querySelector(".stMain"), home = bar()?.parentElement;
  mark();
  if (main && main !== watched) {
    widths.disconnect();
    widths.observe((watched = main));
  }
  const isOut = Boolean(home) && home.getBoundingClientRect().bottom < EDGE_PX;
  if (isOut && !root.classList.contains(NAME)) measureRoom();
  if (isOut) lay(main.getBoundingClientRect(), main.clientWidth);
  root.classList.toggle(NAME, isOut);
  keepRoom(isOut);
}

const bar = () => document.querySelector(".nnviz-main")?.closest(".st-key-bar");
const knobs = () => document.querySelector(KNOBS);

// Style sheets could ask for what an element holds (`:has`), but then the browser would ask the whole page anew with
// every stroke that a chart draws: what they need to know is written on the elements here.
function mark() {
  root.classList.toggle("nnviz-barred", Boolean(bar()));
  for (const child of bar()?.children ?? []) {
    child.toggleAttribute("data-kept", child.matches(KEPT) || Boolean(child.querySelector(KEPT)));
    child.toggleAttribute("data-main", Boolean(child.querySelector(".nnviz-main")));
  }
  for (const child of knobs()?.children ?? []) child.toggleAttribute("data-kept", Boolean(child.querySelector(`:scope > :is(${ROW})`)));
  knobs()?.toggleAttribute("data-many", Boolean(knobs().children[1]?.hasAttribute("data-kept")));
  [bar(), knobs()].forEach((place) => place && changes.observe(place, { childList: true }));
}

function measureRoom() {
  [bar(), knobs()].forEach((place, at) => rooms.set(at, place?.parentElement.getBoundingClientRect().height ?? 0));
}

function keepRoom(isOut) {
  const isFree = isOut && !root.classList.contains("nnviz-stage") && !root.classList.contains("nnviz-paper");
  [bar(), knobs()].forEach((place, at) => place && (place.parentElement.style.minHeight = isFree ? `${rooms.get(at) ?? 0}px` : ""));
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
