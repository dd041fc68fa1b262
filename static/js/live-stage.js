/** <live-stage data-socket data-log data-seq> around a stage's page: keeps it true while it is open, and sends its forms by the line.
 *  Without a line the forms work as forms. */

import { cardFrom, markVoted, readCard, renewId, showAge, showVotes } from "./stage-cards.js";
import { Line } from "./stage-line.js";
import { Own } from "./stage-mine.js";

const AGE_EVERY = 30_000; // milliseconds
const SUMMARY_AFTER = 5000; // what happened is read out together, not one by one
const SPREAD = 3000; // milliseconds over which pages that are loaded again come
const LONGEST_WAIT = 2 ** 31 - 1; // of a browser's timer
const offset = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now();

class LiveStage extends HTMLElement {
  connectedCallback() {
    this.own = new Own(this);
    this.sent = new Map(); // client_id: form
    this.happened = {};
    this.line = new Line({
      path: this.dataset.socket,
      log: this.dataset.log,
      seq: Number(this.dataset.seq),
      who: this.dataset.who,
      tell: (message) => this[`on_${message.type}`]?.(message),
      show: (state, words) => this.showLine(state, words),
    });
    this.addEventListener("submit", (event) => this.send(event));
    this.ages = setInterval(() => showAge(this), AGE_EVERY);
    this.querySelector(".ask")?.addEventListener("toggle", ({ target }) => {
      if (target.open && target.contains(document.activeElement)) target.querySelector("textarea").focus();
    });
    this.awaitDoor();
    this.line.open();
  }

  disconnectedCallback() {
    clearInterval(this.ages);
    this.line.close();
  }

  // What is said to the stage.

  send(event) {
    const form = event.target.closest("form[data-command]");
    if (!form || !this.wasLive) return; // an ordinary form, until the line has worked once
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    const id = form.closest("[data-id]")?.dataset.id;
    if (form.dataset.command === "upvote" && this.own.voted.has(id)) return;
    const command = { type: form.dataset.command, client_id: fields.client_id };
    if (id) command.question_id = id;
    if (form.dataset.command === "dismiss") command.reason = fields.reason;
    if (form.dataset.command === "ask") Object.assign(command, { text: fields.text, anonymous: "anonymous" in fields });
    this.sent.set(command.client_id, form);
    this.hold(form, true);
    this.line.say(command);
  }

  on_acknowledged(message) {
    const form = this.answered(message);
    for (const old of this.querySelectorAll("[data-refusal]")) old.remove();
    this.say(message.said);
    if (form?.dataset.command === "ask") {
      form.reset();
      form.closest("details").open = false;
      form.closest("details").querySelector("summary").focus();
    }
    if (form) renewId(form);
  }

