/** What a screen reader is told on a moderator's page: own acts at once; what others do gathered, a few times a minute, and only what still is so. */

const FIRST_AFTER = 5000; // milliseconds
const AT_MOST_EVERY = 15_000;
const BREATH = 60; // between emptying a live region and filling it, so that the same words are heard again

export class Says {
  constructor(root, held) {
    Object.assign(this, { slot: root.querySelector("[data-says]"), held, lastAt: 0 });
    this.forget();
  }

  now(words) {
    if (!words) return;
    this.lastAt = Date.now();
    clearTimeout(this.filling);
    this.slot.textContent = "";
    this.filling = setTimeout(() => (this.slot.textContent = words), BREATH);
  }

  forget() {
    this.asked = new Set();
    this.byOthers = new Set();
    this.messages = new Set();
    this.help = new Set();
    this.isSetByOthers = false;
  }

  /** Something was told; `mine` are ids of what this moderator acted on. */
  note(message, mine) {
    const { type } = message;
    if (type === "question_asked") this.asked.add(message.question.id);
    else if (type === "question_changed" && message.act !== "held") this.byOthers.add(message.question.id);
    else if (type === "chat_said" && message.message.waits) this.messages.add(message.message.id);
    else if (type === "help_changed" && !message.help.resolved_at) this.help.add(message.help.id);
    else return;
    this.mine = mine;
    const wait = Math.max(FIRST_AFTER, this.lastAt + AT_MOST_EVERY - Date.now());
    this.summary ??= setTimeout(() => this.sum(), wait);
  }

  sum() {
    this.summary = null;
    const states = [...this.asked].filter((id) => !this.mine.has(id)).map((id) => this.held.questions.get(id)?.state);
    const waiting = states.filter((state) => state === "pending").length;
    const shown = states.filter((state) => state === "visible").length;
    const others = [...this.byOthers].filter((id) => !this.mine.has(id) && this.held.questions.get(id)?.state !== "withdrawn" && !this.asked.has(id)).length;
    const messages = [...this.messages].filter((id) => this.held.chat.get(id)?.waits).length;
    const help = [...this.help].filter((id) => !this.held.help.get(id)?.resolved_at).length;
    const words = [
      help && `${help === 1 ? "Somebody asks" : `${help} people ask`} for help.`,
      waiting && `${waiting} new ${waiting === 1 ? "question waits" : "questions wait"}.`,
      shown && `${shown} new ${shown === 1 ? "question is" : "questions are"} on the stage.`,
      messages && `${messages} ${messages === 1 ? "message is" : "messages are"} held back.`,
      others && `Others have looked after ${others} ${others === 1 ? "question" : "questions"}.`,
    ];
    this.forget();
    this.now(words.filter(Boolean).join(" "));
  }
}
