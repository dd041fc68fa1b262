/** What of a stage is one person's own: what they asked and what became of it, their votes and ballots, whether they may write. */

import { clockWords, fill, now, thingFrom } from "./stage-cards.js";

const JOINED = "Joined with another question that asks the same.";
const SAID = 10_000; // milliseconds that what became of sending is read above the button
const SETTLED = 1000; // milliseconds after which what vanished has been told of everywhere else

export class Own {
  constructor(stage) {
    this.stage = stage;
    const ids = (selector) => [...stage.querySelectorAll(selector)].map((each) => each.closest("[data-id]").dataset.id);
    this.asked = new Set(ids("[data-list] [data-own], [data-mine] [data-id]"));
    this.voted = new Set(ids('[aria-pressed="true"][data-slot-vote]'));
    this.ballots = new Map();
    this.help = [];
    this.withdrawn = new Set();
  }

  // What the stage says.

  on_snapshot({ mine, run }) {
    this.know(mine);
    this.on_stage_changed({ run });
  }

  on_resumed({ mine }) {
    this.know(mine);
  }

  on_mine({ mine }) {
    this.know(mine);
  }

  on_your_question_waits({ question }) {
    if (this.asked.has(question.id)) return; // the snapshot was younger than this word
    this.asked.add(question.id);
    this.show("waiting", question, waitingWords(question));
    this.changed();
  }

  on_your_question_was_dismissed({ question_id, reason }) {
    const text = this.drop(question_id);
    if (text === undefined) return;
    this.show("dismissed", { id: question_id, text }, dismissedWords(reason));
    this.stage.says.at_once(`A moderator has not taken up your question. ${reason}`);
    this.changed();
  }

  on_your_vote_counted({ question_id }) {
    this.voted.add(question_id);
    this.changed();
  }

  on_your_ballot_counted({ ballot }) {
    if ((this.ballots.get(ballot.poll_id)?.changes ?? -1) <= ballot.changes) this.ballots.set(ballot.poll_id, ballot);
    this.changed();
  }

  on_question_approved({ question }) {
    if (this.drop(question.id) !== undefined) this.stage.says.at_once("Your question is on the stage.");
    this.changed();
  }

  on_question_changed({ question }) {
    this.drop(question.id);
    this.settled(question.id)?.remove(); // what took it off the stage was undone
    this.showList();
  }

  on_stage_changed({ run }) {
    const words = run.slow_seconds ? `Slow mode: one question or message every ${run.slow_seconds} seconds.` : "";
    for (const slot of this.stage.querySelectorAll("[data-slow]")) {
      slot.textContent = words;
      slot.hidden = !words;
    }
  }

  on_done({ command, id, said }) {
    if (command === "ask") this.tell(said);
    if (command === "withdraw") {
      this.withdrawn.add(id);
      this.drop(id);
      this.changed();
    }
  }

  /** All of it, anew. */
  know(mine) {
    const before = [...this.items("waiting")].map((item) => ({ id: item.dataset.id, text: textOf(item) }));
    this.asked = new Set(mine.asked);
    this.voted = new Set(mine.voted);
    this.ballots = new Map(mine.ballots.map((ballot) => [ballot.poll_id, ballot]));
    this.help = mine.help;
    for (const item of [...this.items("waiting"), ...this.items("dismissed")]) if (item.dataset.state !== "merged") item.remove();
    for (const question of mine.waiting) this.show("waiting", question, waitingWords(question));
    for (const question of mine.dismissed) this.show("dismissed", question, dismissedWords(question.reason));
    for (const question of before) this.vanished(question);
    this.silence(mine.silence);
    this.changed();
  }

  /** For eyes: on a phone one's own list is further down. Ears have heard it. */
  tell(words) {
    const slot = this.stage.querySelector("[data-said]");
    clearTimeout(this.saidEnds);
    slot.textContent = words;
    slot.hidden = false;
    this.saidEnds = setTimeout(() => (slot.hidden = true), SAID);
  }

  /** A question of one's own is not where it was: soon it is known where it went. */
  vanished(question) {
    setTimeout(() => {
      const isKnown = this.withdrawn.has(question.id) || this.stage.querySelector(`[data-mine] [data-id="${question.id}"], [data-list] > [data-id="${question.id}"]`);
      if (isKnown || !this.asked.has(question.id)) return;
      this.show("dismissed", question, JOINED).dataset.state = "merged";
      this.changed();
    }, SETTLED);
  }

  // How it is shown.

  show(where, question, words) {
    this.settled(question.id)?.remove(); // what was said of it before
    const item = thingFrom(this.stage, where, question.id);
    fill(item, "text", question.text);
    fill(item, "words", words);
    this.stage.querySelector(`[data-${where}]`).append(item);
    return item;
  }

  /** What is said of it as of one that waits no longer. */
  settled(id) {
    return this.stage.querySelector(`[data-dismissed] > [data-id="${id}"]`);
  }

  /** It waits no longer. Returns its text. */
  drop(id) {
    const item = this.stage.querySelector(`[data-waiting] > [data-id="${id}"]`);
    item?.remove();
    return item ? textOf(item) : undefined;
  }

  changed() {
    this.showList();
    this.stage.hear({ type: "own" });
  }

  showList() {
    const shown = this.stage.querySelector("[data-list]").dataset.show;
    this.stage.querySelector("[data-mine]").hidden = !this.count() || shown === "answered";
  }

  /** Questions that are not on the stage. */
  count() {
    return this.items("waiting").length + this.items("dismissed").length;
  }

  items(where) {
    return this.stage.querySelectorAll(`[data-${where}] > [data-id]`);
  }

  /** Instead of the boxes to write in: until when not, and why. */
  silence(silence) {
    clearTimeout(this.silenceEnds);
    const wait = silence ? Date.parse(silence.until) - now() : 0;
    const isNew = wait > 0 && !this.stage.hasAttribute("data-is-silenced");
    this.stage.toggleAttribute("data-is-silenced", wait > 0);
    for (const notice of this.stage.querySelectorAll("[data-silenced]")) {
      notice.hidden = wait <= 0;
      if (wait <= 0) continue;
      fill(notice, "until", `You can read along, but not write until ${clockWords(silence.until)}.`);
      fill(notice, "reason", silence.reason);
    }
    if (isNew) this.stage.says.at_once(`A moderator has asked you not to write until ${clockWords(silence.until)}. The reason: ${silence.reason}`);
    if (wait > 0 && wait < 2 ** 31) this.silenceEnds = setTimeout(() => this.silence(null), wait);
  }
}

function textOf(item) {
  return item.querySelector('[data-slot="text"]').textContent;
}

function waitingWords(question) {
  return `Waits for a moderator${question.anonymous ? "; anonymous to the audience" : ""}.`;
}

function dismissedWords(reason) {
  return `Not taken up. The moderator says, to you alone: ${reason}`;
}
