/** Things on a stage out of the page's own markup: <template data-hole="…"> is cloned, and filled with textContent alone. */

export const NOBODY = "00000000-0000-0000-0000-000000000000"; // stands for an id in the markup
const AGES = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]];
const NEAR = 40; // pixels from the end that count as the end
const offset = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now(); // a rehearsal's clock is not ours

/** The conference's clock, in milliseconds. */
export function now() {
  return Date.now() + offset;
}

export function holeOf(root, name) {
  return root.querySelector(`template[data-hole="${name}"]`).content.firstElementChild.cloneNode(true);
}

/** A thing from the hole of that name: its id is put wherever the markup has nobody's. */
export function thingFrom(root, hole, id) {
  const thing = holeOf(root, hole);
  thing.dataset.id = id;
  if (thing.id) thing.id = thing.id.replace(NOBODY, id);
  for (const link of thing.querySelectorAll("a[href]")) link.setAttribute("href", link.getAttribute("href").replace(NOBODY, id));
  for (const form of thing.querySelectorAll("form")) {
    form.setAttribute("action", form.getAttribute("action").replace(NOBODY, id));
    renewId(form);
  }
  return thing;
}

/** A question's card. `question`: id, text, author, at, votes, voted, and where there is one state, state_words, answer. */
export function cardFrom(root, hole, question) {
  const card = thingFrom(root, hole, question.id);
  if (question.state) card.dataset.state = question.state;
  fill(card, "text", question.text);
  fill(card, "author", question.author);
  fill(card, "state", question.state_words);
  fill(card, "answer", question.answer);
  const answer = card.querySelector("[data-answer]");
  if (answer) answer.hidden = !question.answer;
  const age = card.querySelector('[data-slot="age"]');
  if (age) age.dataset.at = question.at;
  showVotes(card, question.votes ?? 0);
  if (question.voted) markVoted(card);
  showAge(card);
  return card;
}

/** What a card says of a question as the public log tells it; conference/live/cards.py says the same. */
export function factsOf(question) {
  const answered = question.answered_at ? `Answered at ${clockWords(question.answered_at)}` : question.answer ? "Answered in writing" : "";
  const state_words = answered || (question.state === "archived" ? "Put away, not answered" : "");
  return { ...question, author: question.author ?? "Anonymous", at: question.shown_at, state_words };
}

/** What a card says, so that it can be painted again in another state. */
export function readCard(card) {
  const slot = (name) => card.querySelector(`[data-slot="${name}"]`);
  return {
    id: card.dataset.id,
    state: card.dataset.state,
    text: slot("text").textContent,
    author: slot("author").textContent,
    state_words: slot("state").textContent,
    answer: slot("answer")?.textContent ?? "",
    at: slot("age").dataset.at,
    votes: votesOf(card),
    voted: card.querySelector("[data-slot-vote]")?.getAttribute("aria-pressed") === "true",
  };
}

export function fill(card, name, words) {
  const slot = card.querySelector(`[data-slot="${name}"]`);
  if (slot && words !== undefined && slot.textContent !== words) slot.textContent = words;
}

export function votesOf(card) {
  return Number(card.dataset.votes);
}

export function showVotes(card, votes) {
  card.dataset.votes = votes;
  fill(card, "votes", `${votes} ${votes === 1 ? "vote" : "votes"}`);
}

export function markVoted(card) {
  card.querySelector("[data-slot-vote]")?.setAttribute("aria-pressed", "true");
}

export function showAge(root) {
  for (const slot of root.querySelectorAll("[data-at]")) {
    if (slot.dataset.at) slot.textContent = ageWords(now() - Date.parse(slot.dataset.at));
  }
}

/** `10:42`, on the clock that this page shows times in; `clockWords` says whose: "10:42 your time". */
export function clockTime(at) {
  const { zone } = document.querySelector("[data-zone]").dataset;
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(Date.parse(at));
}

export function clockWords(at) {
  return `${clockTime(at)} ${document.querySelector("[data-zone]").dataset.place}`;
}

/** Add to `list` at the end of `box`, which begins there (flex-direction: column-reverse): the box moves on at its end, where no more than `kept`
 *  stay, and stands still for whoever reads further up. */
export function addAtEnd(box, list, item, kept) {
  const isAtEnd = box.scrollTop > -NEAR, before = box.scrollHeight; // above the end it counts below zero
  list.append(item);
  while (isAtEnd && list.children.length > kept) list.firstElementChild.remove();
  box.scrollTop = isAtEnd ? 0 : box.scrollTop - (box.scrollHeight - before);
}

/** Sending a form twice is one act; the next time it is filled in is another. */
export function renewId(form) {
  form.elements.client_id.value = newId();
}

export function newId() {
  const numbers = crypto.getRandomValues(new Uint8Array(16));
  return [...numbers].map((number) => number.toString(16).padStart(2, "0")).join("");
}

function ageWords(age) {
  for (const [word, length] of AGES) {
    const count = Math.floor(age / length);
    if (count >= 1) return `${count} ${word}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
