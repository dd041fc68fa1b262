/** <planning-grid> around the planned programme ([data-region]): sessions are dragged by hand (mouse anywhere on them, a finger on the handle), or
 *  moved by the keys of their handle ([data-grip]). A move is a POST to the session's data-moves, which makes it a draft; then the region is
 *  painted anew as the server shows it. Without this element each session has its form. */

const STEP = 5; // minutes
const HOUR = 60;
const FAR = 5; // pixels before a press is a drag
const EDGE = 70; // pixels from the window's edge at which it scrolls
const WIDE = "(min-width: 60rem)"; // planning-grid.css: narrower, it is a list
const LOST = "The line is lost: nothing was moved. Try again in a moment.";
const KEYS = { ArrowUp: [-STEP, 0, 0], ArrowDown: [STEP, 0, 0], ArrowLeft: [0, -1, 0], ArrowRight: [0, 1, 0], PageUp: [0, 0, -1], PageDown: [0, 0, 1] };

class PlanningGrid extends HTMLElement {
  connectedCallback() {
    this.addEventListener("pointerdown", (event) => this.press(event));
    this.addEventListener("pointermove", (event) => this.drag(event));
    this.addEventListener("pointerup", () => this.drop());
    this.addEventListener("pointercancel", () => this.putBack());
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusout", (event) => this.leave(event));
  }

  // By hand.

  press(event) {
    const item = event.target.closest("[data-moves]");
    const isGrip = event.target.closest("[data-grip]");
    const isOther = event.target.closest("a, summary, form, button:not([data-grip])");
    if (!item || isOther || event.button !== 0 || this.held || this.isSending || !matchMedia(WIDE).matches) return;
    if (event.pointerType === "touch" && !isGrip) return; // elsewhere a finger scrolls
    const box = item.getBoundingClientRect();
    this.held = { ...placeOf(item), item, grab: [event.clientX - box.left, event.clientY - box.top], from: [event.clientX, event.clientY] };
    item.setPointerCapture(event.pointerId);
    if (event.pointerType === "mouse" && !isGrip) event.preventDefault(); // no text is selected
  }

  drag(event) {
    if (!this.held?.grab) return;
    this.at = [event.clientX, event.clientY];
    if (!this.ghost && Math.hypot(this.at[0] - this.held.from[0], this.at[1] - this.held.from[1]) < FAR) return;
    this.follow();
    if (!this.scrolling) this.scroll();
  }

  /** The place under the hand, snapped. */
  follow() {
    const [x, y] = this.at;
    const day = this.days().reduce((near, one) => (farFrom(one, y) < farFrom(near, y) ? one : near));
    const box = day.getBoundingClientRect();
    const rooms = this.rooms();
    const column = Math.floor(((x - box.left) / box.width) * rooms.length);
    const minutes = ((y - this.held.grab[1] - box.top) / box.height) * spanOf(day);
    this.show({ day, room: clamp(column, 0, rooms.length - 1), minute: firstOf(day) + Math.round(minutes / STEP) * STEP });
  }

  scroll() {
    this.scrolling = requestAnimationFrame(() => {
      this.scrolling = 0;
      if (!this.held?.grab || !this.ghost) return;
      const y = this.at[1];
      const by = y < EDGE ? y - EDGE : y > innerHeight - EDGE ? y - innerHeight + EDGE : 0;
      if (by) {
        scrollBy(0, by / 4);
        this.follow();
      }
      this.scroll();
    });
  }

  drop() {
    if (!this.held?.grab) return;
    if (this.ghost) this.keep();
    else this.end();
  }

  // By keys.

  key(event) {
    const item = event.target.closest("[data-grip]")?.closest("[data-moves]");
    if (event.key === "Escape" && this.held) {
      event.preventDefault();
      this.putBack();
    } else if (item && event.key === "Enter" && this.held) {
      event.preventDefault();
      this.keep();
    } else if (item && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      this.say("Move it with the arrow keys.");
    } else if (item && KEYS[event.key] && !this.isSending && !this.held?.grab) {
      event.preventDefault();
      this.step(item, KEYS[event.key], event.shiftKey ? HOUR / STEP : 1);
    }
  }

  step(item, [minutes, rooms, days], times) {
    this.held ??= { ...placeOf(item), item };
    const { day, room, minute } = this.held;
    const all = this.days();
    this.show({
      day: all[clamp(all.indexOf(day) + days, 0, all.length - 1)],
      room: clamp(room + rooms, 0, this.rooms().length - 1),
      minute: minute + minutes * times,
    });
    this.ghost.scrollIntoView({ block: "nearest" });
  }

