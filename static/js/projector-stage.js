/** <projector-stage data-socket data-opens data-ends data-lingers data-until> fills a hall's screen, and keeps it true. What it chooses to show, conference/live/projecting.py chooses alike. */

import { HeldStage } from "./held-stage.js";
import { paintPoll } from "./poll-chart.js";
import { Line } from "./stage-line.js";

const TOP = 3;
const LINGERS = 3 * 60_000; // milliseconds that a poll's results stay after it was closed
const CAPTION_STANDS = 30_000;
const SIZES = [60, 120, 220, 350]; // up to so many characters for each size
const SMALLEST = 8;
const SPREAD = 3000;
const LONGEST_WAIT = 2 ** 31 - 1; // of a browser's timer
const LOOK_EVERY = 1000; // at what ends by itself
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/gu; // letters that take the room of two
const offset = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now();

class ProjectorStage extends HTMLElement {
  connectedCallback() {
    this.held = new HeldStage();
    this.lingering = { id: this.dataset.lingers, until: Date.parse(this.dataset.until) || 0 };
    this.line = new Line({
      path: this.dataset.socket,
      log: "public",
      seq: -1,
      who: "projector",
      tell: (message) => this.hear(message),
      show: (state, words) => this.showLine(state, words),
    });
    this.ends = setInterval(() => this.paintSoon(), LOOK_EVERY);
    addEventListener("resize", () => this.fit());
    document.fonts.ready.then(() => this.fit());
    this.fit();
    this.awaitDoor();
    this.line.open();
  }

  /** What is written for before the door opens, or for during the session, comes anew after it. */
  awaitDoor() {
    for (const moment of [this.dataset.opens, this.dataset.ends]) {
      const wait = Date.parse(moment) - houseNow();
      if (wait > 0 && wait < LONGEST_WAIT) setTimeout(() => this.reloadSoon(), wait);
    }
  }

  reloadSoon() {
    setTimeout(() => location.reload(), Math.random() * SPREAD);
  }

  disconnectedCallback() {
    clearInterval(this.ends);
    this.line.close();
  }

  hear(message) {
    if (message.type === "clock_moved") this.reloadSoon();
    if (message.type === "poll_changed") this.linger(message.poll);
    if (message.type === "stage_changed" && message.run.pinned_id && message.run.pinned_id !== this.held.pinnedId) this.lingering = { until: 0 };
    if (this.held.hear(message)) this.paintSoon();
  }

  /** What was open a moment ago is shown a little longer, with its results. */
  linger(poll) {
    if (poll.state === "closed" && this.held.polls.get(poll.id)?.state === "open") this.lingering = { id: poll.id, until: houseNow() + LINGERS };
  }

  /** Many things may happen at once: they are painted together. */
  paintSoon() {
    if (!this.held.isKnown) return;
    this.painting ??= requestAnimationFrame(() => {
      this.painting = null;
      this.paint();
    });
  }

  paint() {
    const { held } = this;
    const pinned = held.inOrder("visible", "answered").find((question) => question.id === held.pinnedId);
    const shown = pinned ? [pinned] : held.inOrder("visible").slice(0, TOP);
    const poll = this.pollNow();
    this.paintAnnouncements();
    this.paintCaption();
    this.paintChart(poll);
    this.paintQuestions(shown, pinned ? "pinned" : "top");
    this.slot("nothing").hidden = shown.length > 0 || Boolean(poll);
    const late = held.run.late_minutes;
    const isLate = late > 0 && houseNow() < Date.parse(this.dataset.ends);
    say(this.slot("late"), isLate ? `Running late: about ${late} minutes` : "");
    this.fit();
  }

  pollNow() {
    const polls = [...this.held.polls.values()];
    const open = polls.filter((poll) => poll.state === "open").at(-1);
    const closed = houseNow() < this.lingering.until ? polls.find((poll) => poll.id === this.lingering.id && poll.state === "closed") : null;
    return open ?? closed ?? null;
  }

  paintChart(poll) {
    const place = this.slot("poll");
    if (!poll) place.replaceChildren();
    else if (!place.firstElementChild) place.append(this.hole("poll"));
    if (!poll) return;
    paintPoll(place, poll);
    // While results are hidden the hall reads what there is to choose from.
    if (!poll.tally && poll.options.length) say(place.querySelector('[data-slot="words"]'), poll.options.join(" · "));
  }

  paintQuestions(shown, kind) {
    const place = this.slot("questions");
    const before = [...place.children].map((card) => card.dataset.id);
    place.dataset.kind = kind;
    if (before.join() !== shown.map((question) => question.id).join()) place.replaceChildren(...shown.map(() => this.hole("question")));
    shown.forEach((question, at) => fill(place.children[at], question));
  }

  paintAnnouncements() {
    const place = this.slot("announcements");
    const on = this.held.announcements.filter((each) => Date.parse(each.until) > houseNow());
    while (place.children.length > on.length) place.lastElementChild.remove();
    while (place.children.length < on.length) place.append(this.hole("announcement"));
    on.forEach((each, at) => say(place.children[at].querySelector('[data-slot="text"]'), each.text));
  }

  paintCaption() {
    const last = this.held.captions.at(-1);
    const isFresh = last && houseNow() < Date.parse(last.at) + CAPTION_STANDS;
    const place = this.slot("caption");
    say(place, isFresh ? last.text : "");
    place.hidden = !isFresh;
  }

  /** The type gets smaller, step by step, until everything stands on the screen. */
  fit() {
    const main = this.slot("main");
    delete main.dataset.tight;
    const cards = [...this.slot("questions").children];
    for (const card of cards) card.dataset.size = sizeOf(card.querySelector('[data-slot="text"]').textContent);
    const isOver = () => main.scrollHeight > main.clientHeight + 1;
    for (let size = 2; isOver() && size <= SMALLEST; size += 1) {
      for (const card of cards) card.dataset.size = Math.max(Number(card.dataset.size), size);
    }
    if (isOver()) main.dataset.tight = "";
  }

  showLine(state, words) {
    say(this.slot("line"), state === "live" || state === "connecting" ? "" : words);
  }

  slot(name) {
    return this.querySelector(`[data-${name}]`);
  }

  hole(name) {
    return this.querySelector(`template[data-hole="${name}"]`).content.firstElementChild.cloneNode(true);
  }
}

function fill(card, question) {
  card.dataset.id = question.id;
  say(card.querySelector('[data-slot="text"]'), question.text);
  say(card.querySelector('[data-slot="author"]'), question.author ?? "Anonymous");
  say(card.querySelector('[data-slot="votes"]'), String(question.votes));
  say(card.querySelector('[data-slot="votes-word"]'), question.votes === 1 ? "vote" : "votes");
}

function sizeOf(text) {
  const room = [...text].length + (text.match(WIDE)?.length ?? 0);
  const size = SIZES.findIndex((most) => room <= most);
  return size < 0 ? SIZES.length + 1 : size + 1;
}

function say(slot, words) {
  if (slot.textContent !== words) slot.textContent = words;
}

function houseNow() {
  return Date.now() + offset;
}

customElements.define("projector-stage", ProjectorStage);
