/** <speaker-stage data-socket data-log data-starts data-ends data-late> around the speaker's page: the time that is left, cues, questions in order, and answers in writing
 *  by the line. Without a line the forms work as forms. The words of the time are those of conference/live/time_left.py. */

import { HeldStage } from "./held-stage.js";
import { fill, renewId, showAge } from "./stage-cards.js";
import { Line } from "./stage-line.js";

const MINUTE = 60_000; // milliseconds
const LONG = 12 * 60 * MINUTE; // further away, figures say nothing
const SOON = 5 * MINUTE;
const SAID_AT = [10, 5, 2, 1, 0]; // minutes before the end at which a screen reader is told
const SPREAD = 3000;
const offset = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now();

class SpeakerStage extends HTMLElement {
  connectedCallback() {
    this.held = new HeldStage();
    this.sent = new Map(); // client_id: form
    this.line = new Line({
      path: this.dataset.socket,
      log: this.dataset.log,
      seq: -1,
      who: `${this.dataset.who} speaker`,
      tell: (message) => this.hear(message),
      show: (state, words) => this.showLine(state, words),
    });
    this.addEventListener("submit", (event) => this.send(event));
    this.addEventListener("focusout", () => setTimeout(() => this.paint()));
    this.seconds = setInterval(() => this.showTime(), 1000);
    this.ages = setInterval(() => showAge(this), MINUTE / 2);
    this.showTime();
    this.line.open();
  }

  disconnectedCallback() {
    clearInterval(this.seconds);
    clearInterval(this.ages);
    this.line.close();
  }

  hear(message) {
    if (message.type === "clock_moved") this.reloadSoon();
    if (message.type === "acknowledged") this.wasTaken(message);
    if (message.type === "refused") this.wasRefused(message);
    if (this.held.hear(message)) this.paintSoon();
  }

  paintSoon() {
    this.painting ??= requestAnimationFrame(() => {
      this.painting = null;
      this.paint();
    });
  }

  paint() {
    if (!this.held.isKnown) return;
    this.paintList("open", this.held.inOrder("visible"));
    this.paintList("answered", this.held.inOrder("answered", "archived"));
    this.paintCues();
    this.dataset.late = this.held.run.late_minutes ?? 0;
    this.showTime();
  }

  /** Cards are kept, so that what is being typed stays; they move only while nobody types in them. */
  paintList(name, questions) {
    const list = this.querySelector(`[data-list="${name}"]`);
    const wanted = questions.map((question) => this.filled(question));
    this.querySelector(`[data-empty="${name}"]`).hidden = wanted.length > 0;
    if (wanted.length === list.children.length && wanted.every((card, at) => card === list.children[at])) return;
    const focused = document.activeElement;
    const isTouched = list.contains(focused) || wanted.some((card) => card.contains(focused));
    if (isTouched && focused.matches("textarea")) return;
    list.replaceChildren(...wanted);
    if (isTouched && focused.isConnected) focused.focus();
  }

  filled(question) {
    const card = this.querySelector(`[data-list] [data-id="${question.id}"]`) ?? this.newCard(question);
    const isPinned = question.id === this.held.pinnedId;
    const wasKnown = card.dataset.state === question.state;
    card.dataset.state = question.state;
    card.toggleAttribute("data-pinned", isPinned);
    card.querySelector('[data-slot="now"]').hidden = !isPinned;
    fill(card, "text", question.text);
    fill(card, "author", question.author ?? "Anonymous");
    fill(card, "votes", String(question.votes));
    if (!wasKnown) fill(card, "state", question.state === "visible" ? "" : "Answered.");
    fill(card, "answer", question.answer);
    card.querySelector('[data-slot="answer"]').hidden = !question.answer;
    fill(card, "write", question.answer ? "Change the written answer" : "Answer in writing");
    return card;
  }

  newCard(question) {
    const card = this.hole("question");
    card.dataset.id = question.id;
    card.dataset.state = "";
    card.querySelector("form").elements.question_id.value = question.id;
    card.querySelector("form").elements.text.value = question.answer;
    renewId(card.querySelector("form"));
    return card;
  }

  paintCues() {
    const list = this.querySelector("[data-cues]");
    const newest = [...this.held.cues].reverse();
    const last = newest[0]?.id;
    if (last !== this.lastCue && this.lastCue !== undefined && newest[0]) this.say(`From the moderators: ${newest[0].text}`);
    this.lastCue = last ?? null;
    while (list.children.length > newest.length) list.lastElementChild.remove();
    while (list.children.length < newest.length) list.append(this.hole("cue"));
    newest.forEach((cue, at) => {
      fill(list.children[at], "text", cue.text);
      list.children[at].querySelector("[data-at]").dataset.at = cue.at;
    });
    this.querySelector('[data-empty="cues"]').hidden = newest.length > 0;
    showAge(list);
  }

