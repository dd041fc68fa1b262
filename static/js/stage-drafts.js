/** What somebody types on a stage outlives the page being loaded again, and the session's end. A browser may keep nothing for us. */

const KEY = `drafts ${location.pathname}`;

export default class Drafts {
  constructor(stage) {
    this.stage = stage;
    this.kept = read();
    stage.addEventListener("input", ({ target }) => this.keep(target));
    stage.addEventListener("reset", ({ target }) => this.forget(target.dataset.command));
    for (const [command, text] of Object.entries(this.kept)) this.bring(command, text);
    for (const field of stage.querySelectorAll("textarea")) if (field.value) this.keep(field); // typed before this script came
  }

  keep(field) {
    const command = field.form?.dataset.command;
    if (field.matches("textarea") && command) this.write({ ...this.kept, [command]: field.value });
  }

  forget(command) {
    const { [command]: _, ...others } = this.kept;
    this.write(others);
  }

  /** Back into its box; where that is gone, to be read and copied. */
  bring(command, text) {
    const field = this.stage.querySelector(`form[data-command="${command}"] textarea`);
    if (field && !field.value) field.value = text;
    const shown = this.stage.querySelector("[data-kept]");
    if (field || !shown || !text.trim() || command !== "ask") return;
    shown.hidden = false;
    shown.querySelector('[data-slot="text"]').textContent = text;
  }

  write(kept) {
    this.kept = kept;
    try {
      if (Object.keys(kept).length) sessionStorage.setItem(KEY, JSON.stringify(kept));
      else sessionStorage.removeItem(KEY);
    } catch {}
  }
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}
