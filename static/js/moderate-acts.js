/** A moderator's forms as commands of the protocol, sent by the line; what comes back is shown where it was asked for. */

import { fill, setHidden } from "./moderate-lists.js";
import { newId, renewId } from "./stage-cards.js";

const QUESTION = ["question_id"];
const FIELDS = {
  approve: QUESTION, mark_answered: QUESTION, archive: QUESTION, hold: QUESTION, undo: ["question_id", "state"], pin: QUESTION,
  dismiss: ["question_id", "reason", "shown"], merge: ["question_id", "into_id"], write_answer: ["question_id", "text"],
  draft_poll: ["kind", "prompt", "options", "live_results"], open_poll: ["poll_id"], close_poll: ["poll_id"], archive_poll: ["poll_id"],
  show_message: ["message_id"], delete_message: ["message_id"], add_caption: ["text"], give_cue: ["text"],
  set_stage: ["moderated", "chat_open", "slow_seconds", "held_words", "late_minutes"],
  resolve_help: ["help_id", "done"], silence: ["about_id", "minutes", "reason", "ban"], lift: ["silence_id"],
};
const TICKED = ["live_results", "chat_open", "ban", "shown"];
const NUMBERS = ["slow_seconds", "late_minutes", "minutes"];
const AT_ONCE = ["add_caption"]; // whoever types on doesn't wait for the answer
// What can be undone, and what it makes of a question: what another moderator has done since is not meant.
const MADE = { approve: "visible", dismiss: "dismissed", mark_answered: "answered", archive: "archived", merge: "merged" };

export class Acts {
  /** `send(command)` gives it to the line; `did(command, said)` and `refused(command, sentence, isShown)` tell the page; `tooSoon(form, submitter)` says no. */
  constructor(root, { send, did, refused, tooSoon }) {
    Object.assign(this, { root, send, did, refused, tooSoon, sent: new Map(), isLive: false });
    root.addEventListener("submit", (event) => this.submit(event));
  }

  submit(event) {
    const form = event.target.closest("form[data-command]");
    if (!form || !this.isLive) return; // an ordinary form, until the line has worked once
    event.preventDefault();
    if (form.classList.contains("is-sent") || this.tooSoon(form, event.submitter)) return;
    const { command, follows } = commandsFrom(form, event.submitter);
    this.sent.set(command.client_id, { command, form, follows });
    if (AT_ONCE.includes(command.type)) emptied(form);
    else wait(form, true);
    this.send(command);
  }

  /** A command without a form. */
  give(command) {
    const whole = { ...command, client_id: newId() };
    this.sent.set(whole.client_id, { command: whole });
    this.send(whole);
  }

  on_acknowledged({ client_id, said }) {
    const act = this.take(client_id);
    if (!act) return;
    if (act.follows) {
      this.sent.set(act.follows.client_id, { ...act, command: act.follows, follows: null, first: act.command });
      this.send(act.follows);
      return;
    }
    if (act.form) this.finish(act.form);
    this.did(act.first ?? act.command, act.first ? "The question is on the stage, and pinned: it is being answered now." : said);
  }

  on_refused({ client_id, sentence }) {
    const act = client_id && this.take(client_id);
    const { form, command } = act || {};
    if (form) wait(form, false);
    if (form && AT_ONCE.includes(command.type) && !form.elements.text.value) form.elements.text.value = command.text;
    if (form) renewId(form);
    const place = form?.isConnected && form.closest("[data-id], .fold, .cards")?.querySelector("[data-refusals]");
    for (const old of this.root.querySelectorAll("[data-refusals]")) setHidden(old, true);
    if (place) {
      fill(place, { refusal: sentence });
      setHidden(place, false);
      place.scrollIntoView({ block: "nearest" });
    }
    this.refused(command, sentence, Boolean(place));
  }

  take(client_id) {
    const act = this.sent.get(client_id);
    this.sent.delete(client_id);
    return act;
  }

  finish(form) {
    wait(form, false);
    renewId(form);
    for (const old of this.root.querySelectorAll("[data-refusals]")) setHidden(old, true);
    if (form.dataset.command !== "set_stage" && !AT_ONCE.includes(form.dataset.command)) form.reset();
    const fold = form.closest(".fold");
    if (!fold) return;
    const hadFocus = fold.contains(document.activeElement);
    fold.open = false;
    if (hadFocus) fold.querySelector("summary").focus();
  }
}

/** What this command makes of a question, if it can be undone. */
export function madeBy({ type }) {
  return MADE[type];
}

/** The command that a form gives, and the one that follows when it is done. */
function commandsFrom(form, submitter) {
  const typed = Object.fromEntries(new FormData(form));
  if (submitter?.name) typed[submitter.name] = submitter.value;
  if (typed.likely_id) typed.into_id = typed.likely_id;
  const isBoth = form.dataset.command === "approve_and_pin";
  const type = isBoth ? "approve" : form.dataset.command;
  const command = { type, client_id: typed.client_id };
  for (const name of FIELDS[type]) command[name] = valueOf(name, typed[name]);
  const follows = isBoth ? { type: "pin", client_id: newId(), question_id: command.question_id } : null;
  return { command, follows };
}

function valueOf(name, typed) {
  if (TICKED.includes(name)) return typed !== undefined;
  if (NUMBERS.includes(name)) return Number(typed);
  if (name === "options") return typed.split("\n").map((line) => line.trim()).filter(Boolean);
  if (name === "question_id") return typed || null;
  return typed;
}

function wait(form, isSent) {
  form.classList.toggle("is-sent", isSent);
  for (const field of form.querySelectorAll("textarea, input:not([type=hidden])")) field.readOnly = isSent;
}

function emptied(form) {
  renewId(form);
  form.elements.text.value = "";
}