  // The time that is left.

  showTime() {
    const box = this.querySelector("[data-left]");
    if (box.dataset.left === "cancelled") return;
    const late = Number(this.dataset.late) * MINUTE;
    const now = Date.now() + offset;
    const { state, figures, words } = timeLeft(Date.parse(this.dataset.starts) + late, Date.parse(this.dataset.ends) + late, now);
    box.dataset.left = state;
    say(this.querySelector("[data-figures]"), figures);
    this.querySelector("[data-figures]").hidden = !figures;
    say(this.querySelector("[data-words]"), words);
    say(this.querySelector("[data-late-words]"), `Running late: about ${this.dataset.late} minutes`);
    this.querySelector("[data-late-words]").hidden = !late;
    this.sayTime(Date.parse(this.dataset.ends) + late - now, words);
  }

  /** Told at a few moments only, and never twice. */
  sayTime(left, words) {
    const due = SAID_AT.filter((minutes) => left <= minutes * MINUTE).at(-1);
    if (this.toldAt !== undefined && due !== undefined && due !== this.toldAt) this.say(words);
    this.toldAt = due ?? null;
  }

  // Answers in writing.

  send(event) {
    const form = event.target.closest("form[data-command]");
    if (!form || !this.wasLive) return; // an ordinary form, until the line has worked once
    event.preventDefault();
    const { client_id, question_id, text } = Object.fromEntries(new FormData(form));
    this.sent.set(client_id, form);
    form.elements.text.readOnly = true;
    this.line.say({ type: form.dataset.command, client_id, question_id, text });
  }

  wasTaken(message) {
    const form = this.answered(message);
    if (!form) return;
    this.say(message.said);
    renewId(form);
    form.closest("details").open = false;
    form.closest("details").querySelector("summary").focus();
    this.querySelector("[data-refusals]").replaceChildren();
  }

  wasRefused(message) {
    const form = message.client_id && this.answered(message);
    const notice = this.hole("refusal");
    notice.setAttribute("role", "alert");
    notice.dataset.refusal = "";
    notice.querySelector(".notice__text").textContent = message.sentence;
    for (const old of this.querySelectorAll("[data-refusal]")) old.remove();
    if (form) form.prepend(notice);
    else this.querySelector("[data-refusals]").replaceChildren(notice);
  }

  answered(message) {
    const form = this.sent.get(message.client_id);
    this.sent.delete(message.client_id);
    if (form) form.elements.text.readOnly = false;
    return form;
  }

  /** A rehearsal's clock was set. What somebody is typing stays. */
  reloadSoon() {
    const isTyping = [...this.querySelectorAll("form")].some((form) => form.contains(document.activeElement)) || this.querySelector("details[open]");
    if (isTyping) this.showLine("stale", "The rehearsal’s clock was set to another time. Load the page again when you no longer need what you typed.");
    else setTimeout(() => location.reload(), Math.random() * SPREAD);
  }

  showLine(state, words) {
    if (state === "live" || state === "delayed") this.wasLive = true;
    if (state === "connecting" || (state === "lost" && !this.wasLive)) return;
    say(this.querySelector("[data-line]"), words);
  }

  say(words) {
    this.querySelector("[data-says]").textContent = words;
  }

  hole(name) {
    return this.querySelector(`template[data-hole="${name}"]`).content.firstElementChild.cloneNode(true);
  }
}

function timeLeft(starts, ends, now) {
  if (now < starts) return { state: "before", figures: starts - now < LONG ? figures(starts - now) : "", words: `Starts in ${waitWords(starts - now)}` };
  if (now <= ends) return { state: ends - now <= SOON ? "soon" : "plenty", figures: figures(ends - now), words: leftWords(ends - now) };
  const over = now - ends;
  if (over >= LONG) return { state: "over", figures: "", words: "This session is over" };
  return { state: "over", figures: `+${figures(over)}`, words: over >= MINUTE ? `Over by ${count(Math.floor(over / MINUTE), "minute")}` : "Time is up" };
}

function figures(span) {
  const seconds = Math.floor(span / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function leftWords(left) {
  if (left < MINUTE) return left >= 1000 ? "Less than a minute left" : "Time is up";
  return `${count(Math.ceil(left / MINUTE), "minute")} left`;
}

function waitWords(wait) {
  const minutes = Math.max(Math.ceil(wait / MINUTE), 1);
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return count(minutes, "minute");
  if (hours >= 24) return count(Math.floor(hours / 24), "day");
  return `${count(hours, "hour")}${minutes % 60 ? ` ${count(minutes % 60, "minute")}` : ""}`;
}

function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function say(slot, words) {
  if (slot.textContent !== words) slot.textContent = words;
}

customElements.define("speaker-stage", SpeakerStage);
