// What a hand does is told to the server one at a time: what comes meanwhile waits until the answer to the last is there.
// Where a control moves on its newest value is enough; no control takes the place of another.

const PATIENCE_MS = 600; // an answer that has not come by then may have been lost
const GAP_MS = 20; // a line takes no more than so many reports a second
const LONG_MS = 3000; // on a page that is drawn meanwhile the report of one control would take the place of another's

const ONCE = ["add", "remove"]; // each of them counts
const nameOf = ({ chart, id, act, name, index }) => JSON.stringify([chart, id, act, name, index]);
const isNewer = (value, than) => than && !ONCE.includes(value.act) && nameOf(value) === nameOf(than);

export class Reports {
  constructor(board, kind) {
    Object.assign(this, { board, kind, count: 0, sentAt: -Infinity, queue: [] });
    board.listeners.add(this);
  }

  send(value) {
    if (isNewer(value, this.queue.at(-1))) this.queue.pop();
    this.queue.push(value);
    this.flush();
  }

  get patience() {
    return this.isByLine || isNewer(this.queue[0], this.last) ? PATIENCE_MS : LONG_MS;
  }

  get isHeard() {
    return (this.board.heard ?? 0) >= (this.number ?? 0);
  }

  get isAnswered() {
    return this.isHeard && !this.queue.length;
  }

  // How long to wait yet for the answer to the last one.
  get wait() {
    return this.sentAt + Math.max(this.isHeard ? 0 : this.patience, this.isByLine ? GAP_MS : 0) - performance.now();
  }

  // Called by a hand, by an answer, and by the clock where no answer comes.
  flush() {
    clearTimeout(this.timer);
    if (!this.queue.length) return;
    const left = this.wait;
    if (left > 0) this.timer = setTimeout(() => this.flush(), left);
    else this.tell(this.queue.shift());
  }

  tell(value) {
    this.last = value;
    this.sentAt = performance.now();
    this.number = this.board.counted = Math.max(this.board.counted ?? 0, this.board.heard ?? 0) + 1;
    const word = { ...value, n: this.number };
    this.isByLine = Boolean(this.board.line?.carry(this.kind, word));
    if (!this.isByLine) this.board.report?.(this.kind, word);
    this.flush();
  }

  drop() {
    clearTimeout(this.timer);
    this.board.listeners.delete(this);
  }
}
