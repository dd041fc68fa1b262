/** <moderate-stage data-socket data-part data-who data-name> around a stage's page for moderators: keeps it true while it is open, and sends its forms by
 *  the line. Without a line the forms work as forms, and the parts are pages. */

import { Acts, madeBy } from "./moderate-acts.js";
import { Care } from "./moderate-care.js";
import { Held } from "./moderate-held.js";
import { Keys } from "./moderate-keys.js";
import { offerMerge } from "./moderate-merge.js";
import { Polls } from "./moderate-polls.js";
import { Questions } from "./moderate-questions.js";
import { Run } from "./moderate-run.js";
import { Says } from "./moderate-says.js";
import { Talk } from "./moderate-talk.js";
import { Toast } from "./moderate-toast.js";
import { showAge } from "./stage-cards.js";
import { Line } from "./stage-line.js";

const AGE_EVERY = 30_000; // milliseconds
const PAINT_AFTER = 30; // what comes together is painted once
const SPREAD = 3000; // milliseconds over which pages that are loaded again come
const UNKNOWN = -1; // a number of the log that no line has: a snapshot comes

class ModerateStage extends HTMLElement {
  connectedCallback() {
    this.held = new Held();
    this.mine = new Set(); // questions that this moderator acted on
    this.stale = new Set();
    this.says = new Says(this, this.held);
    this.toast = new Toast(this);
    this.acts = new Acts(this, {
      send: (command) => this.send(command),
      did: (command, said) => this.did(command, said),
      refused: (command, sentence, isShown) => this.refused(command, sentence, isShown),
      tooSoon: (form, submitter) => this.questions.hasJustMoved(form.closest("[data-card]"), submitter),
    });
    this.questions = new Questions(this, this.held, {
      name: this.dataset.name,
      hold: (id) => this.acts.give({ type: "hold", question_id: id }),
      show: (part, card) => card.checkVisibility() || this.showPart(part),
    });
    this.painters = this.paintersOf();
    new Keys(this, this.questions, this.toast, (fold) => this.unfold(fold));
    this.addEventListener("click", (event) => this.follow(event));
    this.addEventListener("toggle", ({ target }) => this.unfold(target), true);
    this.ages = setInterval(() => showAge(this), AGE_EVERY);
    this.line = new Line({
      path: this.dataset.socket,
      log: "moderators",
      seq: UNKNOWN,
      who: this.dataset.who,
      tell: (message) => this.hear(message),
      show: (state, words) => this.showLine(state, words),
    });
    this.line.open();
  }

  disconnectedCallback() {
    clearInterval(this.ages);
    this.line.close();
  }

  paintersOf() {
    const talk = new Talk(this, this.held);
    const polls = new Polls(this, this.held);
    const care = new Care(this, this.held);
    this.run = new Run(this, this.held);
    return {
      questions: () => this.questions.paint(),
      polls: () => polls.paint(),
      chat: () => talk.paintChat(),
      people: () => care.paint(),
      run: () => {
        talk.paintWords();
        this.run.paint();
      },
    };
  }

  // What is said to the stage, and what comes of it.

  send(command) {
    const id = command.question_id;
    if (id && command.type !== "hold") {
      this.mine.add(id);
      this.questions.wasActedOn = id;
      if (command.type === "undo") this.questions.follow = { id, list: this.questions.card(id)?.parentElement };
    }
    if (command.type === "set_stage") this.isSetting = true;
    this.line.say(command);
  }

  did(command, said) {
    if (command.type === "hold") return;
    this.says.now(said);
    if (command.type === "set_stage") this.run.saved();
    if (madeBy(command)) {
      const text = this.held.questions.get(command.question_id)?.text ?? "";
      this.toast.show(`${said} “${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`, command.question_id, madeBy(command));
    } else if (said) {
      this.toast.show(said);
    }
  }

  refused(command, sentence, isShown) {
    if (this.questions.wasActedOn === command?.question_id) this.questions.wasActedOn = null;
    if (command?.type === "undo") this.questions.follow = null;
    if (command?.type === "hold") return;
    this.says.now(sentence);
    if (!isShown) this.toast.show(sentence);
  }

