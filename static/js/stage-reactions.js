/** Reactions: one press is one, but nobody drums; the totals come with the tick. */

import { newId } from "./stage-cards.js";

const ONE = 1000; // milliseconds between two of the same kind
const SHOWN = 250; // in which a press is seen

export default class Reactions {
  constructor(stage) {
    this.stage = stage;
    this.root = stage.querySelector("#reactions");
    this.pressed = {};
  }

  on_snapshot({ reactions }) {
    this.show(reactions);
  }

  on_tick({ reactions }) {
    if (reactions) this.show(reactions);
  }

  show(totals) {
    for (const slot of this.root?.querySelectorAll("[data-total]") ?? []) {
      const total = String(totals[slot.dataset.total] ?? "");
      if (slot.textContent !== total) slot.textContent = total;
    }
  }

  /** What can't be sent now is not kept for later: clapping is for the moment. */
  give(form) {
    const kind = new FormData(form).get("kind");
    if (!this.stage.line.isLive || Date.now() - (this.pressed[kind] ?? 0) < ONE) return;
    this.pressed[kind] = Date.now();
    this.stage.line.say({ type: "react", client_id: newId(), kind });
    const button = form.querySelector("button");
    button.classList.add("is-given");
    setTimeout(() => button.classList.remove("is-given"), SHOWN);
  }
}
