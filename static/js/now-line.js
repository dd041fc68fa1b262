/** <now-line> around things with data-starts and data-ends (ISO 8601): says how soon each begins, marks what is on and what is over,
 *  and moves the line of now ([data-now-mark]) between them. `data-now` on <html> is the conference's clock when the page was made; a page that is
 *  kept for many readers says `data-ahead` instead, the seconds by which a rehearsal sets that clock ahead of ours. */

const REFRESH = 15_000; // milliseconds
const NEAR = 60; // minutes: further away the time itself says enough
const { now: made, ahead } = document.documentElement.dataset;
const offset = ahead ? Number(ahead) * 1000 : (Date.parse(made) || Date.now()) - Date.now();

class NowLine extends HTMLElement {
  connectedCallback() {
    this.show();
    this.timer = setInterval(() => this.show(), REFRESH);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  show() {
    const now = Date.now() + offset;
    const things = [...this.querySelectorAll("[data-starts]")];
    for (const thing of things) showState(thing, now);
    this.moveMark(things, now);
  }

  /** The line stands before the first row that begins later; it is hidden before the first, after the last, and while a row is on. */
  moveMark(things, now) {
    const mark = this.querySelector("[data-now-mark]");
    if (!mark) return;
    const next = things.find((thing) => Date.parse(thing.dataset.starts) > now);
    const isBetween = next && next !== things[0] && !things.some((thing) => thing.classList.contains("is-now"));
    mark.hidden = !isBetween;
    if (isBetween) next.closest("li").before(mark);
  }
}

function showState(thing, now) {
  const starts = Date.parse(thing.dataset.starts);
  const ends = Date.parse(thing.dataset.ends);
  thing.classList.toggle("is-now", starts <= now && now < ends);
  thing.classList.toggle("is-over", ends <= now);
  const slot = thing.querySelector("[data-soon]");
  const words = soonWords(starts, ends, now);
  if (slot && slot.textContent !== words) slot.textContent = words;
}

function soonWords(starts, ends, now) {
  if (starts <= now) return now < ends ? "On now" : "";
  const minutes = Math.ceil((starts - now) / 60_000);
  if (minutes > NEAR) return "";
  return minutes === 1 ? "In 1 minute" : `In ${minutes} minutes`;
}

customElements.define("now-line", NowLine);
