/** The chat beside a stage: it moves on at its end, and stands still for whoever reads further up. */

import { addAtEnd, clockTime, fill, thingFrom } from "./stage-cards.js";

const KEPT = 100; // messages on the page, as in a snapshot
const QUOTED = 80; // characters of a message that another answers
const HELD_AFTER = 1500; // milliseconds after which a message that was taken but not shown waits for a moderator

export default class Chat {
  constructor(stage) {
    this.stage = stage;
    this.list = stage.querySelector("[data-messages]");
    this.box = this.list.parentElement;
    this.form = stage.querySelector("[data-chat-form]");
    this.unread = 0;
    stage.querySelector("#chat").addEventListener("click", (event) => this.press(event));
    this.form?.addEventListener("reset", () => this.reply(null));
    this.form?.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && this.form.requestSubmit());
  }

  on_snapshot({ chat, run }) {
    this.list.replaceChildren(...chat.map((message) => this.paint(message)));
    this.on_stage_changed({ run });
  }

  on_stage_changed({ run }) {
    if (this.form) this.form.hidden = !run.chat_open;
    this.stage.querySelector("[data-chat-closed]").hidden = run.chat_open;
    this.stage.tabs.offer("chat", run.chat_open || this.list.children.length > 0);
    this.stage.querySelector("[data-chat-empty]").hidden = this.list.children.length > 0;
  }

  on_chat_said({ message }) {
    this.place(message);
    this.stage.says.count("said");
    if (this.stage.tabs.selected !== "chat") this.mark(this.unread + 1);
  }

  on_chat_changed({ message }) {
    if (this.item(message.id)) this.place(message);
  }

  on_tab({ name }) {
    if (name === "chat") this.mark(0);
  }

  /** One's own message that doesn't appear was held back: a moderator looks at it first. */
  on_done({ command, form, text, subject_id }) {
    if (command !== "say") return;
    if (form.contains(document.activeElement)) form.elements.text.focus();
    setTimeout(() => {
      if (!this.item(subject_id)) this.place({ id: subject_id, text, author: "You", at: new Date().toISOString(), waits: true });
    }, HELD_AFTER);
  }

  place(message) {
    const known = this.item(message.id), item = this.paint(message);
    if (known) known.replaceWith(item);
    else addAtEnd(this.box, this.list, item, KEPT);
    this.stage.querySelector("[data-chat-empty]").hidden = true;
    this.stage.tabs.offer("chat", true);
  }

  paint(message) {
    const item = thingFrom(this.stage, "message", message.id);
    item.dataset.state = message.deleted ? "deleted" : message.waits ? "waits" : "shown";
    fill(item, "author", message.author);
    fill(item, "text", message.text);
    fill(item, "clock", clockTime(message.at));
    item.querySelector("time").dateTime = message.at;
    const answered = message.reply_id && !message.deleted ? this.quote(this.item(message.reply_id)) : "";
    fill(item, "answers", answered);
    item.querySelector('[data-slot="answers"]').hidden = !answered;
    return item;
  }

  quote(item) {
    if (!item || item.dataset.state !== "shown") return "";
    const slot = (name) => item.querySelector(`[data-slot="${name}"]`).textContent;
    const line = slot("text").split(/\s+/).join(" ");
    return `${slot("author")}: “${line.length <= QUOTED ? line : `${line.slice(0, QUOTED).trimEnd()}…`}”`;
  }

  press(event) {
    const link = event.target.closest("a[data-reply], a[data-no-reply]");
    if (!link || !this.form) return;
    event.preventDefault();
    this.reply("reply" in link.dataset ? link.closest("[data-id]") : null);
    this.form.elements.text.focus();
  }

  reply(item) {
    this.form.elements.reply_id.value = item?.dataset.id ?? "";
    const words = this.form.querySelector("[data-replying]");
    words.hidden = !item;
    fill(words, "words", this.quote(item));
  }

  /** How many came while one looked at something else. */
  mark(count) {
    this.unread = count;
    const slot = this.stage.querySelector("[data-chat-mark]");
    slot.hidden = !count;
    slot.textContent = ` ${count} new`;
  }

  item(id) {
    return this.list.querySelector(`:scope > [data-id="${id}"]`);
  }
}
