// A board's line to the server, by which everything new comes as soon as it is there. The server is told what has been
// drawn, so that nothing piles up, and whether anybody can see it.

const AGAIN_MS = [100, 300, 1000, 2000, 5000]; // before the line is opened anew
const DEAF_MS = 25_000; // the server says something every 10 s: after so long a silence the line is dead
const LOST_MS = 4000; // so long without a word from the server, by any way, is worth telling
const LOOK_MS = 1000;
const SIGHT_MS = 60;
const TURN_MS = 1500; // what a hand has turned and the line has not answered by then is told to the page
const REST_MS = 150; // a hand that has turned nothing for so long rests
const SHOWN_MS = 1500; // for no longer the page around a lesson waits for what a hand has turned to be shown
const UNKNOWN = 4404; // the server does not know this board any more: only the page can ask for another one
const MANY = 4429; // there are as many lines as the server serves
const watchers = new Set(); // timers, which ask where a line cannot

export const lines = new Map(); // by the key of their board

export function watch(watcher) {
  watchers.add(watcher);
}

export function unwatch(watcher) {
  watchers.delete(watcher);
}

function address() {
  const found = new URL("nnviz/live", document.baseURI);
  found.protocol = found.protocol.replace("http", "ws");
  return found;
}

export class Line {
  constructor(board) {
    this.board = board;
    this.isOpen = false; // whether what is new comes by it
    this.tries = 0;
    lines.set(board.key, this);
    this.onShow = () => this.turn();
    document.addEventListener("visibilitychange", this.onShow);
    window.addEventListener("online", this.onShow);
    this.looking = setInterval(() => this.look(), LOOK_MS);
    this.heardAt = performance.now();
  }

  // The page has drawn the board: with which layout, and how the page around it looks.
  follow({ want, face, told, stamp }) {
    if (stamp !== this.board.stamp) this.hear(); // else it may be mounted anew only
    this.told = told ?? face;
    this.face = face;
    if (want !== this.want) {
      this.want = want;
      this.isOpen = false;
      this.ask();
    }
    if (!this.socket && !this.waiting) this.open();
    this.tell();
  }

  // Whether the page around the board is out of date.
  get isBehind() {
    return this.face !== this.told;
  }

  open() {
    if (!this.want || this.isOver) return;
    const socket = new WebSocket(address());
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.ask();
    socket.onmessage = ({ data }) => socket === this.socket && this.take(data);
    socket.onclose = ({ code }) => socket === this.socket && this.lose(code);
  }

  ask() {
    const have = Object.fromEntries([...this.board.cards].map(([id, card]) => [id, card.stamp]));
    const past = this.board.past.moment;
    this.say({ want: this.want, have, sight: this.board.sight, hidden: document.hidden, ...(past !== null && { past }) });
  }

  // Charts that nobody sees are drawn seldom: tell which have come into the window, once for all that come together.
  see() {
    this.seeing ??= setTimeout(() => {
      this.seeing = undefined;
      this.say({ sight: this.board.sight });
    }, SIGHT_MS);
  }

