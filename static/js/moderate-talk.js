/** The chat, captions and cues on a moderator's page. */

import { count, fill, keepList, madeFrom, setAge, setHidden, showParts, waits } from "./moderate-lists.js";

const CAPTIONS_SHOWN = 6;

export class Talk {
  constructor(root, held) {
    Object.assign(this, { root, held });
  }

  paintChat() {
    const messages = this.held.messages().reverse();
    const waiting = messages.filter((message) => message.waits);
    this.keep("waiting", waiting);
    this.keep("said", messages.filter((message) => !message.waits));
    setHidden(this.root.querySelector('[data-some="waiting"]'), !waiting.length);
    setHidden(this.root.querySelector("[data-when-chat]"), this.held.run.chat_open);
    waits(this.root, "chat", waiting.length);
  }

  keep(name, messages) {
    keepList(this.root.querySelector(`[data-list="${name}"]`), messages, {
      make: (message) => madeFrom(this.root, "message", message.id),
      paint: (row, message) => this.fillMessage(row, message),
    });
    count(this.root, name, messages.length);
  }

  fillMessage(row, message) {
    const { author, text, flag, deleted, waits: isHeld, at, reply_id } = message;
    const answers = reply_id ? (this.held.chat.get(reply_id)?.author ?? "") : "";
    row.dataset.state = deleted ? "deleted" : isHeld ? "waits" : "shown";
    fill(row, { author, text: deleted ? "Deleted." : text, flag, answers });
    showParts(row, { flag, answers });
    setAge(row, at);
  }

  paintWords() {
    this.keepWords("captions", this.held.captions.slice(-CAPTIONS_SHOWN));
    this.keepWords("cues", [...this.held.cues].reverse());
  }

  keepWords(name, lines) {
    keepList(this.root.querySelector(`[data-list="${name}"]`), lines, {
      make: (line) => madeFrom(this.root, "line", line.id),
      paint: (item, { text }) => fill(item, { text }),
    });
  }
}
