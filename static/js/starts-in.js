/** <starts-in data-starts> (ISO 8601) around "Starts in 12 minutes": keeps these words true. The same words as `countdown` in conference/live/player.py.
 *  `data-verb` ("Opens") and `data-done` ("Open now") say it of something else than a session.
 *  `data-now` on <html> is the conference's clock, which a rehearsal sets apart from ours. */

const REFRESH = 5000; // milliseconds
const offset = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now();

class StartsIn extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.show(), REFRESH);
    this.show();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  show() {
    const wait = Date.parse(this.dataset.starts) - Date.now() - offset;
    const words = wait > 0 ? soonWords(this.dataset.verb || "Starts", Math.max(Math.ceil(wait / 60_000), 1)) : this.dataset.done || "On now";
    if (this.textContent !== words) this.textContent = words;
  }
}

function soonWords(verb, minutes) {
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return `${verb} in ${count(minutes, "minute")}`;
  if (hours >= 24) return `${verb} in ${count(Math.floor(hours / 24), "day")}`;
  return `${verb} in ${count(hours, "hour")}${minutes % 60 ? ` ${count(minutes % 60, "minute")}` : ""}`;
}

function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

customElements.define("starts-in", StartsIn);
