/** What of a stage is one person's own: the questions they asked, those that wait or were dismissed, and the votes they gave. */

import { fill } from "./stage-cards.js";

export class Own {
  /** `root` holds [data-mine] with the lists [data-waiting] and [data-dismissed]; a moderators' page has none of them. */
  constructor(root) {
    this.root = root;
    this.asked = new Set();
    this.voted = new Set([...root.querySelectorAll('[aria-pressed="true"]')].map((button) => button.closest("[data-id]").dataset.id));
  }

  /** The whole of it, as a snapshot says it. */
  know(mine) {
    this.asked = new Set(mine.asked);
    this.voted = new Set(mine.voted);
    for (const list of this.root.querySelectorAll("[data-waiting], [data-dismissed]")) list.replaceChildren();
    for (const question of mine.waiting) this.show("waiting", question, waitingWords(question));
    for (const question of mine.dismissed) this.show("dismissed", question, question.reason);
    this.hideWhenEmpty();
  }

  waits(question) {
    if (this.asked.has(question.id)) return; // the snapshot was younger than this word
    this.asked.add(question.id);
    this.show("waiting", question, waitingWords(question));
  }

  wasDismissed(id, reason) {
    const text = this.drop(id);
    if (text !== undefined) this.show("dismissed", { id, text }, reason);
  }

  /** It waits no longer. Returns its text. */
  drop(id) {
    const item = this.root.querySelector(`[data-waiting] [data-id="${id}"]`);
    item?.remove();
    this.hideWhenEmpty();
    return item?.querySelector('[data-slot="text"]').textContent;
  }

  show(where, question, words) {
    const list = this.root.querySelector(`[data-${where}]`);
    if (!list) return;
    const item = this.root.querySelector(`template[data-hole="${where}"]`).content.firstElementChild.cloneNode(true);
    item.dataset.id = question.id;
    fill(item, "text", question.text);
    fill(item, "words", words);
    list.append(item);
    this.hideWhenEmpty();
  }

  hideWhenEmpty() {
    const mine = this.root.querySelector("[data-mine]");
    if (mine) mine.hidden = !mine.querySelector("li");
  }
}

function waitingWords(question) {
  return `Waits for a moderator${question.anonymous ? "; without your name" : ""}.`;
}
