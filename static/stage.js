// The stage: a few charts fill the screen, large enough for the last row, and of all else the controls stay.
//
// It is the browser's own, tab by tab. What leaves and comes back are classes: nothing in the page changes its place.

import { make, setText } from "./elements.js";
import { addStyle } from "./style.js";

const NAME = "nnviz-stage"; // of the class, and of what a tab remembers
const MOST = 4;
const USUAL = 2; // charts, until somebody chooses
const LETTERS_PX = 12; // on a page
const CONTROLS = ["data"]; // cards to choose in, not to be seen from afar
const GAP_PX = 10;
const TYPED = "input:not([type=range],[type=checkbox],[type=radio],[type=button]), textarea, select, [contenteditable=true]";
const FLOATS = "#portal > *, [data-testid=stPopoverBody], [role=listbox], [role=dialog]";
// What is written on what holds something that stays on the stage.
const MARKS = {
  "data-stage": ".st-key-bar, .st-key-live_knobs, .st-key-lanes, .nnviz-board, .stAlert",
  "data-stage-wide": ".nnviz-board, .stAlert",
  "data-stage-knobs": ".st-key-live_knobs",
};
const root = document.documentElement;

// Where a browser forbids storage, the mere mention of it throws: a choice then lasts as long as the page.
export function attempt(use, otherwise = null) {
  try {
    return use(sessionStorage);
  } catch {
    return otherwise;
  }
}

export class Stage {
  isOn = false;
  alone = null; // the one chart that was brought out by its title
  count = null; // how many charts, where somebody has chosen
  shown = [];

  constructor(boards) {
    this.boards = boards;
    Object.assign(this, attempt((storage) => JSON.parse(storage.getItem(NAME)), {}));
    addStyle("stage.css");
    this.sizes = new ResizeObserver(() => this.soon());
    this.changes = new MutationObserver((changes) => this.see(changes));
    document.addEventListener("keydown", (event) => this.strike(event));
    document.addEventListener("fullscreenchange", () => this.isFull && !document.fullscreenElement && this.leave());
    window.addEventListener("resize", () => this.soon());
  }

  get isOpen() {
    return this.isOn || this.alone !== null;
  }

  // How many times as large as on the page its charts are.
  get factor() {
    const isPlain = !root.classList.contains(NAME) || root.classList.contains("nnviz-paper");
    return isPlain ? 1 : parseFloat(getComputedStyle(root).fontSize) / LETTERS_PX;
  }

  factorOf(card) {
    return this.shown.includes(card) ? this.factor : 1;
  }

  // All charts of the page, in the order that its reader has chosen or else in the page's.
  get cards() {
    const boards = [...this.boards.values()].filter((board) => board.root.isConnected);
    const found = boards.flatMap((board) => [...board.cards.values()]).filter(({ id }) => !CONTROLS.includes(id));
    const wanted = [...this.boards.values()].find((board) => board.isLead)?.offers.listed.map(({ id }) => id) ?? [];
    const isBefore = (one, other) => one.node.compareDocumentPosition(other.node) & Node.DOCUMENT_POSITION_FOLLOWING;
    return found.filter((card) => card.node.isConnected && !card.isControl).sort(
      (one, other) => wanted.indexOf(one.id) - wanted.indexOf(other.id) || (isBefore(one, other) ? -1 : 1),
    );
  }

  // ---- what a hand does

  strike(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
    if (event.key === "Escape") this.stepBack();
    else if (event.key.toLowerCase() === "f" && !event.target.closest?.(TYPED)) this.turn();
  }

  // Escape belongs to what floats above the page, and to a lane that is brought out, before it ends the stage.
  stepBack() {
    const isElsewhere = document.querySelector(FLOATS) || [...this.boards.values()].some((board) => board.lanes.isClearing);
    if (!this.isOpen || isElsewhere) return;
    if (this.alone !== null && this.isOn) this.set({ alone: null });
    else this.leave();
  }

  turn() {
    if (this.isOpen) this.leave();
    else this.enter();
  }

  enter() {
    if (!this.cards.length) return;
    this.set({ isOn: true });
    this.fill();
  }

  leave() {
    this.set({ isOn: false, alone: null });
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    this.isFull = false;
  }

  // The browser's own full screen comes on top where it may.
  async fill() {
    try {
      await root.requestFullscreen();
      this.isFull = true;
    } catch {
      this.isFull = false;
    }
  }

  press(card) {
    this.set({ alone: this.alone === card.id ? null : card.id });
  }

  setCount(count) {
    this.set({ count, alone: null });
  }

  set(change) {
    const before = document.activeElement;
    Object.assign(this, change);
    const { isOn, alone, count } = this;
    attempt((storage) => storage.setItem(NAME, JSON.stringify({ isOn, alone, count })));
    this.arrange();
    if (before && before !== document.activeElement && before.checkVisibility?.()) before.focus({ preventScroll: true });
  }

  // ---- what the page shows

