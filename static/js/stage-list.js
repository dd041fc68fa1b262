/** The questions on a stage: in their order, as the reader chose to see them; nothing that the reader looks at moves away under their eyes. */

import { cardFrom, clockWords, factsOf, markVoted, readCard, showVotes, votesOf } from "./stage-cards.js";

const READING = 6000; // milliseconds after the last touch, key or scroll in which somebody counts as reading
const REORDER = 5000; // between two changes of the order
const TOUCHES = ["pointerdown", "pointermove", "wheel", "touchmove", "keydown", "scroll"];

export class Questions {
  constructor(stage) {
    this.stage = stage;
    this.list = stage.querySelector("[data-list=questions]");
    this.renew = stage.querySelector("[data-renew]");
    this.pinned = this.list.querySelector("[data-pinned]")?.dataset.id ?? null;
    this.touchedAt = 0;
    for (const name of TOUCHES) addEventListener(name, () => (this.touchedAt = Date.now()), { passive: true, capture: true });
    this.renew.addEventListener("click", () => this.showAll());
    stage.addEventListener("click", (event) => this.choose(event));
  }

  // What the stage says.

  on_snapshot({ questions, run }) {
    this.pinned = run.pinned_id;
    this.list.replaceChildren();
    for (const question of questions) this.list.append(this.build(this.facts(question)));
    this.mark();
    this.sort();
    this.count();
  }

  on_question_approved({ question }) {
    if (!this.card(question.id)) this.stage.says.count("approved");
    this.place(question);
  }

  on_question_changed({ question }) {
    this.place(question);
  }

  on_question_answered({ question_id, at }) {
    const card = this.card(question_id);
    if (!card) return;
    this.stage.says.count("answered");
    this.put({ ...readCard(card), state: "answered", state_words: `Answered at ${clockWords(at)}` });
  }

  on_question_archived({ question_id }) {
    const card = this.card(question_id);
    if (!card) return;
    const facts = readCard(card);
    this.put({ ...facts, state: "archived", state_words: facts.state_words || "Put away, not answered" });
  }

  on_question_hidden({ question_id }) {
    const card = this.card(question_id);
    if (card && "own" in card.dataset) this.stage.own.vanished(readCard(card));
    this.steady(() => this.leave(this.card(question_id)));
    this.count();
  }

  on_stage_changed({ run }) {
    if (run.pinned_id === this.pinned) return;
    this.pinned = run.pinned_id;
    this.steady(() => this.mark());
    const card = this.pinned && this.card(this.pinned);
    if (card) this.stage.says.later("pinned", `Being answered now: ${readCard(card).text}`);
  }

  on_tick({ votes }) {
    for (const [id, count] of Object.entries(votes)) {
      const card = this.card(id);
      if (card) showVotes(card, count);
    }
    if (Object.keys(votes).length) this.orderSoon();
  }

  /** One's own part came anew: which are mine, and for which I voted. */
  on_own() {
    for (const id of this.stage.own.voted) if (this.card(id)) markVoted(this.card(id));
    for (const card of [...this.list.children]) {
      if (this.stage.own.asked.has(card.dataset.id) && !("own" in card.dataset)) this.put(readCard(card));
    }
    this.count();
  }

  // How it is shown.

  place(question) {
    const known = this.card(question.id);
    this.put(this.facts(known ? { ...question, votes: votesOf(known) } : question));
  }

  facts(question) {
    return { ...factsOf(question), voted: this.stage.own.voted.has(question.id) };
  }

  build(facts) {
    const own = this.stage.own.asked.has(facts.id);
    const card = cardFrom(this.stage, facts.state !== "visible" ? "still" : own ? "own" : "open", facts);
    card.toggleAttribute("data-own", own);
    card.toggleAttribute("data-pinned", facts.id === this.pinned);
    return card;
  }

  /** In the place of what was there; or new, where it belongs. */
  put(facts) {
    const card = this.build(facts), known = this.card(facts.id);
    this.steady(() => {
      if (known) this.exchange(known, card);
      else this.insert(card);
      if (facts.id === this.pinned) this.mark();
    });
    this.count();
  }

  exchange(known, card) {
    const hadFocus = known.contains(document.activeElement);
    known.replaceWith(card);
    if (!hadFocus) return;
    if (card.offsetParent) (card.querySelector("button, a") ?? this.stage.querySelector("#questions")).focus();
    else this.focusAfter(card);
  }

  /** What had the focus goes: the focus stays near. */
  leave(card) {
    if (!card) return;
    if (card.contains(document.activeElement)) this.focusAfter(card);
    card.remove();
  }

