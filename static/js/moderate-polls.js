/** The polls on a moderator's page, the last first; the archived ones are gone from it. */

import { count, keepList, madeFrom, setHidden, waits } from "./moderate-lists.js";
import { paintPoll } from "./poll-chart.js";

export class Polls {
  constructor(root, held) {
    Object.assign(this, { root, held });
  }

  paint() {
    const polls = [...this.held.polls.values()].filter(({ state }) => state !== "archived");
    polls.sort((one, other) => (one.drafted_at < other.drafted_at || (one.drafted_at === other.drafted_at && one.id < other.id) ? 1 : -1));
    keepList(this.root.querySelector('[data-list="polls"]'), polls, {
      make: (poll) => madeFrom(this.root, "poll", poll.id),
      paint: (card, poll) => this.fillCard(card, poll),
    });
    count(this.root, "polls", polls.length);
    waits(this.root, "polls", polls.filter(({ state }) => state === "open").length);
  }

  /** Its verbs follow its state; the focus stays in the card when the verb that had it is gone. */
  fillCard(card, poll) {
    const hadFocus = card.contains(document.activeElement);
    if (card.dataset.state !== poll.state) {
      card.dataset.state = poll.state;
      setHidden(card.querySelector("[data-refusals]"), true);
    }
    paintPoll(card, poll);
    if (!hadFocus || document.activeElement.checkVisibility()) return;
    const verb = [...card.querySelectorAll("button")].find((button) => button.checkVisibility());
    verb?.focus();
  }
}
