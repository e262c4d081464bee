// A slider over the run: all boards of the run show the same earlier moment, and the run goes on meanwhile.

import { make, setText } from "./elements.js";
import { Reports } from "./reports.js";

const PATIENCE_MS = 800; // an answer that has not come by then may have been lost
const REMIND_MS = 100;
const REST_MS = 150; // a hand that has moved the slider for so long no more rests
const AGAIN_MS = 2500; // a page that is told something draws all of it
const MOST_TRIES = 5;
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const HELD = "nnviz-held"; // class of a page that keeps the slider in its window
const root = document.documentElement;
const moments = new Map(); // of runs whose reader looks at the past: updates

// What stands on a long page by itself stays at the top of the window: marked is what lies in the page's own column.
function hold(node) {
  const column = node.closest(".stMainBlockContainer")?.querySelector("[data-testid=stVerticalBlock]");
  let part = node;
  while (part && part.parentElement !== column) part = part.parentElement;
  if (part) part.dataset.held = "";
  root.classList.add(HELD);
}

// Where a page of that kind has been left, nothing is kept free at the top of the window.
function letGo() {
  if (root.classList.contains(HELD) && !document.querySelector("[data-held]")) root.classList.remove(HELD);
}

export class Past {
  constructor(board) {
    this.board = board;
    this.cursor = null;
    this.node = make("div", "nnviz-past");
    this.slider = make("input");
    this.marks = make("div", "nnviz-marks");
    this.text = make("output");
    this.live = make("button", "nnviz-live");
    this.fork = make("button", "nnviz-fork");
    this.reports = new Reports(board, "fork");
    this.page = new Reports(board, "past");
    this.told = null; // the moment that the page knows of
    this.build();
  }

  build() {
    this.node.setAttribute("role", "group");
    this.node.hidden = true;
    Object.assign(this.slider, { type: "range", min: 0, step: 1, max: 0, value: 0 });
    this.live.type = this.fork.type = "button";
    this.slider.oninput = () => this.seek(this.nearest(Number(this.slider.value)));
    this.slider.onkeydown = (event) => this.press(event);
    this.live.onclick = () => this.seek(null);
    this.fork.onclick = () => this.reports.send({ at: this.seen });
    const track = make("div", "nnviz-track");
    track.append(this.slider, this.marks);
    this.node.append(this.live, track, this.text, this.fork);
  }

  get moment() {
    return moments.get(this.run) ?? null;
  }

  // Whether a drawing is of another moment than the one that is looked at.
  isOf(past) {
    if (!past) this.begin(this.run); // there is no way back to be seen
    else if (past.run !== this.run) moments.delete(past.run); // who turns to another lane sees its present
    this.run = past?.run ?? this.run;
    const wanted = moments.get(past?.run) ?? null, is = !past || wanted === past.at;
    if (!is && wanted === null) this.remind();
    return is;
  }

  // A fresh run has no past yet.
  begin(run) {
    if (run && moments.delete(run)) this.ask();
  }

  // The server goes on with a moment of a lane that is looked at no more.
  remind() {
    this.reminding ??= setTimeout(() => {
      this.reminding = undefined;
      this.board.line?.ask();
      this.tellPage();
    }, REMIND_MS);
  }

  update(past) {
    this.cursor = past?.cursor ?? null;
    this.node.hidden = !past || !(past.own || this.board.isLead);
    if (past?.own) hold(this.node);
    else letGo();
    this.board.root.toggleAttribute("data-past", this.cursor !== null);
    this.board.cards.forEach((card) => card.cursor.settle());
    if (!past) return;
    this.answer();
    Object.assign(this, { steps: past.steps, seen: past.seen, isOwn: past.own });
    if (!this.node.hidden) this.show(past);
  }

  show({ steps, seen, text, marks, fork }) {
    const { words } = this.board, isFirst = steps.length < 2; // till there is a way back all keep their places
    this.slider.max = this.end || 1;
    this.slider.disabled = isFirst;
    if (!this.isAsking) this.slider.value = isFirst ? this.slider.max : seen;
    this.slider.style.setProperty("--share", Number(this.slider.value) / this.slider.max);
    this.slider.setAttribute("aria-label", words.past.slider);
    this.slider.setAttribute("aria-valuetext", text);
    setText(this.text, text);
    setText(this.live, words.past.live);
    setText(this.fork, words.past.fork);
    this.live.title = words.past.help;
    this.fork.title = words.past.fork_help;
    this.live.setAttribute("aria-pressed", String(this.moment === null));
    this.fork.hidden = !fork && !isFirst;
    this.fork.style.visibility = fork ? "" : "hidden";
    this.mark(marks);
  }

  get end() {
    return this.steps.at(-1);
  }

  mark(marks) {
    const text = JSON.stringify([marks, this.end]);
    if (this.marked === text) return;
    this.marked = text;
    this.marks.replaceChildren(...marks.map(({ at, kind, text: title }) => {
      const tick = make("span");
      Object.assign(tick, { title });
      tick.dataset.kind = kind;
      tick.style.setProperty("--at", at / this.end);
      tick.onclick = () => this.seek(this.nearest(at));
      return tick;
    }));
  }

  nearest(step) {
    return this.steps.reduce((best, each) => (Math.abs(each - step) < Math.abs(best - step) ? each : best));
  }

  // From one record to the next; the page's own shortcuts are not meant.
  press(event) {
    event.stopPropagation();
    const way = KEYS[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const here = this.wanted ?? this.moment ?? this.end;
    const next = way < 0 ? this.steps.findLast((step) => step < here) : this.steps.find((step) => step > here);
    if (next !== undefined) this.seek(next);
  }

  // The last moment is the present.
  seek(step) {
    this.wanted = step === this.end ? null : step;
    this.slider.value = step ?? this.end;
    this.slider.style.setProperty("--share", Number(this.slider.value) / this.end);
    if (!this.isAsking) this.go();
  }

  go() {
    if (this.wanted === null) moments.delete(this.run);
    else moments.set(this.run, this.wanted);
    this.isAsking = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.answer(), PATIENCE_MS);
    this.ask();
  }

  ask() {
    this.board.family.forEach((board) => board.line?.ask());
    this.tellPage();
  }

  // Where there is no line the page draws the moment; what it has been told once it is told again when that changes.
  // A lesson's page says something about the moment, too, and is told when the hand rests.
  tellPage() {
    const hasLine = this.board.family.some((board) => board.line?.isOpen);
    clearTimeout(this.resting);
    if (this.moment === this.told || (this.told === null && hasLine && !this.isOwn)) return;
    if (hasLine && this.isOwn) this.resting = setTimeout(() => this.tell(), REST_MS);
    else this.tell();
  }

  tell() {
    this.told = this.moment;
    this.tries = 0;
    this.send();
  }

  // The page has drawn the board.
  take(past) {
    this.shown = past?.at;
  }

  // What a page is told while it is drawn anew may be lost: it is told again until it shows that moment.
  send() {
    this.page.send({ run: this.run, at: this.told });
    this.tries += 1;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tries < MOST_TRIES && this.shown !== this.told && this.send(), AGAIN_MS * this.tries);
  }

  // The newest wish is asked for when the last one is answered.
  answer() {
    clearTimeout(this.timer);
    const isLate = this.isAsking && this.wanted !== undefined && this.wanted !== this.moment;
    this.isAsking = false;
    if (isLate) this.go();
    else this.wanted = undefined;
  }
}
