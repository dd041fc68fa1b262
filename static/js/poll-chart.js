/** A poll's results, painted into the markup of templates/parts/poll_chart.html. conference/live/charts.py does the same on the server. */

const KINDS = { single: "One answer", multiple: "Any number of answers", rating: "A rating from 1 to 5", words: "Up to three short words" };
const STATES = { draft: "Draft", open: "Open", closed: "Closed", archived: "Archived" };
const LATER = "The results are shown when the poll is closed.";
const NOBODY_YET = "Nobody has answered yet.";

/** `root` is the <figure class="poll-chart"> (or something around one), `poll` as docs/protocol.md has it. */
export function paintPoll(root, poll) {
  const figure = root.matches(".poll-chart") ? root : root.querySelector(".poll-chart");
  const bars = barsOf(poll);
  figure.dataset.poll = poll.id;
  figure.dataset.state = poll.state;
  say(figure, "prompt", poll.prompt);
  say(figure, "caption", poll.prompt);
  say(figure, "state", STATES[poll.state]);
  say(figure, "kind", KINDS[poll.kind]);
  say(figure, "answers", `${poll.ballots} ${poll.ballots === 1 ? "person" : "people"} answered`);
  const words = wordsOf(poll);
  say(figure, "words", words);
  figure.querySelector('[data-slot="words"]').hidden = !words;
  fillList(figure, "[data-bars]", "bar", bars);
  const table = figure.querySelector("[data-table]");
  if (!table) return;
  table.hidden = !bars.length;
  fillList(figure, "[data-rows]", "row", bars);
}

/** The poll after a tick's totals for it ({ballots, tally}); results that are hidden leave what is known as it is. */
export function counted(poll, totals) {
  return totals ? { ...poll, ballots: totals.ballots, tally: totals.tally ?? poll.tally } : poll;
}

function barsOf(poll) {
  if (!poll.tally || !poll.ballots) return [];
  return labelsOf(poll).map(([choice, label]) => {
    const count = poll.tally[choice] ?? 0;
    return { label, count, share: Math.floor((100 * count) / poll.ballots + 0.5) };
  });
}

function labelsOf({ kind, options, tally }) {
  if (kind === "rating") return ["1", "2", "3", "4", "5"].map((rating) => [rating, rating]);
  if (kind !== "words") return options.map((option, place) => [String(place), option]);
  const byCount = Object.entries(tally).sort(([one, ones], [other, others]) => others - ones || (one < other ? -1 : 1));
  return byCount.map(([word]) => [word, word]);
}

function wordsOf({ kind, ballots, tally }) {
  if (!tally) return LATER;
  if (!ballots) return NOBODY_YET;
  if (kind !== "rating") return "";
  const counts = Object.entries(tally);
  const given = counts.reduce((sum, [, count]) => sum + count, 0);
  return `On average ${(counts.reduce((sum, [rating, count]) => sum + rating * count, 0) / Math.max(given, 1)).toFixed(1)} of 5.`;
}

/** What is there is kept and filled again, so that a bar grows instead of being replaced. */
function fillList(figure, where, hole, bars) {
  const list = figure.querySelector(where);
  const empty = figure.querySelector(`template[data-hole="${hole}"]`).content.firstElementChild;
  while (list.children.length > bars.length) list.lastElementChild.remove();
  while (list.children.length < bars.length) list.append(empty.cloneNode(true));
  bars.forEach(({ label, count, share }, place) => {
    const item = list.children[place];
    say(item, "label", label);
    say(item, "count", String(count));
    say(item, "share", `${share}%`);
    item.querySelector("[data-slot-share]")?.setAttribute("width", share);
  });
}

function say(root, name, words) {
  const slot = root.querySelector(`[data-slot="${name}"]`);
  if (slot && slot.textContent !== words) slot.textContent = words;
}
