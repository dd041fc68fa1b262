/** <door-desk data-event data-for data-base data-jsqr> lets a phone check people in by its camera, and go on while it has no line. Without it the page's forms work. */

import { Camera } from "./door-camera.js";
import { Keep, markOf, readCode } from "./door-keep.js";

const AT_ONCE = 100; // acts in one message
const TRY_AGAIN = 10_000; // milliseconds
const SHOWN = 6; // results
const FOUND = 40;

class DoorDesk extends HTMLElement {
  connectedCallback() {
    this.keep = new Keep(this.dataset.event);
    if (!this.part("phone") || !this.keep.works) return;
    this.part("phone").hidden = false;
    this.part("start").hidden = !Camera.works;
    if (!Camera.works) this.say("camera-says", "This browser has no camera for us. Codes can be typed, and people found by name.");
    this.listen();
    this.showList();
    this.showLine();
    this.send();
    this.timer = setInterval(() => this.send(), TRY_AGAIN);
    navigator.serviceWorker?.register(`${this.dataset.base}/worker.js`, { scope: this.dataset.base }).catch(() => {});
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    this.camera?.stop();
  }

  listen() {
    this.part("start").addEventListener("click", () => this.startCamera());
    this.part("stop").addEventListener("click", () => this.stopCamera());
    this.part("send").addEventListener("click", () => this.send());
    this.part("fetch").addEventListener("click", () => this.fetchList());
    this.part("clear").addEventListener("click", () => this.clearList());
    this.part("code").addEventListener("submit", (event) => this.typed(event));
    this.part("search").addEventListener("submit", (event) => this.search(event));
    this.addEventListener("submit", (event) => this.pressed(event));
    if ("shell" in this.dataset) this.chooseDay(this.querySelector("select"));
    else localStorage.setItem(`door:${this.dataset.event}:for`, this.dataset.for);
    addEventListener("online", () => this.send());
    addEventListener("offline", () => this.showLine());
  }

  /** The page that a phone keeps was made on another day perhaps: today first, else what was chosen last. */
  chooseDay(select) {
    const now = new Date();
    const today = `day:${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
    const wanted = [today, localStorage.getItem(`door:${this.dataset.event}:for`)];
    const known = [...select.options].map((option) => option.value);
    select.value = wanted.find((key) => known.includes(key)) ?? this.dataset.for;
    this.dataset.for = select.value;
    select.addEventListener("change", () => { this.dataset.for = select.value; });
  }

  // The camera.

  async startCamera() {
    this.camera = new Camera(this.part("video"), this.dataset.jsqr, (text) => this.scanned(text));
    try {
      await this.camera.start();
    } catch {
      this.camera.stop();
      this.say("camera-says", "The camera can’t be used: allow it in the browser’s settings for this page, or type codes and names.");
      return;
    }
    this.showCamera(true);
    this.say("camera-says", "Hold a ticket’s code in front of the camera.");
  }

  stopCamera() {
    this.camera?.stop();
    this.showCamera(false);
    this.say("camera-says", "");
  }

  showCamera(on) {
    this.part("camera").hidden = !on;
    this.part("stop").hidden = !on;
    this.part("start").hidden = on;
  }

  scanned(text) {
    navigator.vibrate?.(60);
    const code = readCode(text);
    if (code) this.checkIn({ how: "code", code }, "A ticket");
    else this.result("This code", "It is no ticket of ours.", "no");
  }

  // Acts.

  typed(event) {
    const input = event.target.querySelector("[name=code]");
    const code = readCode(input.value);
    if (!code && navigator.onLine && !("shell" in this.dataset)) return; // the form says what is missing
    event.preventDefault();
    event.stopPropagation();
    if (!code) {
      this.result("This code", "A ticket’s code has 16 letters and digits.", "no");
      return;
    }
    input.value = "";
    this.checkIn({ how: "code", code }, code);
  }

  /** The button beside a name that the page found. */
  pressed(event) {
    const place = event.target.dataset.place;
    if (!place) return;
    event.preventDefault();
    const row = event.target.closest(".door-row");
    this.checkIn({ how: "name", place }, row.querySelector("strong").textContent);
    row.querySelector(".tag")?.remove(); // what becomes of it is said above
    event.target.remove();
  }

  async checkIn(act, words) {
    const kept = this.keep.add({ ...act, occasion: this.dataset.for });
    const known = await this.known(act);
    const item = this.result(known?.name ?? words, this.guess(known, act), "kept");
    item.dataset.act = kept.client_id;
    await this.send();
  }

  /** Whom the list on this phone has for this. */
  async known(act) {
    const guests = this.keep.getList()?.guests ?? [];
    if (act.place) return guests.find((guest) => guest.place === act.place);
    const mark = guests.length ? await markOf(this.dataset.event, act.code) : "";
    return mark ? guests.find((guest) => guest.mark === mark) : undefined;
  }

  guess(known, act) {
    if (known && !known.confirmed) return "Not confirmed, as far as this phone knows. Kept on this phone.";
    if (known?.there) return "Was in already when the list was made. Kept on this phone.";
    if (!known && act.code && this.keep.getList()) return "Not on this phone’s list. Kept, to be looked at.";
    return "Kept on this phone until it is sent.";
  }

  // The line.

  async send() {
    if (this.sending) {
      this.more = true; // what was added meanwhile goes next
      return this.sending;
    }
    this.sending = this.sendAll().finally(() => { this.sending = null; });
    return this.sending;
  }

  async sendAll() {
    do {
      this.more = false;
      const acts = this.keep.waiting().slice(0, AT_ONCE);
      if (!acts.length) break;
      if (!(await this.sendSome(acts))) return;
    } while (this.more || this.keep.waiting().length);
    this.showLine();
  }

  async sendSome(acts) {
    let answer;
    try {
      answer = await fetch(`${this.dataset.base}/scans`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ sent_at: new Date().toISOString(), acts }),
      });
      if (answer.ok) (await answer.json()).acts.forEach((act) => this.answered(act));
    } catch {
      answer = null; // no line
    }
    this.showLine(answer);
    return Boolean(answer?.ok);
  }

  answered(act) {
    this.keep.done(act.client_id);
    const item = [...this.part("results").children].find((each) => each.dataset.act === act.client_id);
    const kind = act.outcome === "checked_in" || act.outcome === "already" ? "in" : "no";
    if (item) this.fill(item, act.name, act.said, kind);
    else this.result(act.name, act.said, kind);
    if (act.outcome === "checked_in") {
      const there = this.part("there");
      if (there) there.textContent = Number(there.textContent) + 1;
    }
    this.noteThere(act);
  }

  /** The phone's own list stays true. */
  noteThere(act) {
    const list = this.keep.getList();
    const guest = list?.guests.find((each) => each.place === act.place);
    if (!guest || act.flagged) return;
    guest.there = true;
    this.keep.putList(list);
  }

  showLine(answer) {
    const waiting = this.keep.waiting().length;
    const signIn = answer?.status === 401 || answer?.status === 403;
    const words = waiting === 1 ? "1 check-in waits on this phone." : `${waiting} check-ins wait on this phone.`;
    let why = "";
    if (signIn) why = " You are not signed in for this door any more.";
    else if (answer === null || !navigator.onLine) why = " There is no line: it is sent when the line is back.";
    else if (answer && !answer.ok) why = " The house did not take it: we try again.";
    this.say("line", waiting ? words + why : navigator.onLine ? "Everything is sent." : "No line. What you do is kept on this phone.");
    this.part("send").hidden = !waiting;
    this.part("sign-in").hidden = !(waiting && signIn);
  }

  // The list.

  async fetchList() {
    try {
      const answer = await fetch(`${this.dataset.base}/list.json?for=${encodeURIComponent(this.dataset.for)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      this.keep.putList({ ...(await answer.json()), kept_at: new Date().toISOString() });
      this.showList();
    } catch {
      this.say("list-says", "The list can’t be fetched now.");
    }
  }

