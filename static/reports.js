// What a hand does is told to the server one at a time: the newest waits until the answer to the last is there.

const PATIENCE_MS = 600; // an answer that has not come by then may have been lost

export class Reports {
  constructor(board, kind) {
    Object.assign(this, { board, kind, count: 0, sentAt: -Infinity });
    board.listeners.add(this);
  }

  send(value) {
    this.next = value;
    this.flush();
  }

  get isWaiting() {
    return (this.board.heard ?? 0) < (this.number ?? 0) && performance.now() - this.sentAt < PATIENCE_MS;
  }

  // Called by a hand, by an answer, and by the clock where no answer comes.
  flush() {
    clearTimeout(this.timer);
    if (this.next === undefined) return;
    if (this.isWaiting) {
      this.timer = setTimeout(() => this.flush(), PATIENCE_MS);
      return;
    }
    const value = this.next;
    this.next = undefined;
    this.sentAt = performance.now();
    this.number = this.board.counted = Math.max(this.board.counted ?? 0, this.board.heard ?? 0) + 1;
    const word = { ...value, n: this.number };
    if (!this.board.line?.carry(this.kind, word)) this.board.report?.(this.kind, word);
  }
  drop() {
    clearTimeout(this.timer);
    this.board.listeners.delete(this);
  }
}
