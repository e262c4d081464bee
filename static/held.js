// The page tells what a hand has done to a slider when it lets go. A slider of a live knob is told by a board's line,
// too, while it is held: the run goes on with each value that the hand comes by. The page's word may come later.

import { hand } from "./hand.js";
import { lines } from "./line.js";

const KNOBS = "[class*='st-key-live-']";
const GAP_MS = 200; // between two words: each of them is a change of the run that its link tells
const KEY_MS = 500; // for so long after a key what moves was moved by it
const SAID_MS = 200; // after it is let go the page says so
const ANEW_MS = 2000; // after which the page has drawn a field anew where what the hand has done holds
const REST_MS = 5000; // a pointer that has moved nothing for so long holds nothing up
let slider; // that is held
let isDown = false; // whether by a pointer
let movedAt = -Infinity;
let letGoAt = -Infinity;
let saidAt = -Infinity;
let waiting, restoring;
const watcher = new MutationObserver(() => move());

// Until when the page should be asked nothing: while a pointer holds a slider its answer would be of old values, and just
// after that it would meet the page's own word of what the hand has done.
export const heldUntil = () => (isDown ? movedAt + REST_MS : letGoAt + SAID_MS);

const knobAt = ({ target }) => target.closest?.(".stSlider")?.closest(KNOBS);

function take(node) {
  slider = node;
  movedAt = performance.now();
  watcher.disconnect();
  watcher.observe(node, { subtree: true, attributeFilter: ["value"] });
}

function letGo() {
  isDown = false;
  movedAt = letGoAt = performance.now();
}

function move() {
  const now = performance.now();
  if (!isDown && now - movedAt > KEY_MS) return; // set by the page
  movedAt = now;
  hand.press(now);
  write();
  clearTimeout(waiting);
  const left = saidAt + GAP_MS - now;
  if (left > 0) waiting = setTimeout(tell, left);
  else tell(); // before the page begins to draw itself anew for its own word
}

function tell() {
  const input = slider.querySelector("input[type=range]");
  const line = [...lines.values()].find((each) => each.isOpen && !each.board.isDesk);
  if (!input || input.disabled || !line) return; // the page tells it
  saidAt = performance.now();
  const [place, text] = [Number(input.value), input.getAttribute("aria-valuetext") ?? ""];
  line.say({ knob: { tab: line.board.tab ?? "", slider: nameOf(slider), place, text } });
}

// The field beside a slider shows what the hand has come to, though the page draws it anew only when it is let go.
function write() {
  const field = slider.closest("[class*='st-key-row-']")?.querySelector("[data-testid=stTextInputField]");
  const text = slider.querySelector("input[type=range]")?.getAttribute("aria-valuetext");
  if (!field || !text || field === document.activeElement) return;
  field.value = text.replaceAll(",", "");
  clearTimeout(restoring);
  restoring = setTimeout(restore, ANEW_MS, field);
}

function restore(field) {
  if (isDown) restoring = setTimeout(restore, ANEW_MS, field);
  else field.value = field.defaultValue; // as the page has given it
}

const nameOf = (node) => [...node.classList].find((name) => name.startsWith("st-key-live-")).slice("st-key-".length);

document.addEventListener("pointerdown", (event) => knobAt(event) && (take(knobAt(event)), (isDown = true)), true);
document.addEventListener("keydown", (event) => knobAt(event) && take(knobAt(event)), true);
for (const kind of ["pointerup", "pointercancel"]) window.addEventListener(kind, () => isDown && letGo(), true);