  // What the stage says.

  hear(message) {
    if (message.type === "acknowledged") this.acts.on_acknowledged(message);
    else if (message.type === "refused") this.acts.on_refused(message);
    else if (message.type === "clock_moved") this.reloadSoon();
    if (message.here) this.showHere(message.here);
    if (message.type === "stage_changed") this.stageChanged();
    for (const part of this.held.hear(message)) this.stale.add(part);
    this.says.note(message, this.mine);
    if (this.stale.size) this.painting ??= setTimeout(() => this.paint(), PAINT_AFTER);
  }

  paint() {
    this.painting = null;
    if (!this.held.isKnown) return;
    for (const part of this.stale) this.painters[part]();
    this.stale.clear();
  }

  /** Others may have changed the list of held words, which no line tells. */
  stageChanged() {
    if (this.isSetting) this.isSetting = false;
    else this.run.changedByOthers();
  }

  /** A rehearsal's clock was set. What somebody is typing stays. */
  reloadSoon() {
    const isTyping = [...this.querySelectorAll("textarea:not([name=held_words]), input[name=reason], input[name=text], input[name=done]")].some((field) => field.value.trim());
    if (isTyping || this.run.isDirty) this.showLine("stale", "The rehearsal’s clock was set: load the page again when you no longer need what you typed.");
    else setTimeout(() => location.reload(), Math.random() * SPREAD);
  }

  showHere({ people, guests }) {
    const words = [];
    if (people) words.push(`${people} ${people === 1 ? "person" : "people"}`);
    if (guests) words.push(`${guests} ${guests === 1 ? "visitor" : "visitors"}`);
    this.querySelector("[data-here]").textContent = words.length ? `${words.join(" and ")} here` : "";
  }

  showLine(state, words) {
    if (state === "live" || state === "delayed") this.acts.isLive = true;
    if (this.lineState === state || (state === "lost" && !this.acts.isLive)) return;
    const wasLost = this.lineState === "lost";
    this.lineState = state;
    const slot = this.querySelector("[data-line]");
    slot.dataset.state = state;
    slot.textContent = state === "live" ? "Live" : words;
    if (state !== "live") this.says.now(words);
    else if (wasLost) this.says.now("The line is back.");
  }

  // Its parts.

  follow(event) {
    const part = event.target.closest("[data-tab], [data-tab-link]");
    if (!part || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const name = part.dataset.tab ?? part.dataset.tabLink;
    this.showPart(name);
    if (part.dataset.tabLink) this.querySelector(`[data-name="${name}"] :is(h2, h3)`).focus();
    scrollTo({ top: 0 });
  }

  showPart(name) {
    this.dataset.part = name;
    for (const tab of this.querySelectorAll("[data-tab]")) {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    history.replaceState(null, "", `?part=${name}`);
  }

  /** What was opened gets the focus, and of two verbs in a card only one is open. */
  unfold(fold) {
    if (!fold.open || !fold.dataset.fold || fold.querySelector(".fold__in").contains(document.activeElement)) return;
    const isInside = fold.contains(document.activeElement) || fold.closest("[data-card]")?.classList.contains("is-current");
    for (const other of fold.closest("[data-card]")?.querySelectorAll("details[open]") ?? []) {
      if (other !== fold && !other.contains(fold) && !fold.contains(other)) other.open = false;
    }
    if (fold.dataset.fold === "merge" && this.held.isKnown) offerMerge(fold, this, this.held);
    if (!isInside || fold.dataset.fold === "more") return;
    const first = [...fold.querySelectorAll(".fold__in :is(input:not([type=hidden]), textarea, select, button)")].find((each) => each.checkVisibility());
    first?.focus({ preventScroll: true });
    fold.closest("[data-card]")?.scrollIntoView({ block: "nearest" }); // what it is about is read beside what is typed
    first?.scrollIntoView({ block: "nearest" });
  }
}

customElements.define("moderate-stage", ModerateStage);
