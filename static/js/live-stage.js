/** <live-stage data-socket data-log data-seq> around a stage's page: keeps it true while it is open, and sends its forms by the line.
 *  Without a line the forms work as forms. Parts that a page may do without are fetched when there is something for them. */

import { fill, holeOf, renewId, showAge } from "./stage-cards.js";
import { Frame, Says } from "./stage-frame.js";
import { Line } from "./stage-line.js";
import { Questions } from "./stage-list.js";
import { Own } from "./stage-mine.js";
import { Tabs } from "./stage-tabs.js";

const AGE_EVERY = 30_000; // milliseconds
const AGAIN = 3000; // milliseconds before a script is asked for again
const SPREAD = 3000; // milliseconds over which pages that are loaded again come
// Each part, and which message it is needed for: the page says already what was true when it was read.
const LATER = {
  polls: (message, stage) => message.type === "poll_changed" || message.name === "poll" || hasOtherBallots(message.polls, stage),
  chat: (message) => message.type.startsWith("chat_") || message.chat?.length || message.run?.chat_open || message.name === "chat",
  captions: (message) => message.type === "caption_added" || message.captions?.length,
  reactions: ({ reactions }, stage) => Object.keys(reactions ?? {}).some((kind) => stage.querySelector(`[data-total="${kind}"]`)?.textContent !== String(reactions[kind])),
  help: ({ mine }, stage) => mine?.help.some(({ id, done }) => !stage.querySelector(`[data-help-answers] [data-id="${id}"][data-done="${done !== ""}"]`)),
};
// The fields of each command, as docs/protocol.md names them.
const FIELDS = {
  ask: (form) => ({ text: form.get("text"), anonymous: form.has("anonymous") }),
  upvote: (form, id) => ({ question_id: id }),
  withdraw: (form, id) => ({ question_id: id }),
  cast: (form, id) => ({ poll_id: id, choices: form.getAll("choice").filter((choice) => choice.trim()) }),
  say: (form) => ({ text: form.get("text"), reply_id: form.get("reply_id") || null }),
  ask_help: (form) => ({ kind: form.get("kind"), text: form.get("text"), about_id: form.get("about_id") || null }),
};

class LiveStage extends HTMLElement {
  connectedCallback() {
    this.sent = new Map(); // client_id: form, command
    this.says = new Says(this.querySelector("[data-told]"));
    this.own = new Own(this);
    this.questions = new Questions(this);
    this.parts = [this.own, this.questions, new Frame(this)];
    this.later = new Map();
    this.tabs = new Tabs(this);
    const { socket, log, seq, who } = this.dataset;
    this.line = new Line({
      path: socket,
      log,
      seq: Number(seq),
      who,
      tell: (message) => this.hear(message),
      show: (state, words) => this.showLine(state, words),
    });
    this.addEventListener("submit", (event) => this.send(event));
    this.addEventListener("click", (event) => this.press(event));
    this.addEventListener("focusin", ({ target }) => this.meet(target));
    this.ages = setInterval(() => showAge(this), AGE_EVERY);
    this.querySelector(".ask")?.addEventListener("toggle", ({ target }) => {
      if (target.open && target.contains(document.activeElement)) target.querySelector("textarea").focus();
    });
    if (this.querySelector("[data-help][open]")) this.fetch("help");
    if (sessionStorageHas(`drafts ${location.pathname}`)) this.fetch("drafts");
    this.line.open();
  }

  disconnectedCallback() {
    clearInterval(this.ages);
    this.line.close();
  }

  /** A part whose script comes when it is needed; what it should have heard meanwhile it hears then. */
  fetch(name) {
    if (this.later.has(name)) return this.later.get(name).coming;
    const later = { heard: [] };
    this.later.set(name, later);
    later.coming = this.bring(name, later, 0);
    return later.coming;
  }

  async bring(name, later, tries) {
    try {
      const { default: Part } = await import(`./stage-${name}.js${tries ? `?${tries}` : ""}`); // a failed import is remembered
      later.part = new Part(this);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      return this.bring(name, later, tries + 1);
    }
    for (const message of later.heard) deliver(later.part, message);
    return later.part;
  }

  /** Something happened: told by the stage, or by one part of this page to the others ("own", "tab", "done"). */
  hear(message) {
    for (const [name, needs] of Object.entries(LATER)) if (!this.later.has(name) && needs(message, this)) this.fetch(name);
    deliver(this, message);
    for (const part of this.parts) deliver(part, message);
    for (const { part, heard } of this.later.values()) {
      if (part) deliver(part, message);
      else heard.push(message);
    }
  }

  /** Change the page above what the reader looks at. */
  steady(change) {
    this.questions.steady(change);
  }

  // What is said to the stage.

