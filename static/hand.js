// A hand that has turned or pressed something waits for its answer, and charts wait with it: one that is being drawn
// keeps the page busy, and the answer stands in line behind it.

const HOLD_MS = 400; // an answer that takes longer is not waited for
const LOOK_MS = 4;
const CONTROLS = ".stSlider, .st-key-bar, .nnviz-dial"; // what a run answers; to scroll or to type holds nothing up
const LESSON = "[data-desk]"; // where all that is drawn is an answer

export class Hand {
  constructor() {
    this.since = -Infinity;
    this.isAwaiting = false;
  }

  // A key that is held down begins a new wait only when charts have had as long for themselves.
  press(now) {
    if (this.isAwaiting && now - this.since < 2 * HOLD_MS) return;
    this.since = now;
    this.isAwaiting = true;
  }

  answer() {
    this.isAwaiting = false;
  }

  holds(now) {
    return this.isAwaiting && now - this.since < HOLD_MS;
  }
}

export const hand = new Hand();
const isAwaited = ({ target }) => target.closest?.(CONTROLS) && !target.closest(LESSON);
for (const kind of ["pointerdown", "keydown", "input"])
  document.addEventListener(kind, (event) => isAwaited(event) && hand.press(performance.now()), true);

export async function handRests() {
  while (hand.holds(performance.now())) await new Promise((done) => setTimeout(done, LOOK_MS));
}
