/** What stands around a stage's parts: how it goes with the session's time, what is announced, who is here; and the one voice for all of it. */

import { clockWords, fill, now, thingFrom } from "./stage-cards.js";

const LONGEST_WAIT = 2 ** 31 - 1; // of a browser's timer
const GATHER = 5000; // milliseconds that a first thing waits for others
const PAUSE = 20_000; // between two such summaries
const WORDS = {
  approved: ["new question", "new questions"],
  answered: ["question was answered", "questions were answered"],
  said: ["new message in the chat", "new messages in the chat"],
};

export class Frame {
  constructor(stage) {
    this.stage = stage;
    this.awaitDoor();
  }

  on_welcome({ here, announcements }) {
    this.showHere(here);
    this.on_announcements({ announcements });
  }

  on_tick({ here }) {
    if (here) this.showHere(here);
  }

  on_snapshot({ run }) {
    this.on_stage_changed({ run });
  }

  on_stage_changed({ run }) {
    const standing = this.stage.querySelector(".standing"), before = standing.querySelector(".standing__late");
    const words = run.late_minutes ? `Running late: about ${run.late_minutes} minutes` : "";
    const countdown = standing.querySelector("starts-in");
    if (countdown) countdown.dataset.starts = new Date(Date.parse(this.stage.dataset.starts) + run.late_minutes * 60_000).toISOString();
    this.moveEnd(run.late_minutes);
    if ((before?.textContent ?? "") === words || !["not_yet", "open"].includes(this.stage.dataset.door)) return;
    this.stage.steady(() => {
      before?.remove();
      if (words) standing.querySelector(".standing__words").after(lateLine(words));
    });
    if (words) this.stage.says.later("late", `${words}.`);
  }

  /** A session that begins late ends late. */
  moveEnd(late) {
    const later = (late - Number(this.stage.dataset.late)) * 60_000;
    if (!later) return;
    this.stage.dataset.late = late;
    this.stage.dataset.ends = new Date(Date.parse(this.stage.dataset.ends) + later).toISOString();
    const { door, ends } = this.stage.dataset;
    if (door === (Date.parse(ends) <= now() ? "open" : "over")) this.stage.reloadSoon("The session’s end was moved.");
    else this.awaitDoor();
  }

  on_announcements({ announcements }) {
    const box = this.stage.querySelector("[data-announcements]");
    const known = new Set([...box.children].map((each) => each.dataset.id));
    if (announcements.length === known.size && announcements.every(({ id }) => known.has(id))) return;
    this.stage.steady(() => box.replaceChildren(...announcements.map((each) => this.announcement(each))));
    const fresh = announcements.filter(({ id }) => !known.has(id));
    if (fresh.length) this.stage.says.at_once(fresh.map(({ text }) => `Announcement: ${text}`).join(" "));
  }

  announcement(each) {
    const shown = thingFrom(this.stage, "announcement", each.id);
    fill(shown, "text", each.text);
    fill(shown, "until", `Until ${clockWords(each.until)}`);
    return shown;
  }

  showHere({ people, guests }) {
    const slot = this.stage.querySelector("[data-here]");
    const words = [];
    if (people) words.push(`${people} ${people === 1 ? "person" : "people"} signed in`);
    if (guests) words.push(`${guests} ${guests === 1 ? "visitor" : "visitors"}`);
    slot.textContent = words.length ? `On this stage now: ${words.join(" and ")}.` : "";
    slot.hidden = !words.length;
  }

  /** The door opens, or the session ends, while the page is open: show it again, each at a slightly different moment. */
  awaitDoor() {
    const { door, opens, ends } = this.stage.dataset;
    const [moment, words] = { not_yet: [opens, "The stage is open."], open: [ends, "This session is over."] }[door] ?? [];
    const wait = Date.parse(moment) - now();
    clearTimeout(this.doorMoves);
    if (wait > 0 && wait < LONGEST_WAIT) this.doorMoves = setTimeout(() => this.stage.reloadSoon(words), wait);
  }
}

function lateLine(words) {
  return Object.assign(document.createElement("p"), { className: "standing__late", textContent: words });
}

/** For those who listen instead of looking. What happens is gathered and said together, seldom; what concerns this person is said at once. */
export class Says {
  /** `slot` is the page's one live region. */
  constructor(slot) {
    this.slot = slot;
    this.counts = {};
    this.sentences = new Map();
    this.lastAt = 0;
  }

  at_once(words) {
    if (words) this.slot.textContent = words;
  }

  /** One more of these: `approved`, `answered`, `said`. */
  count(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
    this.gather();
  }

  /** A sentence for the next summary; of one `about` only the last is said. */
  later(about, words) {
    this.sentences.set(about, words);
    this.gather();
  }

  gather() {
    this.waiting ??= setTimeout(() => this.sum_up(), Math.max(GATHER, this.lastAt + PAUSE - Date.now()));
  }

  sum_up() {
    const counted = Object.entries(this.counts).map(([what, count]) => `${count} ${WORDS[what][count === 1 ? 0 : 1]}.`);
    this.at_once([...this.sentences.values(), ...counted].join(" "));
    this.counts = {};
    this.sentences.clear();
    this.waiting = null;
    this.lastAt = Date.now();
  }
}
