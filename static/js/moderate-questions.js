/** The questions on a moderator's page: the queue and what is on the stage, one card current, and who holds what. */

import { count, fill, keepList, madeFrom, setAge, setHidden, showParts, waits } from "./moderate-lists.js";
import { now } from "./stage-cards.js";

const LISTS = {
  pending: { states: ["pending"] },
  visible: { states: ["visible"], byVotes: true },
  answered: { states: ["answered"], byVotes: true },
  archived: { states: ["archived"], byVotes: true },
  gone: { states: ["dismissed", "merged", "withdrawn"], lastFirst: true },
};
const LOOKED_AT = 1500; // milliseconds with the focus in a card, and it is held for this moderator
const HELD_FOR = 40_000; // milliseconds after which a hold is asked for again, by whoever goes on
const SETTLES = 500; // milliseconds in which a card that took another's place takes no orders
const CALM = 4000; // milliseconds between two changes of the order by votes

export class Questions {
  /** `name` is this moderator's; `hold(id)` asks for a question; `show(part)` shows a part of the page. */
  constructor(root, held, { name, hold, show, say }) {
    Object.assign(this, { root, held, name, hold, show, say, heldAt: new Map(), movedAt: new WeakMap(), currentId: null, follow: null, wasActedOn: null, sortedAt: 0 });
    root.addEventListener("focusin", ({ target }) => this.lookAt(target.closest("[data-card]")));
    root.addEventListener("click", ({ target }) => this.lookAt(target.closest("[data-card]"))); // not earlier: what is pressed must not move
    root.addEventListener("input", ({ target }) => target.closest("[data-card]") && this.ask(target.closest("[data-card]").dataset.id));
  }

  paint() {
    const before = this.whereFocusIs();
    const tops = this.tops();
    for (const [name, { states, byVotes, lastFirst }] of Object.entries(LISTS)) {
      const questions = this.held.inState(states, byVotes);
      const ordered = lastFirst ? questions.reverse() : byVotes ? this.calmly(name, questions) : questions;
      keepList(this.list(name), ordered, {
        make: (question) => madeFrom(this.root, question.state, question.id),
        paint: (card, question) => this.fillCard(card, question),
        state: (question) => question.state,
      });
      count(this.root, name, questions.length);
    }
    const waiting = this.list("pending").children.length;
    waits(this.root, "queue", waiting);
    waits(this.root, "stage", this.list("visible").children.length);
    document.title = document.title.replace(/^(\(\d+\) )?/, waiting ? `(${waiting}) ` : "");
    this.keepCurrent(before);
    this.awaitFree();
    for (const [card, top] of this.tops()) if (tops.has(card) && Math.abs(tops.get(card) - top) > 4) this.movedAt.set(card, Date.now());
  }

  /** Where each card stands on the screen. */
  tops() {
    return new Map([...this.root.querySelectorAll("[data-card]")].map((card) => [card, card.getBoundingClientRect().top]));
  }

  fillCard(card, question) {
    const holder = this.holder(question);
    const held = holder ? `${holder} is looking at this.` : this.isMine(question) ? "You are looking at this: the others leave it alone for a minute." : "";
    fill(card, {
      text: question.text,
      author: question.anonymous ? `${question.author} (anonymous to the audience)` : question.author,
      votes: `${question.votes} ${question.votes === 1 ? "vote" : "votes"}`,
      flag: question.flag,
      answer: question.answer,
      fate: this.fate(question),
      held,
    });
    setAge(card, question.asked_at);
    const isPinned = question.id === this.held.run.pinned_id;
    const canUndo = question.can_undo && question.state !== "withdrawn";
    showParts(card, { pinned: isPinned, flag: question.flag, answer: question.answer, fate: this.fate(question), held, can_undo: canUndo });
    for (const part of card.querySelectorAll("[data-when]")) setHidden(part, (part.dataset.when === "pinned") !== isPinned);
    const verbs = card.querySelector("[data-verbs]");
    if (verbs.disabled !== Boolean(holder)) verbs.disabled = Boolean(holder);
    card.classList.toggle("is-held", Boolean(holder));
  }

  fate({ state, reason, merged_id }) {
    if (state === "dismissed") return `Dismissed. Its author reads: ${reason}`;
    if (state === "withdrawn") return "Withdrawn by whoever asked it.";
    if (state !== "merged") return "";
    const into = this.held.questions.get(merged_id);
    return into ? `Merged into: ${into.text}` : "Merged into another question.";
  }

  /** The order by votes changes no more often than can be followed, and never under a finger or the focus. */
  calmly(name, questions) {
    const list = this.list(name);
    const isIn = list.matches(":hover, :focus-within");
    if (!isIn && Date.now() - this.sortedAt > CALM) {
      this.sortedAt = name === "answered" ? Date.now() : this.sortedAt;
      return questions;
    }
    const places = new Map([...list.children].map((child, place) => [child.dataset.id, place]));
    const place = (question) => places.get(question.id) ?? places.size;
    return questions.sort((one, other) => place(one) - place(other));
  }