  focusAfter(card) {
    let next = card.nextElementSibling;
    while (next && !next.offsetParent) next = next.nextElementSibling;
    (next?.querySelector("button, a") ?? this.stage.querySelector("#questions")).focus();
  }

  insert(card) {
    if (this.list.dataset.sort === "votes") {
      this.list.append(card);
      if (votesOf(card)) this.orderSoon();
      return;
    }
    this.list.insertBefore(card, this.list.querySelector(":scope > :not([data-pinned])"));
    if (this.isRead() || this.list.getBoundingClientRect().top < 0) card.dataset.held = "";
  }

  /** The pinned one is marked, and stands first. */
  mark() {
    for (const card of this.list.children) card.toggleAttribute("data-pinned", card.dataset.id === this.pinned);
    const first = this.list.querySelector("[data-pinned]");
    if (first && first !== this.list.firstElementChild) this.list.prepend(first);
  }

  isRead() {
    return this.list.contains(document.activeElement) || Date.now() - this.touchedAt < READING;
  }

  /** Votes change the order: seldom, and only while nobody is at it. */
  orderSoon() {
    this.ordering ??= setTimeout(() => {
      this.ordering = null;
      if (!this.isOrdered() && !this.isRead()) this.showAll();
      this.offer();
    }, REORDER);
  }

  showAll() {
    this.steady(() => {
      for (const card of this.list.querySelectorAll("[data-held]")) delete card.dataset.held;
      this.sort();
    });
    this.offer();
  }

  sort() {
    this.list.append(...this.ordered());
    if (this.list.firstElementChild) this.mark();
  }

  ordered() {
    const newest = this.list.dataset.sort === "newest";
    const at = (card) => card.querySelector('[data-slot="age"]').dataset.at;
    const older = (one, other) => (at(one) === at(other) ? (one.dataset.id < other.dataset.id ? -1 : 1) : Date.parse(at(one)) - Date.parse(at(other)));
    const before = (one, other) => (newest ? older(other, one) : votesOf(other) - votesOf(one) || older(one, other));
    return [...this.list.children].sort((one, other) => ("pinned" in other.dataset) - ("pinned" in one.dataset) || before(one, other));
  }

  isOrdered() {
    return this.ordered().every((card, place) => card === this.list.children[place]);
  }

  /** What waits for the reader's own word. */
  offer() {
    const held = this.list.querySelectorAll("[data-held]").length;
    const words = held ? `${held} new ${held === 1 ? "question" : "questions"}: show` : this.isOrdered() ? "" : "Votes have changed the order: sort again";
    this.renew.hidden = !words;
    if (words) this.renew.querySelector("button").textContent = words;
  }

  /** How many there are of each, and what is said where there is none. */
  count() {
    const cards = [...this.list.children];
    const counts = {
      open: cards.filter((card) => card.dataset.state === "visible").length,
      answered: cards.filter((card) => card.dataset.state !== "visible").length,
      mine: cards.filter((card) => "own" in card.dataset).length + this.stage.own.count(),
    };
    for (const [name, count] of Object.entries(counts)) {
      const slot = this.stage.querySelector(`[data-count="${name}"]`);
      if (slot) slot.textContent = count;
      this.stage.querySelector(`[data-empty="${name}"]`).hidden = count > 0 || this.list.dataset.show !== name;
    }
    this.offer();
  }

  /** The links that choose what is shown, and in which order: here without loading the page. */
  choose(event) {
    const way = event.target.closest("a[data-show], a[data-sort]");
    if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const name = way.dataset.show ? "show" : "sort";
    this.list.dataset[name] = way.dataset[name];
    for (const each of this.stage.querySelectorAll(`a[data-${name}]`)) {
      if (each === way) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
    const address = new URL(location.href);
    address.searchParams.set(name, way.dataset[name]);
    history.replaceState(null, "", address);
    if (name === "sort") this.showAll();
    this.stage.own.showList();
    this.count();
  }

  card(id) {
    return this.list.querySelector(`:scope > [data-id="${id}"]`);
  }

  /** Change the page, and leave what the reader looks at where it is. */
  steady(change) {
    const bottom = document.documentElement.clientHeight;
    const shown = [...this.list.children].map((card) => [card, card.getBoundingClientRect()]).filter(([, { top, height }]) => height && top > 0 && top < bottom);
    if (!shown.length || this.list.getBoundingClientRect().top > 0) return change(); // the beginning of the list is on the screen: it may grow
    change();
    const [anchor, before] = shown.find(([card]) => card.isConnected && card.offsetParent) ?? [];
    if (anchor) scrollBy({ top: anchor.getBoundingClientRect().top - before.top, behavior: "instant" });
  }
}
