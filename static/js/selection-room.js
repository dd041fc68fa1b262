/** <selection-room data-line data-from data-who data-tag> around a selection meeting: the line (docs/protocol.md) says where this person stands and that
 *  something else is to be seen; data-from answers with it, as far as they may. Without the line the forms work as forms.
 *  Who must step outside sees nothing more of what was on the table, even if fetching fails, whatever they were typing. */

import { Line } from "./stage-line.js";

const PATIENCE = 10_000; // milliseconds
const TRY_AGAIN = 2000;

class SelectionRoom extends HTMLElement {
  connectedCallback() {
    this.tag = this.wanted = this.dataset.tag;
    this.place = this.part("table").dataset.place;
    this.line = new Line({
      path: this.dataset.line,
      log: "room",
      seq: 0,
      who: this.dataset.who,
      tell: (message) => this.hear(message),
      show: (state, words) => this.show(state, words),
    });
    this.line.open();
  }

  disconnectedCallback() {
    clearTimeout(this.again);
    this.line.close();
  }

  show(state, words) {
    this.querySelector("[data-state]").textContent = words;
    this.querySelector("[data-again]").hidden = state === "live";
  }

  hear({ type, place, tag, says }) {
    if (type !== "snapshot" && type !== "room") return;
    if (place === "outside") this.stepOutside();
    this.place = place;
    const line = this.querySelector("[data-says]");
    if (line.textContent !== says) line.textContent = says;
    this.wanted = tag;
    this.look();
  }

  /** At once, before anything is fetched. */
  stepOutside() {
    const table = this.part("table");
    if (table.dataset.place === "outside") return;
    table.dataset.place = "outside";
    table.replaceChildren();
    this.part("ranking").replaceChildren();
  }

  async look() {
    clearTimeout(this.again);
    if (this.tag === this.wanted || this.isLooking) return;
    this.isLooking = true;
    try {
      const answer = await fetch(this.dataset.from, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok) this.paint(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // tried again below
    }
    this.isLooking = false;
    if (this.tag !== this.wanted && !this.isStale) this.again = setTimeout(() => this.look(), TRY_AGAIN);
  }

  /** What somebody is typing in is left alone, unless they must step outside. */
  paint(fresh) {
    this.isStale = false;
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const shown = this.part(part.dataset.part);
      if (sourceOf(shown) === sourceOf(part)) continue;
      if (isBusy(shown) && part.dataset.place !== "outside" && this.place !== "outside") this.isStale = true;
      else replace(shown, part);
    }
    this.querySelector("[data-stale]").hidden = !this.isStale;
    this.tag = this.isStale ? "" : fresh.querySelector("[data-tag]").dataset.tag;
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }
}

/** What was scrolled to, and what was opened, stays so. */
function replace(shown, part) {
  const scrolled = shown.querySelector(".room__scroll")?.scrollTop;
  const isSame = shown.dataset.item === part.dataset.item;
  const opened = [...shown.querySelectorAll("details")].map((each) => each.open);
  shown.replaceWith(part);
  if (isSame) part.querySelectorAll("details").forEach((each, number) => (each.open = opened[number] ?? false));
  if (scrolled) part.querySelector(".room__scroll")?.scrollTo(0, scrolled);
}

/** But for the forms' keys, which are others each time. */
function sourceOf(part) {
  const copy = part.cloneNode(true);
  for (const each of copy.querySelectorAll("details")) each.open = false;
  for (const key of copy.querySelectorAll("[name=once]")) key.remove();
  return copy.outerHTML;
}

function isBusy(part) {
  const fields = [...part.querySelectorAll("textarea, input:not([type=hidden], [type=radio])")];
  const radios = [...part.querySelectorAll("input[type=radio]")];
  return fields.some((field) => field.value !== field.defaultValue) || radios.some((radio) => radio.checked !== radio.defaultChecked);
}

customElements.define("selection-room", SelectionRoom);
