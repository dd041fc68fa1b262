/** What a page holds of a stage, kept true by its line's messages: as much of conference/live/folding.py as the projector and the speaker's page need.
 *  It begins with a snapshot (open the line with seq -1). Either log will do; what only moderators hear of questions is left out. */

import { counted } from "./poll-chart.js";

const ON_STAGE = new Set(["visible", "answered", "archived"]);
const CUES_KEPT = 5;

export class HeldStage {
  constructor() {
    this.questions = new Map(); // by id: those that are on the stage
    this.polls = new Map();
    this.run = {};
    this.captions = [];
    this.cues = [];
    this.announcements = [];
    this.isKnown = false;
  }

  /** Takes in one message; whether the page may look different now. */
  hear(message) {
    const act = this[`on_${message.type}`];
    if (!act) return false;
    act.call(this, message);
    return true;
  }

  on_welcome({ announcements }) {
    this.announcements = announcements;
  }

  on_announcements({ announcements }) {
    this.announcements = announcements;
  }

  on_snapshot({ questions, polls, run, captions, cues, mine }) {
    this.questions.clear();
    for (const question of questions) this.place(question);
    this.polls = new Map(polls.map((poll) => [poll.id, poll]));
    this.run = run;
    this.captions = captions;
    this.cues = cues.length ? cues : mine.cues;
    this.isKnown = true;
  }

  on_resumed({ mine }) {
    this.on_mine({ mine });
  }

  on_mine({ mine }) {
    if (mine.cues.length) this.cues = mine.cues;
  }

  on_question_approved({ question }) {
    this.place(question);
  }

  on_question_changed({ question }) {
    this.place(question);
  }

  on_question_hidden({ question_id }) {
    this.questions.delete(question_id);
  }

  on_question_answered({ question_id, at }) {
    this.change(question_id, { state: "answered", answered_at: at });
  }

  on_question_archived({ question_id }) {
    this.change(question_id, { state: "archived" });
  }

  on_stage_changed({ run }) {
    this.run = run;
  }

  on_poll_changed({ poll }) {
    this.polls.set(poll.id, poll);
  }

  on_caption_added({ line }) {
    this.captions = [line];
  }

  on_cue_given({ cue }) {
    this.cues = [...this.cues, cue].slice(-CUES_KEPT);
  }

  on_tick({ votes, polls }) {
    for (const [id, count] of Object.entries(votes ?? {})) this.change(id, { votes: count });
    for (const [id, totals] of Object.entries(polls ?? {})) {
      if (this.polls.has(id)) this.polls.set(id, counted(this.polls.get(id), totals));
    }
  }

  /** The votes that were heard stay: a tick may have overtaken this line. */
  place(question) {
    if (!ON_STAGE.has(question.state)) {
      this.questions.delete(question.id);
      return;
    }
    const votes = this.questions.get(question.id)?.votes ?? question.votes;
    const author = question.anonymous ? null : question.author;
    this.questions.set(question.id, { ...question, author, votes });
  }

  change(id, facts) {
    if (this.questions.has(id)) this.questions.set(id, { ...this.questions.get(id), ...facts });
  }

  get pinnedId() {
    return this.run.pinned_id ?? null;
  }

  /** Those of these states: the pinned one first, then by votes, then as they came. */
  inOrder(...states) {
    const shown = [...this.questions.values()].filter((question) => states.includes(question.state));
    const first = (question) => (question.id === this.pinnedId ? 0 : 1);
    const earlier = (one, other) => came(one).localeCompare(came(other)) || (one.id < other.id ? -1 : 1);
    return shown.sort((one, other) => first(one) - first(other) || other.votes - one.votes || earlier(one, other));
  }
}

function came(question) {
  return question.shown_at ?? question.asked_at;
}
