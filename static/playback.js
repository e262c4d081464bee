// Plays steps that have all arrived already: the browser shows more or less of each line, and asks nobody.

import { drawing, isStill, make, setText } from "./elements.js";
import { whole } from "./numbers.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const REDRAW_MS = 33;
const HITCH_MS = 100; // a longer pause between two frames is no reason to leap
const REST_MS = 250;

export class Playback {
  constructor(board) {
    this.board = board;
    this.at = this.steps = Infinity; // without a playback everything shows whole
    this.isPlaying = false;
    this.speed = 1;
    this.node = make("div", "nnviz-playback");
    this.button = make("button", "nnviz-play");
    this.slider = make("input");
    this.count = make("output");
    this.pace = make("select");
    this.build();
  }

  build() {
    this.node.setAttribute("role", "group");
    this.node.hidden = true;
    this.button.type = "button";
    this.button.append(drawing("M4 2.5v11l9.5-5.5z"), drawing("M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z"));
    Object.assign(this.slider, { type: "range", min: 0, step: 1, max: 0, value: 0 });
    for (const speed of SPEEDS) {
      const option = make("option", "", `${speed}×`);
      option.value = speed;
      option.selected = speed === 1;
      this.pace.append(option);
    }
    this.button.onclick = () => this.toggle();
    this.slider.oninput = () => this.seek(Number(this.slider.value));
    this.pace.onchange = () => (this.speed = Number(this.pace.value));
    this.node.onkeydown = (event) => this.press(event);
    this.node.append(this.button, this.slider, this.count, this.pace);
  }

  get step() {
    return Math.floor(this.at);
  }

  // The page's own shortcuts are not meant while the player has the focus.
  press(event) {
    event.stopPropagation();
    if (event.key !== " " || event.target === this.button || event.target === this.pace) return;
    event.preventDefault();
    this.toggle();
  }

  // A new token is a new playback and plays; the same playback with other figures stays where it is.
  update(playback, words) {
    this.node.hidden = !playback;
    if (!playback) return this.leave();
    this.name(words);
    const wasAtEnd = this.at >= this.steps;
    Object.assign(this, { steps: playback.steps, perSecond: playback.perSecond });
    const isNew = playback.token !== this.token;
    this.token = playback.token;
    if (isNew) this.at = isStill() || playback.follow ? playback.steps : 0;
    else if (wasAtEnd || this.at > playback.steps) this.at = playback.steps;
    this.show();
    if (isNew && this.at < playback.steps) this.play();
    return undefined;
  }

  leave() {
    this.pause();
    this.at = this.steps = Infinity;
    this.token = undefined;
  }

  name(words) {
    this.words = words;
    this.slider.setAttribute("aria-label", words.step);
    this.pace.setAttribute("aria-label", words.speed);
    this.pace.title = words.speed;
  }

  toggle() {
    if (this.isPlaying) return this.pause();
    if (this.at >= this.steps) this.at = 0;
    return this.play();
  }

  play() {
    this.last = undefined;
    if (!this.isPlaying) {
      this.isPlaying = true;
      requestAnimationFrame((now) => this.tick(now));
    }
    this.show();
  }

  pause() {
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.show();
  }

  seek(step) {
    this.isPlaying = false;
    this.at = step;
    this.show();
    this.draw();
  }

  tick(now) {
    if (!this.isPlaying || !this.board.root.isConnected) return this.pause();
    const passed = Math.min(now - (this.last ?? now), HITCH_MS) / 1000;
    this.last = now;
    const before = this.step;
    this.at = Math.min(this.at + passed * this.perSecond * this.speed, this.steps);
    if (this.at >= this.steps) this.isPlaying = false;
    else requestAnimationFrame((next) => this.tick(next));
    this.isBehind ||= this.step !== before;
    if (!this.isBehind || (this.isPlaying && now - (this.drawn ?? -Infinity) < REDRAW_MS)) return undefined;
    this.drawn = now;
    this.show();
    return this.draw();
  }

  draw() {
    this.isBehind = false;
    for (const card of this.board.cards.values()) if (card.isSeen) card.animated.draw();
    clearTimeout(this.resting);
    if (!this.isPlaying) this.resting = setTimeout(() => this.rest(), REST_MS);
  }

  // Points that moved without the plot library's knowledge are handed to it once, so that hovering finds them.
  rest() {
    for (const card of this.board.cards.values()) card.animated.rest();
  }

  show() {
    const word = this.isPlaying ? this.words?.pause : this.words?.play;
    this.node.dataset.playing = this.isPlaying;
    this.board.root.dataset.step = this.step;
    this.button.setAttribute("aria-label", word ?? "");
    this.button.title = word ?? "";
    if (Number(this.slider.max) !== this.steps) this.slider.max = this.steps;
    this.slider.value = this.step;
    this.slider.style.setProperty("--share", this.steps ? this.at / this.steps : 1);
    setText(this.count, `${whole(this.step)} / ${whole(this.steps)}`);
    this.count.style.minWidth = `${2 * whole(this.steps).length + 3}ch`;
  }

  drop() {
    this.isPlaying = false;
    clearTimeout(this.resting);
  }
}
