// A button that copies the link of a run, and tells what it holds. The server writes the link when the button is pressed.

import { drawing, make, setText } from "./elements.js";
import { addStyle } from "./style.js";

const CHAIN = "M6.4 9.6 9.6 6.4M7.2 4.6l1.2-1.2a3 3 0 0 1 4.2 4.2l-1.2 1.2M8.8 11.4l-1.2 1.2a3 3 0 0 1-4.2-4.2l1.2-1.2";
const PATIENCE_MS = 1500;
const seats = new WeakMap(); // by the place that they stand in
addStyle("style.css");

class Copy {
  constructor() {
    this.node = make("div", "nnviz-link");
    this.button = make("button", "nnviz-link-button");
    this.panel = make("div", "nnviz-link-panel");
    this.told = make("p");
    this.field = make("input");
    this.close = make("button", "nnviz-explain");
    this.count = 0;
    this.build();
  }

  build() {
    this.button.type = this.close.type = "button";
    this.button.append(drawing(CHAIN)); // no word: the bar keeps to one row
    this.button.onclick = () => this.ask();
    this.close.onclick = () => this.fold();
    this.told.setAttribute("role", "status");
    this.field.readOnly = true;
    this.field.onfocus = () => this.field.select();
    this.panel.append(this.field, this.close);
    this.panel.hidden = true;
    this.box = make("div", "nnviz-link-box");
    this.box.append(this.told, this.panel);
    this.node.append(this.button, this.box);
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.fold());
    this.onPress = ({ target }) => this.node.contains(target) || this.fold();
    document.addEventListener("pointerdown", this.onPress);
  }

  // Called with each drawing of the page.
  hear({ words, asked, link, said }, report) {
    [this.words, this.report] = [words, report];
    this.button.setAttribute("aria-label", words.button);
    this.button.title = words.help;
    setText(this.close, words.close);
    this.field.setAttribute("aria-label", words.field);
    this.count = Math.max(this.count, asked);
    if (this.waiting === undefined || asked < this.waiting) return;
    this.waiting = undefined;
    this.answer?.(link);
    this.show(link, said);
  }

  // Safari lets a page copy in the very moment of a click only: it is promised then what the server has yet to write.
  ask() {
    this.count += 1;
    this.waiting = this.count;
    const text = new Promise((done) => (this.answer = done));
    this.copied = copy(text).catch(() => false);
    this.report("asked", this.count);
  }

  async show(link, said) {
    this.field.value = link;
    this.panel.hidden = !link;
    this.open();
    const isCopied = Boolean(link) && ((await Promise.race([this.copied, late()])) || this.copyByHand());
    setText(this.told, [link && (isCopied ? this.words.copied : this.words.select), said].filter(Boolean).join(" "));
    if (link && !isCopied) this.field.focus();
  }

  // Towards the side where there is room.
  open() {
    const { left } = this.button.getBoundingClientRect(), { width } = this.box.getBoundingClientRect();
    this.box.dataset.side = left + width < document.documentElement.clientWidth ? "right" : "left";
    this.node.dataset.open = "yes";
  }

  // The way of before, which needs no permission, nor a page that came by https.
  copyByHand() {
    const before = document.activeElement;
    this.field.focus();
    this.field.select();
    const isCopied = document.execCommand?.("copy") ?? false;
    if (isCopied) before?.focus?.({ preventScroll: true });
    return isCopied;
  }

  fold() {
    if (!this.node.dataset.open) return;
    if (this.node.contains(document.activeElement)) this.button.focus();
    delete this.node.dataset.open;
    this.panel.hidden = true;
    setText(this.told, "");
  }

  drop() {
    document.removeEventListener("pointerdown", this.onPress);
  }
}

// A browser that asks its reader first may wait for ever.
const late = () => new Promise((done) => setTimeout(() => done(false), PATIENCE_MS));

async function copy(text) {
  if (!navigator.clipboard) return false;
  if (!window.ClipboardItem || !navigator.clipboard.write) await navigator.clipboard.writeText(await text);
  else {
    const blob = text.then((found) => new Blob([found], { type: "text/plain" }));
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  }
  return true;
}

export default function show({ data, parentElement, setStateValue }) {
  const seat = seats.get(parentElement) ?? new Copy();
  if (!seats.has(parentElement)) {
    seats.set(parentElement, seat);
    parentElement.append(seat.node);
  }
  seat.hear(data, setStateValue);
  return () => parentElement.isConnected || seat.drop();
}
