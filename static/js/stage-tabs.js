/** The links to the parts of a stage as tabs: one part at a time. Without a script they are links that jump. */

const LOW = 0.55; // of the screen: what begins further down is not in sight
const KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Tabs {
  constructor(stage) {
    this.stage = stage;
    this.nav = stage.querySelector("[data-tabs]");
    this.tabs = [...this.nav.querySelectorAll("a")];
    this.nav.setAttribute("role", "tablist");
    for (const tab of this.tabs) this.makeTab(tab);
    stage.toggleAttribute("data-tabbed", true);
    this.nav.addEventListener("keydown", (event) => this.move(event));
    stage.addEventListener("click", (event) => this.follow(event));
    addEventListener("hashchange", () => this.goTo(location.hash));
    const wrong = document.querySelector(".summary a")?.hash;
    this.select(this.nameOf(wrong || location.hash) ?? "questions");
  }

  makeTab(tab) {
    const name = tab.hash.slice(1), panel = this.panel(name);
    tab.id = `tab-${name}`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", name);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
  }

  get selected() {
    return this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true").hash.slice(1);
  }

  select(name) {
    for (const tab of this.tabs) {
      const isIt = tab.hash === `#${name}`;
      tab.setAttribute("aria-selected", isIt);
      tab.tabIndex = isIt ? 0 : -1;
      this.panel(tab.hash.slice(1)).toggleAttribute("data-away", !isIt);
    }
    this.stage.dataset.tab = name;
    this.stage.hear({ type: "tab", name });
  }

  /** There is something behind this tab now, or nothing any more. */
  offer(name, isThere) {
    this.tabs.find((tab) => tab.hash === `#${name}`).hidden = !isThere;
    this.panel(name).hidden = !isThere;
    if (!isThere && this.selected === name) this.select("questions");
  }

  move(event) {
    const there = this.tabs.filter((tab) => !tab.hidden);
    const ends = { Home: there[0], End: there.at(-1) };
    const step = KEYS[event.key];
    const next = step ? there.at((there.indexOf(event.target) + step) % there.length) : ends[event.key];
    if (!next) return;
    event.preventDefault();
    this.choose(next.hash.slice(1));
    next.focus({ preventScroll: true });
  }

  /** By hand: then what it holds comes into sight. */
  choose(name) {
    this.select(name);
    if (this.panel(name).getBoundingClientRect().top > innerHeight * LOW) this.nav.scrollIntoView({ block: "start" });
  }

  /** A link to a part of the page, or to something in one. */
  follow(event) {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    if (this.tabs.includes(link)) this.choose(link.hash.slice(1));
    else this.goTo(link.hash);
  }

  goTo(hash) {
    const name = this.nameOf(hash);
    if (!name) return;
    this.choose(name);
    const target = document.getElementById(hash.slice(1));
    target.focus({ preventScroll: true });
    if (target.id !== name) target.scrollIntoView({ block: "nearest" });
  }

  /** The part that holds what has this id. */
  nameOf(hash) {
    const panel = hash ? document.getElementById(hash.slice(1))?.closest(".panel") : null;
    return panel && !panel.hidden ? panel.id : null;
  }

  panel(name) {
    return this.stage.querySelector(`#${name}`);
  }
}