  // Which card is current.

  whereFocusIs() {
    const card = document.activeElement?.closest("[data-card]");
    const current = this.card(this.currentId);
    const seen = card ?? current;
    if (!seen) return {};
    return { id: seen.dataset.id, list: seen.parentElement, place: [...seen.parentElement.children].indexOf(seen), hadFocus: Boolean(card) };
  }

  /** The current card left its list: the one that took its place is current; the focus goes with it, or after what was undone. */
  keepCurrent({ id, list, place, hadFocus }) {
    const followed = this.follow && this.card(this.follow.id);
    if (followed && followed.parentElement !== this.follow.list) {
      this.follow = null;
      this.show(followed.closest("[data-name]").dataset.name, followed);
      this.makeCurrent(followed, true);
      return;
    }
    const stays = id && this.card(id)?.parentElement === list;
    if (stays) {
      this.makeCurrent(this.card(id), hadFocus && !this.card(id).contains(document.activeElement));
      return;
    }
    const next = list ? this.freeFrom(list, place) : this.freeFrom(this.list("pending"), 0);
    const mustFocus = hadFocus || (id && this.wasActedOn === id);
    if (mustFocus) this.wasActedOn = null;
    this.arrived = { id: next?.dataset.id, at: Date.now() };
    this.makeCurrent(next ?? null, mustFocus && Boolean(next));
    if (mustFocus && !next) list.closest(".cards").querySelector(".cards__title").focus();
  }

  /** The card at this place or behind it, or before it, that nobody else looks at; if all are held, the one at this place. */
  freeFrom(list, place) {
    const cards = [...list.children];
    const inTurn = [...cards.slice(place), ...cards.slice(0, place).reverse()];
    return inTurn.find((card) => !card.classList.contains("is-held")) ?? inTurn[0];
  }

  makeCurrent(card, withFocus = false) {
    const id = card?.dataset.id ?? null;
    if (id !== this.currentId || !card?.classList.contains("is-current")) {
      for (const old of this.root.querySelectorAll(".is-current")) old.classList.remove("is-current");
      card?.classList.add("is-current");
      this.currentId = id;
    }
    if (!withFocus) return;
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  /** Whether this card has only just taken the place of another, on the screen or as the current one: who presses it may mean the other. */
  hasJustMoved(card, submitter) {
    if (!card) return false;
    if (submitter && Date.now() - (this.movedAt.get(card) ?? 0) < SETTLES) return true;
    return card.dataset.id === this.arrived?.id && Date.now() - this.arrived.at < SETTLES;
  }

  current() {
    const card = this.card(this.currentId);
    return card?.checkVisibility() ? card : [...this.root.querySelectorAll("[data-card]")].find((each) => each.checkVisibility());
  }

  /** To the next card that can be seen, or the one before. */
  move(by) {
    const seen = [...this.root.querySelectorAll("[data-card]")].filter((card) => card.checkVisibility());
    const place = seen.indexOf(this.card(this.currentId));
    const next = seen[place < 0 ? 0 : Math.min(Math.max(place + by, 0), seen.length - 1)];
    if (next) this.makeCurrent(next, true);
  }

  // Who holds what.

  holder(question) {
    return question.state === "pending" && question.held_by !== this.name && until(question) > 0 ? question.held_by : "";
  }

  isMine(question) {
    return question.state === "pending" && question.held_by === this.name && until(question) > 0;
  }

  lookAt(card) {
    if (!card) return;
    const isNew = card.dataset.id !== this.currentId;
    this.makeCurrent(card, !card.contains(document.activeElement));
    if (isNew) card.scrollIntoView({ block: "nearest" });
    clearTimeout(this.looking);
    this.looking = setTimeout(() => card.isConnected && card.contains(document.activeElement) && this.ask(card.dataset.id), LOOKED_AT);
  }

  ask(id) {
    const question = this.held.questions.get(id);
    if (question?.state !== "pending" || this.holder(question) || Date.now() - (this.heldAt.get(id) ?? 0) < HELD_FOR) return;
    this.heldAt.set(id, Date.now());
    this.hold(id);
  }

  /** When somebody's minute is over, the card is free again. */
  awaitFree() {
    clearTimeout(this.freeing);
    const waits = this.held.inState(["pending"]).map(until).filter((wait) => wait > 0);
    if (waits.length) this.freeing = setTimeout(() => this.paint(), Math.min(...waits) + 50);
  }

  card(id) {
    return id && this.root.querySelector(`[data-list] > [data-card][data-id="${id}"]`);
  }

  list(name) {
    return this.root.querySelector(`[data-list="${name}"]`);
  }
}

function until({ held_until }) {
  return held_until ? Date.parse(held_until) - now() : 0;
}
