/** A review that is saved as it is typed. The form works without it, by its buttons. */

const PAUSE = 900; // milliseconds after the last sign
const LATER = "Not saved: no network. What you typed is still here, and is saved when the network is back.";

class KeptReview extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.says = this.querySelector("[data-said]");
    this.form.addEventListener("input", () => this.soon());
    this.form.addEventListener("submit", (event) => this.stop(event));
    addEventListener("online", () => this.isBehind && this.save());
  }

  soon() {
    this.isBehind = true;
    clearTimeout(this.waits);
    this.waits = setTimeout(() => this.save(), PAUSE);
  }

  /** A saving that is under way comes first: it gives the form its stamp. */
  stop(event) {
    clearTimeout(this.waits);
    if (!this.isSaving) {
      this.isSent = true;
      return;
    }
    event.preventDefault();
    this.pressed = event.submitter;
  }

  /** One saving at a time: each has the stamp that the one before it got. */
  async save() {
    if (this.isSent || this.isSaving) return;
    this.isSaving = true;
    this.isBehind = false;
    const said = await this.send();
    this.isSaving = false;
    if (said) this.says.textContent = said;
    if (this.pressed) this.form.requestSubmit(this.pressed);
    else if (this.isBehind && said !== LATER) this.soon();
  }

  async send() {
    const typed = new URLSearchParams(new FormData(this.form));
    typed.delete("once");
    try {
      const answer = await fetch(this.dataset.to, { method: "POST", body: typed, redirect: "manual" });
      const told = await answer.json();
      if (answer.ok) this.form.elements.stamp.value = told.stamp;
      return told.said;
    } catch {
      this.isBehind = true;
      return LATER;
    }
  }
}

customElements.define("kept-review", KeptReview);