  clearList() {
    this.keep.clearList();
    this.showList();
  }

  showList() {
    const list = this.keep.getList();
    const at = list && new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(new Date(list.kept_at));
    this.say("list-says", list ? `${list.guests.length} people are on this phone’s list, as of ${at}.` : "There is no list on this phone.");
    this.part("fetch").textContent = list ? "Bring it up to date" : "Put the list on this phone";
    this.part("clear").hidden = !list;
  }

  /** By name: on the phone's own list while there is no line. */
  search(event) {
    const list = this.keep.getList();
    if (navigator.onLine && !("shell" in this.dataset)) return;
    event.preventDefault();
    const words = folded(event.target.querySelector("[name=q]").value).split(/\s+/).filter(Boolean);
    const found = (list?.guests ?? []).filter((guest) => words.length && words.every((word) => folded(`${guest.name} ${guest.organisation}`).includes(word)));
    this.part("found").replaceChildren(...found.slice(0, FOUND).map((guest) => this.guestRow(guest)));
    if (!list) this.result("No list", "There is no list on this phone, so nobody can be found by name without a line.", "no");
    else if (!found.length) this.result("Nobody", "Nobody on this phone’s list has such a name.", "no");
  }

  guestRow(guest) {
    const row = this.hole("guest");
    slot(row, "name").textContent = guest.name;
    slot(row, "organisation").textContent = guest.organisation;
    slot(row, "state").textContent = guest.there ? "In already" : guest.confirmed ? (guest.seated ? "Expected" : "No seat") : "Not confirmed";
    const button = row.querySelector("[data-check]");
    button.setAttribute("aria-label", `Check in ${guest.name}`);
    button.hidden = guest.there || !guest.confirmed;
    button.addEventListener("click", () => {
      button.hidden = true;
      this.checkIn({ how: "name", place: guest.place }, guest.name);
    });
    return row;
  }

  // What is seen.

  result(name, said, kind) {
    const item = this.hole("result");
    this.fill(item, name, said, kind);
    this.part("results-box").hidden = false;
    this.part("results").prepend(item);
    [...this.part("results").children].slice(SHOWN).forEach((old) => old.remove());
    return item;
  }

  fill(item, name, said, kind) {
    slot(item, "name").textContent = name;
    slot(item, "said").textContent = said;
    item.dataset.kind = kind;
  }

  hole(name) {
    return this.querySelector(`template[data-hole=${name}]`).content.firstElementChild.cloneNode(true);
  }

  part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  say(name, words) {
    this.part(name).textContent = words;
  }
}

function slot(item, name) {
  return item.querySelector(`[data-slot=${name}]`);
}

function folded(words) {
  return words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

customElements.define("door-desk", DoorDesk);
