/** "I need help", "Report": one small form to the organisers, and what they did. */

import { fill, thingFrom } from "./stage-cards.js";

const KINDS = { conduct: "You reported something" }; // the others say it themselves, in the form
const SEEN_TO = "The organisers have your message and see to it.";

export default class Help {
  constructor(stage) {
    this.stage = stage;
    this.box = stage.querySelector("[data-help]");
    this.answers = stage.querySelector("[data-help-answers]");
    this.done = new Set([...this.answers.children].filter((item) => item.dataset.done === "true").map((item) => item.dataset.id));
    this.box?.addEventListener("reset", () => this.about(null));
    this.box?.querySelector("[data-no-report]").addEventListener("click", (event) => {
      event.preventDefault();
      this.about(null);
    });
  }

  on_own() {
    this.stage.steady(() => this.answers.replaceChildren(...this.stage.own.help.map((each) => this.paint(each))));
    const fresh = this.stage.own.help.filter((each) => each.done && !this.done.has(each.id));
    for (const each of fresh) this.done.add(each.id);
    if (fresh.length) this.stage.says.at_once(`The organisers answer you: ${fresh.at(-1).done}`);
  }

  paint(each) {
    const item = thingFrom(this.stage, "help", each.id);
    const label = this.box?.querySelector(`input[type="radio"][value="${each.kind}"]`)?.closest("label");
    fill(item, "kind", KINDS[each.kind] ?? label?.textContent.trim());
    fill(item, "text", each.text);
    item.dataset.done = each.done !== "";
    fill(item, "done", each.done || SEEN_TO);
    return item;
  }

  /** Report this question or message. */
  report(thing) {
    this.about(thing);
    this.box.open = true;
    this.box.scrollIntoView({ block: "center" });
    this.box.querySelector("textarea").focus({ preventScroll: true });
  }

  about(thing) {
    const slot = (name) => thing.querySelector(`[data-slot="${name}"]`).textContent;
    this.box.querySelector("[data-about]").value = thing?.dataset.id ?? "";
    this.box.querySelector("[data-reported]").hidden = !thing;
    this.box.querySelector("[data-kind-report]").disabled = !thing;
    const kinds = this.box.querySelector("[data-kinds]");
    kinds.hidden = kinds.disabled = Boolean(thing);
    fill(this.box, "about", thing ? `${slot("author")}: “${slot("text")}”` : "");
  }
}
