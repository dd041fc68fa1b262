/** The settings of a stage on a moderator's page: they follow what others set, unless somebody is just changing them here. */

export class Run {
  constructor(root, held) {
    Object.assign(this, { held, form: root.querySelector('form[data-command="set_stage"]'), news: root.querySelector("[data-settings-news]") });
    this.form.addEventListener("input", () => (this.isDirty = true));
  }

  paint() {
    if (this.isDirty) return;
    const { moderated, chat_open, slow_seconds, late_minutes } = this.held.run;
    const fields = this.form.elements;
    fields.moderated.value = moderated;
    fields.chat_open.checked = chat_open;
    fields.slow_seconds.value = slow_seconds;
    fields.late_minutes.value = late_minutes;
  }

  saved() {
    this.isDirty = false;
    this.news.hidden = true;
  }

  /** The list of held words is not in what the line tells: look for it in the page as it is now. */
  async changedByOthers() {
    if (this.isDirty) {
      this.news.hidden = false;
      return;
    }
    const answer = await fetch(`${location.pathname}?part=run`).catch(() => null);
    if (!answer?.ok || this.isDirty) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector('form[data-command="set_stage"]')?.elements;
    if (!fresh || this.isDirty) return;
    this.form.elements.held_words.value = fresh.held_words.value;
    this.form.elements.seen.value = fresh.seen.value;
  }
}
