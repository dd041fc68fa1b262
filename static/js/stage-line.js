/** The line to a stage (docs/protocol.md): connects, comes back by itself, goes on after the last number it heard, and sends again what nobody acknowledged. */

const FIRST_PAUSE = 1000; // milliseconds before the first new try; doubled each time, up to LONGEST_PAUSE
const LONGEST_PAUSE = 30_000;
const SILENCE = 2.5; // heartbeats without a word, and the line counts as lost
const TOO_MANY_PAUSE = 4000;
const RENEWAL_SPREAD = 5000; // a server that is renewed sends everybody away at once: they come back at different moments
const ENDED = {
  4401: "You are signed out. Load the page again to go on reading.",
  4403: "Your role here has ended. Load the page again to go on reading.",
  4405: "A moderator has closed this event’s stages for you. Load the page again to read why.",
};
const FLOODING = 4429;
const RENEWED = 1012;

export class Line {
  /** `tell` gets each message once and in order; `show` gets "connecting", "live", "delayed", "lost" or "ended", and words. */
  constructor({ path, log, seq, who, tell, show }) {
    Object.assign(this, { path, log, seq, tell, show, tries: 0, heartbeat: 15, shelf: `outbox ${who} ${log} ${path}` });
    this.outbox = new Map(this.kept());
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.hurry());
  }

  open() {
    clearTimeout(this.again);
    this.again = null;
    const address = new URL(`${this.path}?log=${this.log}&after=${this.seq}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.addEventListener("message", (event) => this.socket === socket && this.hear(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.socket === socket && this.lost(event.code));
    this.listenForSilence();
  }

  close() {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.again);
    clearTimeout(this.silence);
    socket?.close();
  }

  /** Send a command, now or when the line is back. One client_id is one act, however often it is sent. */
  say(command) {
    this.outbox.set(command.client_id, command);
    this.keep();
    if (this.isLive) this.socket.send(JSON.stringify(command));
  }

  /** What this person's page had not got through when it was loaded again. A browser may keep nothing for us. */
  kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.shelf)) ?? [];
    } catch {
      return [];
    }
  }

  keep() {
    try {
      sessionStorage.setItem(this.shelf, JSON.stringify([...this.outbox]));
    } catch {
      // then it is kept as long as the page
    }
  }

  hear(message) {
    this.listenForSilence();
    if (message.type === "welcome") this.heartbeat = message.heartbeat_seconds;
    if (message.type === "welcome" || message.type === "delayed") {
      this.delayed = message.delayed;
      this.showLive();
    }
    if (message.type === "acknowledged" || (message.type === "refused" && message.client_id)) {
      this.outbox.delete(message.client_id);
      this.keep();
    }
    if (message.code === "too_many" && !message.client_id) setTimeout(() => this.sendAgain(), TOO_MANY_PAUSE);
    if (!this.isNext(message)) return;
    this.tell(message);
    if (message.type === "snapshot" || message.type === "resumed") this.isBack();
  }

  /** Keeps count of the log. What came already is dropped; after a gap we come back and ask for what is missing. */
  isNext(message) {
    if (message.type === "snapshot") this.seq = message.seq;
    if (message.seq === undefined || message.type === "snapshot" || message.type === "resumed") return true;
    if (message.seq > this.seq + 1) this.socket.close();
    if (message.seq !== this.seq + 1) return false;
    this.seq = message.seq;
    return true;
  }

  isBack() {
    this.isLive = true;
    this.tries = 0;
    this.showLive();
    this.sendAgain();
  }

  /** The server's processes may not hear each other for a while: then what comes from other people comes late. */
  showLive() {
    if (!this.isLive) return;
    if (this.delayed) this.show("delayed", "Live, but what others do comes a few seconds late at the moment. Nothing is lost.");
    else this.show("live", "Live: what happens here appears by itself.");
  }

  sendAgain() {
    if (!this.isLive) return;
    for (const command of this.outbox.values()) this.socket.send(JSON.stringify(command));
  }

  lost(code) {
    this.isLive = false;
    clearTimeout(this.silence);
    if (ENDED[code]) {
      this.show("ended", ENDED[code]);
      return;
    }
    this.again = setTimeout(() => this.open(), this.pauseAfter(code));
    this.tries += 1;
    const what = code === RENEWED ? "The server is being renewed. The line comes back by itself" : "The line is lost. We keep trying";
    this.show("lost", `${what}; nothing you sent is lost.`);
  }

  /** Milliseconds, shortened by chance so that not all come at once. */
  pauseAfter(code) {
    if (code === RENEWED && this.tries === 0) return Math.random() * RENEWAL_SPREAD;
    const longest = code === FLOODING ? LONGEST_PAUSE : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.tries);
    return longest * (0.5 + Math.random() / 2);
  }

  /** The network or the reader came back: don't wait for the pause to end. */
  hurry() {
    if (this.again && !this.isLive) this.open();
  }

  listenForSilence() {
    clearTimeout(this.silence);
    const socket = this.socket;
    this.silence = setTimeout(() => {
      if (this.socket !== socket) return;
      this.socket = null; // a dead line may take minutes to say so itself
      socket.close();
      this.lost(0);
    }, this.heartbeat * SILENCE * 1000);
  }
}
