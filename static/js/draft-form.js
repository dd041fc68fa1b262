/** <draft-form data-save="address"> around a form that works without it: saves what is typed while it is typed, one saving at a time.
 *  [data-said] tells when; input[name=stamp] is the draft's stamp that this page knows. What another window changed stops it: the form's own
 *  button then shows both. A saving whose answer was lost is sent again. */

const IDLE = 1200; // milliseconds after the last key
const AGAIN = 5000; // after a lost line
const LOST = "Not saved: the line is lost. It is tried again; keep this page open.";
const OUT = "Not saved: you are signed out. Sign in in another window; what you typed stays here.";

class DraftForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.stamp = this.form.elements.namedItem("stamp");
    this.form.addEventListener("input", () => this.wait(IDLE));
    this.form.addEventListener("submit", (event) => this.send(event));
    this.hidden_ = () => document.visibilityState === "hidden" && this.timer && this.save();
    document.addEventListener("visibilitychange", this.hidden_);
    this.leaving = (event) => (this.timer || this.saving) && !this.isSent && event.preventDefault();
    addEventListener("beforeunload", this.leaving);
  }

  disconnectedCallback() {
    this.rest();
    document.removeEventListener("visibilitychange", this.hidden_);
    removeEventListener("beforeunload", this.leaving);
  }

  wait(pause) {
    if (this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  rest() {
    clearTimeout(this.timer);
    this.timer = 0;
  }

  /** The button waits for a saving that is under way: both would begin from the same stamp. */
  async send(event) {
    this.rest();
    if (!this.saving) {
      this.isSent = true;
      return;
    }
    event.preventDefault();
    await this.saving;
    this.form.requestSubmit(event.submitter);
  }

  save() {
    this.rest();
    if (this.saving || this.isStopped) return this.wait(IDLE);
    this.saving = this.post().finally(() => (this.saving = null));
  }

  async post() {
    const typed = new URLSearchParams([...new FormData(this.form)].filter(([, value]) => typeof value === "string")); // files come with the button
    typed.delete("once"); // the key is the button's
    const before = this.unsure;
    this.unsure = typed;
    try {
      const answer = await fetch(this.dataset.save, { method: "POST", body: typed, headers: { Accept: "application/json" }, keepalive: typed.toString().length < 60_000 });
      if (answer.status === 401) return this.retry(OUT);
      const told = await answer.json();
      if (answer.ok) return this.kept(told);
      if (answer.status >= 500 || answer.status === 429) return this.retry(LOST);
      if (told.there && before && isOwn(told.there, before)) return this.again(told);
      this.isStopped = true;
      this.say(told.said || told.sentence || "Not saved. Press Save to see why.");
    } catch {
      this.unsure = before || typed;
      this.retry(LOST);
    }
  }

  retry(words) {
    this.say(words);
    this.wait(AGAIN);
  }

  kept(told) {
    this.unsure = null;
    this.stamp.value = told.stamp;
    this.say(told.said);
    const progress = this.parentElement.querySelector("[data-progress]");
    if (progress) progress.textContent = told.progress;
  }

  /** What stands there is what this page had sent, only its answer was lost. */
  again(told) {
    this.unsure = null;
    this.stamp.value = told.stamp;
    this.wait(0);
  }

  say(words) {
    this.querySelector("[data-said]").textContent = words;
  }
}

function isOwn(there, sent) {
  return Object.values(there).every((fields) => Object.entries(fields).every(([name, value]) => (sent.get(name) ?? "").trim() === value));
}

customElements.define("draft-form", DraftForm);
