/** Questions that somebody asked already, offered while somebody types theirs. The same measure as conference/live/similar.py. */

import { fill, markVoted, readCard, showVotes, thingFrom } from "./stage-cards.js";

const ALIKE = 0.6; // from 0, nothing in common, to 1, the same
const SHOWN = 3; // that are offered at most
const FEWEST = 3; // words that a question must have to be looked for inside a longer one
const INSIDE = 0.8; // what being wholly inside a longer one counts
const SAY_NOTHING = new Set(
  `a about all also am an and any are as at be been being but by can could did do does doing for from had has have having how i if in into is
it its just may me might more most much my no not of on or our please should so some than that the their them then there these they this
those to too us very was we were what when where which while who whom whose why will with would you your`.split(/\s+/),
);
const TYPED = 400; // milliseconds after the last letter

/** `asked`: things with an `id` and a `text`. Those that are like what is typed, the likest first. */
export function alike(typed, asked) {
  const weights = weightsOf(asked.map(({ text }) => text));
  const measured = asked.map((thing) => [measure(typed, thing.text, weights), thing]).filter(([likeness]) => likeness >= ALIKE);
  return measured.sort(([one], [other]) => other - one).slice(0, SHOWN).map(([, thing]) => thing);
}

export function likeness(one, other, asked) {
  return measure(one, other, weightsOf(asked));
}

function measure(one, other, weights) {
  const ours = threes(one), theirs = threes(other);
  const shared = weigh([...ours].filter((three) => theirs.has(three)), weights);
  if (!shared) return 0;
  const mine = weigh(ours, weights), others = weigh(theirs, weights);
  const isLong = Math.min(words(one).length, words(other).length) >= FEWEST;
  return Math.max((2 * shared) / (mine + others), isLong ? (INSIDE * shared) / Math.min(mine, others) : 0);
}

function weightsOf(texts) {
  const counts = new Map();
  for (const text of texts) for (const three of threes(text)) counts.set(three, (counts.get(three) ?? 0) + 1);
  return counts;
}

function weigh(some, counts) {
  let sum = 0;
  for (const three of some) sum += 1 / (1 + Math.log(counts.get(three) ?? 1));
  return sum;
}

function words(text) {
  const found = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) ?? [];
  const kept = found.filter((word) => !SAY_NOTHING.has(word));
  return kept.length ? kept : found;
}

const known = new Map(); // text: its threes

function threes(text) {
  if (!known.has(text)) {
    if (known.size > 2000) known.clear();
    const all = words(text).flatMap((word) => {
      const letters = [..."|", ...word, "|"];
      return letters.slice(2).map((last, place) => letters[place] + letters[place + 1] + last);
    });
    known.set(text, new Set(all));
  }
  return known.get(text);
}

/** On the page: under the box to ask in. */
export default class Alike {
  constructor(stage) {
    this.stage = stage;
    this.box = stage.querySelector("[data-alike]");
    this.field = stage.querySelector('form[data-command="ask"] textarea');
    this.field?.addEventListener("input", () => {
      clearTimeout(this.soon);
      this.soon = setTimeout(() => this.look(), TYPED);
    });
    this.field?.form.addEventListener("reset", () => this.show([]));
    this.look();
  }

  look() {
    if (!this.field) return;
    this.show(this.field.value.trim().length > 3 ? alike(this.field.value, this.asked()) : []);
  }

  /** By others, open or answered. */
  asked() {
    const cards = [...this.stage.querySelectorAll("[data-list] > [data-id]:not([data-own], [data-state=archived])")];
    return cards.map((card) => readCard(card));
  }

  show(found) {
    const ids = found.map(({ id }) => id).join(" ");
    if (ids === this.shown) return;
    const wasEmpty = !this.shown;
    this.shown = ids;
    this.box.hidden = !found.length;
    this.box.querySelector("[data-alike-list]").replaceChildren(...found.map((each) => this.offer(each)));
    if (found.length && wasEmpty) this.stage.says.at_once(`Somebody asked something like this: ${found[0].text}. You can vote for it below the box.`);
  }

  offer(question) {
    const item = thingFrom(this.stage, "alike", question.id);
    fill(item, "text", question.text);
    fill(item, "state", question.state_words);
    if (question.state !== "visible") item.querySelector("form")?.remove();
    else showVotes(item, question.votes);
    if (question.voted) markVoted(item);
    return item;
  }

  on_own() {
    for (const button of this.box?.querySelectorAll("[data-slot-vote]") ?? []) {
      button.setAttribute("aria-pressed", this.stage.own.voted.has(button.closest("[data-id]").dataset.id));
    }
  }
}
