/** Polls on a stage: they open and close, one's own ballot is kept and can be changed, results move. */

import { counted, paintPoll } from "./poll-chart.js";
import { fill, thingFrom } from "./stage-cards.js";

export default class Polls {
  constructor(stage) {
    this.stage = stage;
    this.root = stage.querySelector("[data-polls]");
    this.dress();
    this.polls = new Map([...this.root.children].map((card) => [card.dataset.id, JSON.parse(card.dataset.told)]));
    this.root.addEventListener("input", ({ target }) => (target.form.dataset.touched = ""));
    this.on_own();
  }

  /** The sheet of charts, where the page did without it. */
  dress() {
    const { sheet } = this.root.dataset;
    if (sheet && !document.querySelector(`link[href="${sheet}"]`)) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet }));
    }
  }

  on_snapshot({ polls }) {
    this.polls = new Map(polls.map((poll) => [poll.id, poll]));
    for (const card of [...this.root.children]) if (!this.polls.has(card.dataset.id)) card.remove();
    for (const poll of polls) this.paint(poll);
    this.on_own();
  }

  on_poll_changed({ poll }) {
    const before = this.polls.get(poll.id)?.state;
    this.polls.set(poll.id, poll);
    this.stage.steady(() => this.paint(poll));
    this.on_own();
    if (poll.state === before) return;
    if (poll.state === "open") this.stage.says.later("poll", `A poll is open: ${poll.prompt}`);
    if (poll.state === "closed") this.stage.says.later("poll", "The poll is closed: its results are shown.");
  }

  on_tick({ polls }) {
    for (const [id, totals] of Object.entries(polls ?? {})) {
      const poll = this.polls.get(id);
      if (!poll) continue;
      this.polls.set(id, counted(poll, totals));
      this.paint(this.polls.get(id));
    }
  }

  /** One's own ballots: what one typed or chose meanwhile stays. */
  on_own() {
    for (const card of this.root.children) {
      const ballot = this.stage.own.ballots.get(card.dataset.id), form = card.querySelector("form");
      if (!form || !ballot) continue;
      form.querySelector("[data-answered]").hidden = false;
      form.querySelector(".button").textContent = "Change my answer";
      if (!("touched" in form.dataset)) this.showBallot(form, ballot.choices);
    }
    this.call();
  }

  on_done({ command, form }) {
    if (command !== "cast") return;
    delete form.dataset.touched;
    this.on_own();
  }

  showBallot(form, choices) {
    [...form.elements.choice].forEach((input, place) => {
      if (input.type === "text") input.value = choices[place] ?? "";
      else input.checked = choices.includes(input.value);
    });
  }

  paint(poll) {
    const known = this.root.querySelector(`:scope > [data-id="${poll.id}"]`);
    if (poll.state === "archived") return known?.remove();
    const card = known ?? this.add(poll);
    card.dataset.state = poll.state;
    const form = card.querySelector("form");
    if (form) form.hidden = poll.state !== "open";
    paintPoll(card, poll);
  }

  add(poll) {
    const card = thingFrom(this.stage, `poll-${poll.kind}`, poll.id);
    fill(card, "prompt", poll.prompt);
    const choices = card.querySelector("[data-choices]");
    if (choices && poll.options.length) {
      const empty = choices.firstElementChild;
      choices.replaceChildren(...poll.options.map((option, place) => choice(empty, option, place)));
    }
    this.root.prepend(card);
    return card;
  }

  /** An open poll is seen from wherever one is, until it is answered. */
  call() {
    const shown = [...this.polls.values()].filter((poll) => poll.state !== "archived");
    const open = shown.find((poll) => poll.state === "open" && !this.stage.own.ballots.has(poll.id));
    const bar = this.stage.querySelector("[data-poll-call]");
    if (bar.hidden !== !open) this.stage.steady(() => (bar.hidden = !open));
    if (open) fill(bar, "prompt", open.prompt);
    this.stage.querySelector("[data-poll-mark]").hidden = !open;
    this.stage.tabs.offer("poll", shown.length > 0);
  }
}

function choice(empty, option, place) {
  const label = empty.cloneNode(true);
  label.querySelector("input").value = place;
  fill(label, "label", option);
  return label;
}