  on_refused(message) {
    const form = message.client_id && this.answered(message);
    const notice = this.hole("refusal");
    notice.setAttribute("role", "alert");
    notice.dataset.refusal = "";
    notice.querySelector(".notice__text").textContent = message.sentence;
    for (const old of this.querySelectorAll("[data-refusal]")) old.remove();
    if (form && !form.querySelector(".vote")) form.prepend(notice); // beside what was pressed
    else this.querySelector("[data-refusals]").replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  answered(message) {
    const form = this.sent.get(message.client_id);
    this.sent.delete(message.client_id);
    if (form) this.hold(form, false);
    return form;
  }

  /** What was sent stays as it is until it is answered, so that no later word of it is lost. */
  hold(form, isHeld) {
    form.classList.toggle("is-sent", isHeld);
    for (const field of form.querySelectorAll("textarea, input[name=reason]")) field.readOnly = isHeld;
  }

  // What the stage says.

  on_snapshot(message) {
    for (const list of this.querySelectorAll("[data-list]")) list.replaceChildren();
    this.own.know(message.mine);
    const byVotes = [...message.questions].sort((one, other) => other.votes - one.votes);
    for (const question of byVotes) this.place(this.facts(question), question.state);
    this.count();
  }

  on_resumed(message) {
    this.own.know(message.mine);
    this.showVoted();
  }

  on_question_asked({ question }) {
    this.place(this.facts(question), "pending");
    this.note("asked");
  }

  on_question_approved({ question }) {
    this.own.drop(question.id);
    if (this.card(question.id)) this.move(question.id, "visible");
    else this.place(this.facts(question), "visible");
    this.note("approved");
  }

  on_question_dismissed({ question_id }) {
    this.move(question_id, "dismissed");
  }

  on_question_answered({ question_id }) {
    this.move(question_id, "answered");
    this.note("answered");
  }

  on_question_archived({ question_id }) {
    this.move(question_id, "archived");
  }

  on_welcome({ here }) {
    this.showHere(here);
  }

  on_mine({ mine }) {
    this.own.know(mine);
    this.showVoted();
  }

  /** A rehearsal's clock was set. What somebody is typing stays. */
  on_clock_moved() {
    this.reloadSoon("The rehearsal’s clock was set to another time.");
  }

  /** The page says what is true no more. What somebody is typing stays. */
  reloadSoon(why) {
    const isTyping = [...this.querySelectorAll("textarea, input[name=reason]")].some((field) => field.value.trim());
    if (isTyping) this.showLine("stale", `${why} Load the page again when you no longer need what you typed.`);
    else setTimeout(() => location.reload(), Math.random() * SPREAD);
  }

  on_tick({ votes, here }) {
    if (here) this.showHere(here);
    for (const [id, count] of Object.entries(votes)) {
      const card = this.card(id);
      if (card) showVotes(card, count);
    }
  }

  on_your_vote_counted({ question_id }) {
    this.own.voted.add(question_id);
    this.showVoted();
  }

  on_your_question_waits({ question }) {
    this.own.waits(question);
  }

  on_your_question_was_dismissed({ question_id, reason }) {
    this.own.wasDismissed(question_id, reason);
    this.say("A moderator has not taken up your question, and says why.");
  }

  // How it is shown.

  facts(question) {
    const author = question.anonymous ? `${question.author} (anonymous to the audience)` : (question.author ?? "Anonymous");
    return { ...question, author, at: question.shown_at ?? question.asked_at, voted: this.own.voted.has(question.id) };
  }

  place(question, state) {
    const own = state === "visible" && this.dataset.log === "public" && this.own.asked.has(question.id);
    this.list(state)?.append(cardFrom(this, own ? "own" : state, question));
    this.count();
  }

  move(id, state) {
    const card = this.card(id);
    if (!card) return;
    const hadFocus = card.contains(document.activeElement);
    const next = card.nextElementSibling?.querySelector("button, summary") ?? card.closest("section").querySelector("h2");
    const facts = readCard(card);
    card.remove();
    this.place(facts, state);
    if (!hadFocus) return;
    if (next.matches("h2")) next.tabIndex = -1;
    next.focus();
  }

  showVoted() {
    for (const id of this.own.voted) if (this.card(id)) markVoted(this.card(id));
  }

  /** What depends on how many there are. */
  count() {
    for (const list of this.querySelectorAll("[data-list]")) {
      const name = list.dataset.list;
      this.querySelector(`[data-empty="${name}"]`).hidden = list.children.length > 0;
      const slot = this.querySelector(`[data-count="${name}"]`);
      if (slot) slot.textContent = list.children.length;
    }
  }

  showHere({ people, guests }) {
    const slot = this.querySelector("[data-here]");
    const words = [];
    if (people) words.push(`${people} ${people === 1 ? "person" : "people"} signed in`);
    if (guests) words.push(`${guests} ${guests === 1 ? "visitor" : "visitors"}`);
    slot.textContent = words.length ? `On this stage now: ${words.join(" and ")}.` : "";
    slot.hidden = !words.length;
  }

  showLine(state, words) {
    if (state === "live" || state === "delayed") this.wasLive = true;
    const slot = this.querySelector("[data-line]");
    if (this.lineState === state || (state === "lost" && !this.wasLive)) return;
    this.lineState = state;
    slot.dataset.state = state;
    slot.textContent = words;
  }

  /** Read out together what happened within a few seconds. */
  note(what) {
    this.happened[what] = (this.happened[what] ?? 0) + 1;
    this.summary ??= setTimeout(() => {
      const { asked = 0, approved = 0, answered = 0 } = this.happened;
      const words = [];
      if (asked) words.push(`${asked} new ${asked === 1 ? "question waits" : "questions wait"}.`);
      if (approved && this.dataset.log === "public") words.push(`${approved} new ${approved === 1 ? "question" : "questions"} on the stage.`);
      if (answered) words.push(`${answered} ${answered === 1 ? "question was" : "questions were"} answered.`);
      if (words.length) this.say(words.join(" "));
      this.happened = {};
      this.summary = null;
    }, SUMMARY_AFTER);
  }

  say(words) {
    this.querySelector("[data-says]").textContent = words;
  }

  /** The door opens, or the session ends, while the page is open: show it again, each at a slightly different moment. */
  awaitDoor() {
    const moment = { not_yet: this.dataset.opens, open: this.dataset.ends }[this.dataset.door];
    const wait = Date.parse(moment) - Date.now() - offset;
    if (wait > 0 && wait < LONGEST_WAIT) {
      setTimeout(() => this.reloadSoon(this.dataset.door === "open" ? "This session is over." : "The stage is open."), wait);
    }
  }

  card(id) {
    return this.querySelector(`[data-list] [data-id="${id}"]`);
  }

  list(name) {
    return this.querySelector(`[data-list="${name}"]`);
  }

  hole(name) {
    return this.querySelector(`template[data-hole="${name}"]`).content.firstElementChild.cloneNode(true);
  }
}

customElements.define("live-stage", LiveStage);