  send(event) {
    const form = event.target.closest("form[data-command]");
    if (!form || !this.wasLive) return; // an ordinary form, until the line has worked once
    event.preventDefault();
    if (form.dataset.command === "react") return this.fetch("reactions").then((reactions) => reactions.give(form));
    const type = form.dataset.command, id = form.closest("[data-id]")?.dataset.id;
    if (form.classList.contains("is-sent") || (type === "upvote" && this.own.voted.has(id))) return;
    const command = { type, client_id: form.elements.client_id.value, ...FIELDS[type](new FormData(form), id) };
    this.sent.set(command.client_id, { form, command, id });
    this.hold(form, true);
    this.line.say(command);
  }

  on_acknowledged(message) {
    const { form, command, id } = this.answered(message);
    for (const old of this.querySelectorAll("[data-refusal]")) old.remove();
    this.says.at_once(message.said);
    if (!form) return;
    this.hear({ type: "done", command: command.type, form, id, text: command.text, subject_id: message.subject_id, said: message.said });
    renewId(form);
    if (!("clears" in form.dataset)) return;
    form.reset();
    const details = form.closest("details");
    if (!details) return;
    const hadFocus = details.contains(document.activeElement);
    details.open = false;
    if (hadFocus) details.querySelector("summary").focus();
  }

  on_refused(message) {
    const { form } = message.client_id ? this.answered(message) : {};
    const notice = holeOf(this, "refusal");
    notice.setAttribute("role", "alert");
    notice.dataset.refusal = "";
    notice.querySelector(".notice__text").textContent = message.sentence;
    for (const old of this.querySelectorAll("[data-refusal]")) old.remove();
    if (!form?.isConnected) this.querySelector("[data-refusals]").replaceChildren(notice);
    else if (form.closest(".question")) form.closest(".question").append(notice);
    else form.prepend(notice); // beside what was pressed
    notice.scrollIntoView({ block: "nearest" });
  }

  answered(message) {
    const sent = this.sent.get(message.client_id) ?? {};
    this.sent.delete(message.client_id);
    if (sent.form) this.hold(sent.form, false);
    return sent;
  }

  /** What was sent stays as it is until it is answered, so that no later word of it is lost. */
  hold(form, isHeld) {
    form.classList.toggle("is-sent", isHeld);
    for (const field of form.querySelectorAll("textarea, .input")) field.readOnly = isHeld;
  }

  press(event) {
    const report = event.target.closest("a[data-report]");
    if (report) {
      event.preventDefault();
      this.fetch("help").then((help) => help.report(report.closest("[data-id]")));
    }
    if (event.target.closest("[data-try]")) this.lineState === "lost" ? this.line.hurry() : location.reload();
  }

  /** Somebody begins to write, or to read the captions. */
  meet(field) {
    if (field.closest("[data-captions]")) this.fetch("captions");
    if (!field.matches("textarea")) return;
    this.fetch("drafts");
    if (field.form.dataset.command === "ask") this.fetch("alike");
    if (field.form.dataset.command === "ask_help") this.fetch("help");
  }

  // What the stage says.

  on_welcome({ protocol }) {
    if (protocol !== Number(this.dataset.protocol)) this.reloadSoon("This page is older than the server.");
  }

  /** A rehearsal's clock was set. What somebody is typing stays. */
  on_clock_moved() {
    this.reloadSoon("The rehearsal’s clock was set to another time.");
  }

  /** The page says what is true no more. Whoever is typing chooses the moment; what they typed is kept. */
  reloadSoon(why) {
    const isTyping = [...this.querySelectorAll("textarea")].some((field) => field.value.trim());
    if (isTyping) this.showLine("stale", `${why} Load the page again when you like: what you typed is kept.`);
    else setTimeout(() => location.reload(), Math.random() * SPREAD);
  }

  // How it is shown.

  /** A line that is lost is plain to see, wherever one has scrolled to. */
  showLine(state, words) {
    if (state === "live" || state === "delayed") this.wasLive = true;
    if ((state === "lost" && !this.wasLive) || (this.lineState === "stale" && state !== "ended")) return;
    const isNew = this.lineState !== state, before = this.lineState;
    this.lineState = state;
    this.querySelector("[data-line]").textContent = words;
    const bar = this.querySelector("[data-bar]");
    bar.hidden = state === "live" || state === "delayed";
    fill(bar, "words", words);
    this.style.setProperty("--line-bar", `${bar.offsetHeight}px`); // what stands at the bottom moves up by it
    bar.querySelector("[data-try]").textContent = state === "lost" ? "Try now" : "Load the page again";
    if (isNew && (before || !bar.hidden)) this.says.at_once(words);
  }
}

function deliver(part, message) {
  part[`on_${message.type}`]?.(message); // what is unknown is left alone
}

/** `polls`: of a snapshot the polls, of a tick the totals by id. */
function hasOtherBallots(polls, stage) {
  if (Array.isArray(polls)) return polls.length > 0;
  const cards = stage.querySelectorAll("[data-polls] > *");
  return Object.entries(polls ?? {}).some(([id, { ballots }]) => [...cards].some((card) => card.dataset.id === id && JSON.parse(card.dataset.told).ballots !== ballots));
}

function sessionStorageHas(key) {
  try {
    return sessionStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

customElements.define("live-stage", LiveStage);
