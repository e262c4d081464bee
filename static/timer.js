// Asks for a part of a page again and again: so long after the last time, and never in the moment of a click.
//
// What is pressed stands in Streamlit's books for a moment before it is sent. Streamlit's own timer, when it comes in
// that moment, sends it too, and the server takes one click for two: Pause, and Play.
// And while the server answers, nothing is asked for: what comes just as it ends makes it forget what it has not sent.
// Nor is anything asked of a page that its reader is about to leave: the server would take it for the page that is
// wanted, and forget the other one.

import { heldUntil } from "./held.js";
import { lines, unwatch, watch } from "./line.js";

const CALM_MS = 50; // after a hand: what it has done goes first
const MOST_MS = 400; // but a hand that does not rest does not stop the clock
const LEAVE_MS = 2000; // after a link was followed, or the way back taken, unless the next page is there
const PEEK_MS = 250; // between two looks whether a hand has let go
const NEXT_MS = 20; // to look again whether the server is free
const LOST_MS = 500; // where the server is free and no answer has come for so long, none will: ask again
const HANDS = ["pointerdown", "pointerup", "click", "keydown", "keyup", "input", "change"];
const timers = new WeakMap(); // by the place that they stand in
let moved = -Infinity; // when a hand last did something
let left = -Infinity; // when the reader last set out for another page
let asking; // a message is about one part of the page only: another one waits for its answer

for (const kind of HANDS) document.addEventListener(kind, () => (moved = performance.now()), true);
const leave = () => (left = performance.now());
document.addEventListener("click", ({ target }) => target.closest?.("a[href]") && leave(), true);
window.addEventListener("popstate", leave);

// How long to wait yet: until it is due, for a hand to rest, and for the next page.
export function pause(now, due, moved, left = -Infinity) {
  if (now < due) return due - now;
  return Math.max(0, Math.min(moved + CALM_MS, due + MOST_MS) - now, left + LEAVE_MS - now);
}

// Whether the page's own socket stands, and the server has nothing to do for the page. When a lost socket is back,
// Streamlit may ask for the whole page; a part that is asked for before that has begun would end it.
const BACK_MS = 2000;
const STRANGE = 3; // questions without an answer, from a server that does not know the board: a new one
let lostAt = -Infinity; // when the socket was seen to be lost

function isAnswering() {
  const { testScriptState: script = "notRunning", testConnectionState: socket = "CONNECTED" } =
    document.querySelector(".stApp")?.dataset ?? {};
  if (socket !== "CONNECTED") lostAt = performance.now();
  else if (script !== "notRunning") lostAt = -Infinity;
  return script !== "notRunning" || performance.now() - lostAt < BACK_MS;
}

new MutationObserver(isAnswering).observe(document, { subtree: true, attributeFilter: ["data-test-connection-state"] });

class Timer {
  constructor(every) {
    this.due = performance.now() + every;
    this.boards = [];
    this.number = this.missed = 0;
    this.isOpen = false; // whether what was asked for has not come yet
  }

  // Take what was asked for; the whole page brings it, too. A slow server gets a rest between two questions.
  hear({ every, beat, boards }, report) {
    const now = performance.now();
    this.due = this.isOpen ? Math.max(this.due, now + every / 4) : Math.min(this.due, now + every);
    this.isOpen = false;
    this.missed = 0;
    this.makeWay();
    if (this.beat !== beat) (boards ?? []).forEach((key) => lines.get(key)?.hear());
    [this.beat, this.every, this.report, this.boards] = [beat, every, report, boards ?? []];
    watch(this);
    this.number = Math.max(this.number, beat);
    this.wait();
  }

  // What is new comes by the boards' lines: the page is asked for where it is out of date, or where there is no line.
  get dueAt() {
    if (this.boards.length && document.hidden) return Infinity; // nobody would see it
    const fed = this.boards.map((key) => lines.get(key)).filter((line) => line?.isOpen);
    if (!fed.length || fed.length < this.boards.length) return this.due;
    this.behindAt = fed.some((line) => line.isBehind) ? (this.behindAt ?? performance.now()) : undefined;
    return this.behindAt ?? Infinity;
  }

  // A line has something to say; where the server does not know its board, only the page helps.
  look(isUnknown) {
    if (isUnknown) this.due = Math.min(this.due, performance.now());
    if (!this.isOpen) this.wait();
  }

  wait() {
    clearTimeout(this.waiting);
    const dueAt = Math.max(this.dueAt, heldUntil());
    if (dueAt === Infinity) return;
    const rest = pause(performance.now(), dueAt, moved, left) || ((asking ?? this) !== this || isAnswering() ? NEXT_MS : 0);
    this.waiting = setTimeout(() => (rest > 0 ? this.wait() : this.ask()), Math.min(rest, PEEK_MS));
  }

  ask() {
    this.due = performance.now() + this.every;
    this.number += 1;
    this.isOpen = true;
    asking = this;
    this.report("beat", this.number);
    this.waiting = setTimeout(() => this.miss(), LOST_MS);
  }

  // Only the whole page, which its address holds, can be asked of a server that does not know its parts.
  miss() {
    this.makeWay();
    if (!isAnswering() && this.boards.some((key) => lines.get(key)?.isUnknown)) this.missed += 1;
    if (this.missed >= STRANGE) location.reload();
    else this.wait();
  }

  makeWay() {
    if (asking === this) asking = undefined;
  }

  stop() {
    unwatch(this);
    clearTimeout(this.waiting);
    this.makeWay();
  }
}

// Called with each drawing of the part of the page that it stands in.
export default function beat({ data, parentElement, setStateValue }) {
  if (!timers.has(parentElement)) {
    timers.set(parentElement, new Timer(data.every));
    left = -Infinity; // the next page is there
  }
  const timer = timers.get(parentElement);
  timer.hear(data, setStateValue);
  return () => timer.stop();
}
