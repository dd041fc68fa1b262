/** Who asks for help on this stage, and who is silenced from it, on a moderator's page. */

import { count, fill, keepList, madeFrom, setAge, setHidden, showParts, waits } from "./moderate-lists.js";
import { clockTime, now } from "./stage-cards.js";

const KINDS = { sound: "Can’t hear", picture: "Can’t see", access: "Needs access", conduct: "A report", other: "Something else" };

export class Care {
  constructor(root, held) {
    Object.assign(this, { root, held });
  }

  paint() {
    const requests = [...this.held.help.values()];
    const open = requests.filter(({ resolved_at }) => !resolved_at);
    const done = requests.filter(({ resolved_at }) => resolved_at).reverse();
    this.keep("help", "help", open, (row, help) => this.fillHelp(row, help));
    this.keep("helped", "help", done, (row, help) => this.fillHelp(row, help));
    setHidden(this.root.querySelector('[data-some="helped"]'), !done.length);
    waits(this.root, "people", open.length);
    this.paintSilences();
  }

  paintSilences() {
    const silences = [...this.held.silences.values()];
    this.keep("silences", "silence", silences, (row, silence) => this.fillSilence(row, silence));
    clearTimeout(this.ending);
    const ends = silences.map(left).filter((wait) => wait > 0);
    if (ends.length) this.ending = setTimeout(() => this.paintSilences(), Math.min(...ends, 2 ** 30) + 50);
  }

  keep(name, hole, things, paint) {
    keepList(this.root.querySelector(`[data-list="${name}"]`), things, { make: (thing) => madeFrom(this.root, hole, thing.id), paint });
    count(this.root, name, things.length);
  }

  fillHelp(row, { kind, name, text, about_text, resolved_at, resolved_by, done, at }) {
    row.dataset.state = resolved_at ? "done" : "open";
    fill(row, { kind: KINDS[kind], name, text, about: about_text, by: resolved_by, done });
    showParts(row, { text, about: about_text });
    setAge(row, at);
  }

  fillSilence(row, silence) {
    const holds = left(silence) > 0;
    const until = clockTime(silence.until);
    row.dataset.state = holds ? "held" : "ended";
    const words = holds ? `until ${until}` : silence.lifted ? "lifted" : `ended at ${until}`;
    fill(row, { name: silence.name, what: silence.ban ? "banned" : "silenced", until: words, reason: silence.reason });
  }
}

/** Milliseconds that it holds still. */
function left({ until, lifted }) {
  return lifted ? 0 : Date.parse(until) - now();
}
