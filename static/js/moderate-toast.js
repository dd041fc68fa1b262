/** What was done last, with the way back. It stays for half a minute, longer under a finger or the focus; Undo stays on the card too. */

import { renewId } from "./stage-cards.js";

const STAYS = 30_000; // milliseconds

export class Toast {
  constructor(root) {
    this.toast = root.querySelector("[data-toast]");
    this.form = this.toast.querySelector("form");
    this.toast.querySelector("[data-toast-close]").addEventListener("click", () => this.close());
  }

  /** `id` of the question whose last act may be undone, and the `state` that this act led to; or nothing. */
  show(words, id, state) {
    this.toast.querySelector("[data-toast-words]").textContent = words;
    this.form.hidden = !id;
    this.form.elements.question_id.value = id ?? "";
    this.form.elements.state.value = state ?? "";
    renewId(this.form);
    this.toast.hidden = false;
    clearTimeout(this.ending);
    this.ending = setTimeout(() => this.end(), STAYS);
  }

  end() {
    if (this.toast.matches(":hover, :focus-within")) this.ending = setTimeout(() => this.end(), STAYS / 3);
    else this.close();
  }

  close() {
    clearTimeout(this.ending);
    this.toast.hidden = true;
  }

  /** The question whose act it offers to undo, also when the note is gone already. */
  get questionId() {
    return this.form.elements.question_id.value;
  }

  undo() {
    this.form.requestSubmit();
  }
}