  // Charts have come or gone, or have another order; a hundred of them may come at once.
  soon() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.arrange();
    });
  }

  arrange() {
    const { cards } = this;
    if (this.alone !== null && cards.length && !cards.some(({ id }) => id === this.alone)) this.alone = null; // another run
    const isOpen = this.isOpen && cards.length > 0;
    const shown = isOpen ? this.pick(cards) : [];
    const hasTurned = root.classList.contains(NAME) !== isOpen;
    if (hasTurned) this.swap(isOpen);
    cards.forEach((card) => card.node.classList.toggle("nnviz-staged", shown.includes(card)));
    const others = this.shown.filter((card) => !shown.includes(card));
    this.shown = shown;
    this.nameButtons(cards);
    if (isOpen) this.place(shown);
    others.forEach((card) => this.fit(card));
  }

  pick(cards) {
    if (this.alone !== null) return cards.filter(({ id }) => id === this.alone);
    return cards.slice(0, this.most(cards));
  }

  most(cards) {
    return Math.min(this.count ?? USUAL, MOST, cards.length);
  }

  // The page scrolls back to where it was.
  swap(isOpen) {
    const main = document.querySelector(".stMain");
    if (isOpen) this.scrolled = main?.scrollTop;
    root.classList.toggle(NAME, isOpen);
    if (isOpen) this.watch();
    else [this.sizes, this.changes].forEach((observer) => observer.disconnect());
    if (!isOpen && main && this.scrolled) main.scrollTop = this.scrolled;
  }

  watch() {
    document.querySelectorAll(".stMainBlockContainer > .stVerticalBlock").forEach((node) => this.sizes.observe(node));
    const page = document.querySelector(".stMainBlockContainer");
    if (page) this.changes.observe(page, { childList: true, subtree: true });
    this.mark();
  }

  // The page around the boards may change at any time; what charts draw is no such change.
  see(changes) {
    if (changes.some(({ target }) => !target.closest(".nnviz-board"))) this.mark();
  }

  // Written on what holds the controls and the boards: a style sheet that asked for that itself (`:has`) would be asked
  // anew with every stroke of a chart.
  mark() {
    for (const [mark, stays] of Object.entries(MARKS)) {
      document.querySelectorAll(`[${mark}]`).forEach((node) => node.querySelector(stays) || node.matches(stays) || node.removeAttribute(mark));
      document.querySelectorAll(stays).forEach((node) => {
        for (let at = node; at && !at.matches(".stMainBlockContainer"); at = at.parentElement) at.setAttribute(mark, "");
      });
    }
  }

  // One fills what the controls leave, two stand side by side, more in a grid; on a high screen below each other.
  place(shown) {
    const top = Math.max(0, ...[...document.querySelectorAll(".stMainBlockContainer > .stVerticalBlock")].map((node) => node.getBoundingClientRect().bottom)) + GAP_PX;
    const [width, height] = [innerWidth - GAP_PX, innerHeight - top];
    const isHigh = width < height;
    const columns = shown.length < 2 || (isHigh && width < 700) ? 1 : isHigh && shown.length === 2 ? 1 : 2;
    const rows = Math.ceil(shown.length / columns);
    shown.forEach((card, at) => {
      const row = Math.floor(at / columns), across = row === rows - 1 ? shown.length - row * columns : columns;
      const box = [GAP_PX + ((at % columns) * width) / across, top + (row * height) / rows, width / across - GAP_PX, height / rows - GAP_PX];
      const text = box.map(Math.round).join();
      if (card.box === text && card.factor === this.factor) return;
      card.box = text;
      ["left", "top", "width", "height"].forEach((name, side) => card.node.style.setProperty(`--stage-${name}`, `${Math.round(box[side])}px`));
      this.fit(card);
    });
  }

  // Another size is another drawing.
  fit(card) {
    card.factor = this.factorOf(card);
    if (!this.shown.includes(card)) card.box = undefined;
    card.fit();
  }

  // ---- its buttons

  nameButtons(cards) {
    for (const board of this.boards.values()) board.showButtons(cards);
    cards.forEach((card) => card.title.setAttribute("aria-pressed", String(this.alone === card.id)));
  }
}

/** The buttons of one board that lead to the stage and, on it, say how many charts fill it. */
export class StageBar {
  constructor(board, stage) {
    Object.assign(this, { board, stage });
    this.node = make("div", "nnviz-staging");
    this.counts = make("div", "nnviz-counts");
    this.counts.setAttribute("role", "group");
    this.counts.append(...Array.from({ length: MOST }, (_, at) => this.button(String(at + 1), () => stage.setCount(at + 1))));
    this.turn = this.button("", () => stage.turn());
    this.node.append(this.counts, this.turn);
  }

  button(text, act) {
    const node = make("button", "nnviz-explain", text);
    node.type = "button";
    node.onclick = act;
    return node;
  }

  show(stage, cards) {
    const { words } = this.board;
    setText(this.turn, stage.isOpen ? words.leave : words.stage);
    this.turn.title = words.stage_help ?? "";
    this.counts.ariaLabel = words.counts;
    [...this.counts.children].forEach((button, at) => {
      button.hidden = at >= cards.length || cards.length < 2;
      button.ariaLabel = `${words.counts} ${at + 1}`;
      button.ariaPressed = String(stage.alone === null && stage.most(cards) === at + 1);
    });
  }
}
