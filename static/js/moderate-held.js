/** What a moderator's page holds of a stage: the moderators' snapshot, kept true by what the line tells (docs/protocol.md, conference/live/folding.py). */

import { counted } from "./poll-chart.js";

const CHAT_KEPT = 100;
const CAPTIONS_KEPT = 30;
const CUES_KEPT = 5;

export class Held {
  constructor() {
    this.questions = new Map();
    this.polls = new Map();
    this.chat = new Map();
    this.help = new Map();
    this.silences = new Map();
    this.captions = [];
    this.cues = [];
    this.run = {};
    this.isKnown = false;
  }

  /** Takes in one message. Returns which parts of the page it concerns. */
  hear(message) {
    return this[`on_${message.type}`]?.(message) ?? [];
  }

  on_snapshot({ questions, polls, chat, help, silences, captions, cues, run }) {
    Object.assign(this, { captions, cues, run, isKnown: true });
    for (const [name, things] of Object.entries({ questions, polls, chat, help, silences })) {
      this[name] = new Map(things.map((thing) => [thing.id, thing]));
    }
    return ["questions", "polls", "chat", "people", "run"];
  }

  on_question_asked({ question }) {
    return this.place(question);
  }

  on_question_changed({ question }) {
    return this.place(question);
  }

  /** A tick may have overtaken this line: the votes that were heard stay. */
  place(question) {
    const votes = this.questions.get(question.id)?.votes ?? question.votes;
    this.questions.set(question.id, { ...question, votes });
    return ["questions"];
  }

  on_tick({ votes, polls }) {
    for (const [id, count] of Object.entries(votes ?? {})) {
      if (this.questions.has(id)) this.questions.get(id).votes = count;
    }
    for (const [id, totals] of Object.entries(polls ?? {})) {
      if (this.polls.has(id)) this.polls.set(id, counted(this.polls.get(id), totals));
    }
    return [votes && Object.keys(votes).length ? "questions" : "", polls ? "polls" : ""].filter(Boolean);
  }

  on_stage_changed({ run }) {
    this.run = run;
    return ["questions", "chat", "run"];
  }

  on_poll_changed({ poll }) {
    this.polls.set(poll.id, poll);
    return ["polls"];
  }

  on_chat_said({ message }) {
    this.chat.set(message.id, message);
    for (const { id } of this.messages().slice(0, -CHAT_KEPT)) this.chat.delete(id);
    return ["chat"];
  }

  on_chat_changed({ message }) {
    return this.on_chat_said({ message });
  }

  on_caption_added({ line }) {
    this.captions = [...this.captions, line].slice(-CAPTIONS_KEPT);
    return ["run"];
  }

  on_cue_given({ cue }) {
    this.cues = [...this.cues, cue].slice(-CUES_KEPT);
    return ["run"];
  }

  on_help_changed({ help }) {
    this.help.set(help.id, help);
    return ["people"];
  }

  on_silence_changed({ silence }) {
    this.silences.set(silence.id, silence);
    return ["people"];
  }

  /** Questions of these states: the pinned one first and then by votes, or as they came. */
  inState(states, byVotes) {
    const found = [...this.questions.values()].filter((question) => states.includes(question.state));
    const first = (question) => (question.id === this.run.pinned_id ? 0 : 1);
    const asked = (one, other) => order(one.asked_at, other.asked_at) || order(one.id, other.id);
    return found.sort((one, other) => (byVotes ? first(one) - first(other) || other.votes - one.votes : 0) || asked(one, other));
  }

  /** The chat, the oldest first. */
  messages() {
    return [...this.chat.values()].sort((one, other) => order(one.at, other.at) || order(one.id, other.id));
  }
}

function order(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}
