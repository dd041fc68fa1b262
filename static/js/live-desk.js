/** <live-desk data-from> around the organisers' desk: looks again every few seconds and changes what changed, never what somebody is busy with.
 *  data-from answers with the same lists ([data-region], children with a data-key) and words ([data-words]) as the page. Without it the forms
 *  work as forms. Forms with data-quiet are sent without leaving the page; one with data-preview says beforehand what it will bring about. */

const EVERY = 5000; // milliseconds
const EVERY_SAVING = 30_000; // where the browser is asked to save data
const PATIENCE = 10_000;
const TYPING = 300; // milliseconds without a key
const FORESEEN = ["place", "minutes", "clock"]; // the fields that a preview depends on

class LiveDesk extends HTMLElement {
  connectedCallback() {
    this.painted = new WeakMap(); // child of a list: how the server painted it
    for (const child of this.querySelectorAll("[data-region] > *")) this.painted.set(child, sourceOf(child));
    this.addEventListener("submit", (event) => this.send(event));
    this.addEventListener("input", (event) => this.typed(event));
    this.onVisible = () => this.hurry();
    document.addEventListener("visibilitychange", this.onVisible);
    this.tell({ status: 200 });
    this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  // Looking again.

  wait() {
    clearTimeout(this.timer);
    if (!this.hasEnded && this.isConnected) this.timer = setTimeout(() => this.look(), navigator.connection?.saveData ? EVERY_SAVING : EVERY);
  }

  hurry() {
    clearTimeout(this.timer);
    if (!document.hidden && !this.hasEnded) this.look();
  }

  async look() {
    if (document.hidden) return; // until somebody looks
    try {
      const headers = this.tag ? { "If-None-Match": this.tag } : {};
      const answer = await fetch(this.dataset.from, { headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok) {
        const isWhole = this.show(parsed(await answer.text()));
        this.tag = isWhole ? answer.headers.get("etag") : ""; // what was left alone is looked at again
        await this.foresee();
      }
      this.tell(answer);
    } catch {
      this.tell({ status: 0 });
    }
    this.wait();
  }

  tell({ type, status }) {
    const line = this.querySelector("[data-line]");
    this.querySelector("[data-again]").hidden = status === 200 || status === 304;
    this.hasEnded = type === "opaqueredirect" || [401, 403, 404].includes(status);
    if (this.hasEnded) line.textContent = "You are signed out, or your role here has ended: load the page again.";
    else if (status === 200 || status === 304) line.textContent = "Looks again by itself every few seconds.";
    else line.textContent = "The line is lost: what you see may be old. We keep trying.";
  }

  /** True where all of it is shown now, false where something was left alone. `done` is what somebody has just finished with. */
  show(fresh, done = null) {
    const came = [...fresh.querySelectorAll('[data-region="help"] > *')].filter(({ dataset: { key } }) => !this.find("help", key)).length;
    let isWhole = true;
    for (const words of fresh.querySelectorAll("[data-words]")) {
      const shown = this.querySelector(`[data-words="${words.dataset.words}"]`);
      if (shown && shown.textContent !== words.textContent) shown.textContent = words.textContent;
    }
    for (const region of fresh.querySelectorAll("[data-region]")) isWhole = this.merge(region, done) && isWhole;
    if (came) this.say(came === 1 ? "A new request for help came." : `${came} new requests for help came.`);
    return isWhole;
  }

  merge(fresh, done) {
    const name = fresh.dataset.region;
    const region = this.querySelector(`[data-region="${name}"]`);
    const wanted = new Map([...fresh.children].map((child) => [child.dataset.key, child]));
    const left = [...region.children].filter((child) => !wanted.has(child.dataset.key) && !this.leave(child, done));
    let before = null;
    for (const [key, child] of wanted) {
      const shown = this.renew(this.find(name, key), child, done, left);
      let place = before ? before.nextElementSibling : region.firstElementChild;
      while (place && !wanted.has(place.dataset.key)) place = place.nextElementSibling;
      if (shown !== place) region.insertBefore(shown, place);
      before = shown;
    }
    return left.length === 0;
  }

  /** What is shown from now on in place of `known`, which may be missing. */
  renew(known, fresh, done, left) {
    const source = sourceOf(fresh);
    if (known && this.painted.get(known) === source) {
      const ages = fresh.querySelectorAll("[data-age]");
      known.querySelectorAll("[data-age]").forEach((age, number) => (age.textContent = ages[number].textContent));
      return known;
    }
    if (known && known !== done && isBusy(known)) {
      markStale(known);
      left.push(known);
      return known;
    }
    this.painted.set(fresh, source);
    known?.replaceWith(fresh);
    return fresh;
  }

  /** It is not there any more. True where it could go. */
  leave(child, done) {
    if (child !== done && isBusy(child)) {
      markStale(child);
      return false;
    }
    child.remove();
    return true;
  }

  find(name, key) {
    return this.querySelector(`[data-region="${name}"] > [data-key="${key}"]`);
  }

  say(words) {
    this.querySelector("[data-says]").textContent = words;
  }

  // Sending a form without losing what is typed in another.

  async send(event) {
    const form = event.target.closest("form[data-quiet]");
    if (!form) return;
    event.preventDefault();
    if (form.classList.contains("is-sent")) return;
    form.classList.add("is-sent");
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (!answer?.ok) {
      form.submit(); // the page says what is wrong; sent twice it is still one act
      return;
    }
    const fresh = parsed(await answer.text());
    const heading = form.closest("section").querySelector("h2");
    form.classList.remove("is-sent");
    this.show(fresh, form.closest("[data-key]"));
    document.querySelector(".flash").replaceChildren(...fresh.querySelectorAll(".flash > *"));
    heading.focus();
    this.foresee();
  }

  // What an announcement would bring about.

  typed(event) {
    if (!event.target.closest("form[data-preview]") || !FORESEEN.includes(event.target.name)) return;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.foresee(), TYPING);
  }

  async foresee() {
    const form = this.querySelector("form[data-preview]");
    const asked = new URLSearchParams([...new FormData(form)].filter(([name]) => FORESEEN.includes(name)));
    const answer = await fetch(`${form.dataset.preview}?${asked}`, { redirect: "manual" }).catch(() => null);
    if (answer?.headers.get("content-type")?.startsWith("text/plain")) form.querySelector("[data-foreseen]").textContent = await answer.text();
  }
}

function parsed(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

/** How the server painted it, but for ages, which change by themselves, and the forms' keys. */
function sourceOf(child) {
  const copy = child.cloneNode(true);
  for (const key of copy.querySelectorAll("[name=once]")) key.remove();
  for (const age of copy.querySelectorAll("[data-age]")) age.textContent = "";
  return copy.outerHTML;
}

/** Somebody is in it, has typed in it, or was told of a mistake in it. */
function isBusy(child) {
  const fields = [...child.querySelectorAll("textarea, input:not([type=hidden])")];
  return child.contains(document.activeElement) || "keep" in child.dataset || fields.some((field) => field.value !== field.defaultValue);
}

function markStale(child) {
  const words = child.querySelector("[data-stale]");
  if (words) words.hidden = false;
}

customElements.define("live-desk", LiveDesk);