  leave(event) {
    if (this.held && !this.held.grab && !this.isSending && event.target.closest("[data-grip]")) this.putBack();
  }

  // Both.

  /** Where it would be: drawn, and in words. */
  show({ day, room, minute }) {
    const { item } = this.held;
    const length = Number(item.dataset.minutes);
    minute = clamp(minute, firstOf(day), Math.max(firstOf(day), lastOf(day) - length));
    Object.assign(this.held, { day, room, minute });
    const rooms = this.rooms();
    const words = `${clock(minute)}–${clock(minute + length)}, ${rooms[room].words}${day === item.parentElement ? "" : `, ${day.dataset.words}`}`;
    this.ghost ??= this.appendChild(Object.assign(document.createElement("div"), { className: "plan-ghost", ariaHidden: "true" }));
    item.classList.add("is-moving");
    const box = day.getBoundingClientRect();
    const [width, height] = [box.width / rooms.length, box.height / spanOf(day)];
    Object.assign(this.ghost.style, {
      insetInlineStart: `${box.left + room * width}px`,
      insetBlockStart: `${box.top + (minute - firstOf(day)) * height}px`,
      inlineSize: `${width}px`,
      blockSize: `${length * height}px`,
    });
    if (this.ghost.textContent !== words) {
      this.ghost.textContent = words;
      this.say(words);
    }
  }

  putBack() {
    if (!this.held) return;
    const { item } = this.held;
    if (this.ghost) this.say(`“${item.dataset.title}” is back at ${item.dataset.starts}, ${this.rooms()[placeOf(item).room].words}.`);
    this.end();
  }

  end() {
    this.held?.item.classList.remove("is-moving");
    this.ghost?.remove();
    this.ghost = this.held = null;
  }

  async keep() {
    const { item, day, room, minute } = this.held;
    const [wanted, slug] = [{ day: day.dataset.day, starts: clock(minute), room: this.rooms()[room].slug }, item.dataset.session];
    if (Object.entries(wanted).every(([name, value]) => item.dataset[name] === value)) return this.putBack();
    this.isSending = true;
    const answer = await fetch(item.dataset.moves, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ ...wanted, seen: item.dataset.seen }),
    }).catch(() => null);
    const { said, sentence } = (await answer?.json().catch(() => null)) ?? {};
    const hadFocus = item.contains(document.activeElement);
    await this.renew();
    this.end();
    this.isSending = false;
    if (hadFocus) this.querySelector(`[data-session="${slug}"] [data-grip]`)?.focus();
    this.say(answer?.ok ? said : (sentence ?? LOST), !answer?.ok);
  }

  /** The region as the server paints it now: marks, versions, warnings. */
  async renew() {
    const answer = await fetch(location.pathname, { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("planning-grid [data-region]");
    if (fresh) this.querySelector("[data-region]").replaceWith(document.adoptNode(fresh));
  }

  say(words, isWrong = false) {
    const line = this.querySelector("[data-says]");
    line.classList.toggle("is-wrong", isWrong);
    line.textContent = words;
  }

  days() {
    return [...this.querySelectorAll("[data-day][data-first]")];
  }

  /** In the order of the columns. */
  rooms() {
    const options = this.querySelector("select[name=room]").options;
    return [...options].map(({ value, text }) => ({ slug: value, words: text }));
  }
}

function placeOf(item) {
  const [hour, minute] = item.dataset.starts.split(":").map(Number);
  const room = [...item.querySelector("select[name=room]").options].findIndex(({ value }) => value === item.dataset.room);
  return { day: item.parentElement, room, minute: hour * HOUR + minute };
}

function firstOf(day) {
  return Number(day.dataset.first) * HOUR;
}

function lastOf(day) {
  return Number(day.dataset.last) * HOUR;
}

function spanOf(day) {
  return lastOf(day) - firstOf(day);
}

function farFrom(day, y) {
  const { top, bottom } = day.getBoundingClientRect();
  return Math.max(top - y, y - bottom, 0);
}

function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

function clock(minute) {
  return `${String(Math.floor(minute / HOUR) % 24).padStart(2, "0")}:${String(minute % HOUR).padStart(2, "0")}`;
}

customElements.define("planning-grid", PlanningGrid);
