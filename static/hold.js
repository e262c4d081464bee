// What a hand has set stands against older answers for a while. Then the newest answer stands, whatever it says: where
// nothing else moves none would come to put right what was changed elsewhere meanwhile.

const ROUNDS = 3; // how often an answer that is not there yet is waited for once more

export class Hold {
  constructor(lasts, reports, end) {
    Object.assign(this, { lasts, reports, end });
  }

  get isOn() {
    return this.timer !== undefined;
  }

  take() {
    this.left = ROUNDS;
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), this.lasts);
  }

  look() {
    if (!this.reports.isAnswered && this.left-- > 0) return this.wait();
    this.drop();
    return this.end();
  }

  drop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
