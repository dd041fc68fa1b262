/** What is being said, line by line. Silent to screen readers, unless the reader turns that on. */

import { addAtEnd, holeOf } from "./stage-cards.js";

const KEPT = 30; // lines

export default class Captions {
  constructor(stage) {
    this.stage = stage;
    this.pane = stage.querySelector("[data-captions]");
    this.box = this.pane.querySelector("[role=log]");
    this.lines = this.pane.querySelector("[data-lines]");
    const button = this.pane.querySelector("[data-read-out]");
    button.hidden = false;
    button.addEventListener("click", () => {
      const isOn = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", isOn);
      this.box.setAttribute("aria-live", isOn ? "polite" : "off");
    });
  }

  on_snapshot({ captions }) {
    this.lines.replaceChildren(...captions.map((line) => this.paint(line)));
    this.pane.hidden = !captions.length;
  }

  on_caption_added({ line }) {
    if (this.pane.hidden) this.stage.says.later("captions", "There are captions now.");
    this.stage.steady(() => (this.pane.hidden = false));
    addAtEnd(this.box, this.lines, this.paint(line), KEPT);
  }

  paint(line) {
    const shown = holeOf(this.stage, "caption");
    shown.dataset.id = line.id;
    shown.textContent = line.text;
    return shown;
  }
}