  say(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  async take(data) {
    this.isRefused = this.isUnknown = false;
    this.hear();
    this.tries = 0;
    const payload = JSON.parse(new TextDecoder().decode(data));
    if (payload.heard) this.answer(payload);
    if (payload.stretch) this.board.cards.get(payload.stretch.id)?.stretch.show(payload.stretch);
    if (payload.want !== this.want) return; // a word to say that the line stands, or another layout's
    this.isOpen = true;
    if (payload.stamp === undefined) return; // there is a line, and nothing new yet
    this.face = payload.face;
    this.tell();
    this.board.update(payload);
    await this.board.rest();
    this.say({ drawn: true });
    this.settle();
  }

  // What a hand has turned on a board that needs nothing of its page, or moved on a chart of a lesson; false where only
  // the page can take it.
  carry(kind, word) {
    const said = this.saidOf(kind, word);
    if (!said || this.socket?.readyState !== WebSocket.OPEN) return false;
    const told = { kind, word };
    this.turned = told;
    this.say(said);
    setTimeout(() => this.turned === told && this.pass(), TURN_MS);
    if (this.board.isDesk) this.owe(told);
    return true;
  }

  saidOf(kind, word) {
    if (kind === "dial") return this.board.isDirect && { turn: word };
    if (!this.board.isDesk) return undefined;
    if (kind === "place") return { move: { act: "place", name: "", index: 0, ...word } };
    return kind === "handle" && word.act === "move" && { move: word };
  }

  answer({ heard, refused, at }) {
    if (refused) this.pass();
    else this.board.hear(heard);
    if (this.owed?.word.n === heard) this.owedAt = at; // the state that has come of it
    if (this.turned?.word.n <= heard) this.turned = undefined;
  }

  // The page takes what the line could not, and says why where it cannot be done.
  pass() {
    if (this.turned) this.hand(this.turned);
    this.turned = undefined;
  }

  hand(told) {
    if (this.owed === told) this.owed = undefined;
    this.board.report?.(told.kind, told.word);
  }

  // The page around a lesson follows what the line has taken, once the hand rests and sees what has come of it.
  owe(told) {
    this.owed = told;
    this.owedAt = Infinity;
    this.owedSince = performance.now();
    this.settle();
  }

  settle() {
    clearTimeout(this.settling);
    if (!this.owed) return;
    const rested = performance.now() - this.owedSince, isShown = (this.board.at?.[1] ?? 0) >= this.owedAt;
    const left = (isShown ? REST_MS : SHOWN_MS) - rested;
    if (left > 0) this.settling = setTimeout(() => this.settle(), left);
    else this.hand(this.owed);
  }

  lose(code) {
    this.socket = undefined;
    this.pass();
    this.isOpen = false;
    const wait = AGAIN_MS[Math.min(this.tries, AGAIN_MS.length - 1)];
    this.tries += 1;
    [this.isRefused, this.isUnknown] = [code === MANY, code === UNKNOWN];
    if (this.isRefused) this.board.say("many");
    this.tell(this.isUnknown);
    if (!this.isOver) this.waiting = setTimeout(() => this.again(), wait);
  }

  again() {
    this.waiting = undefined;
    if (!this.socket) this.open();
  }

  // A page comes back into view, or a computer to its net: what is newest is asked for.
  turn() {
    if (!document.hidden) this.heardAt = performance.now();
    this.tell();
    this.say({ hidden: document.hidden }); // also where the tab was hidden from the start, and was sent nothing yet
    if (this.socket || document.hidden) return;
    clearTimeout(this.waiting);
    this.tries = 0;
    this.again();
  }

  look() {
    if (document.hidden) return;
    const silence = performance.now() - this.heardAt;
    if (this.isOpen && silence > DEAF_MS) this.hangUp();
    if (!this.isOpen && silence > LOST_MS) this.board.say("lost");
  }

  // A dead line may take minutes to end by itself.
  hangUp() {
    this.socket.close();
    this.lose();
  }

  hear() {
    this.heardAt = performance.now();
    this.board.say(this.isRefused ? "many" : "");
  }

  tell(isUnknown = false) {
    watchers.forEach((watcher) => watcher.look(isUnknown));
  }

  // The board has left the page; it may come back.
  close() {
    clearTimeout(this.waiting);
    clearTimeout(this.seeing);
    clearTimeout(this.settling);
    this.seeing = this.owed = undefined;
    [this.waiting, this.want, this.isOpen] = [undefined, undefined, false];
    this.socket?.close();
    this.socket = undefined;
  }

  drop() {
    this.isOver = true;
    this.close();
    clearInterval(this.looking);
    document.removeEventListener("visibilitychange", this.onShow);
    window.removeEventListener("online", this.onShow);
    if (lines.get(this.board.key) === this) lines.delete(this.board.key);
  }
}
