/** Question cards out of the page's own markup: <template data-hole="…"> is cloned, and filled with textContent alone. */

const NOBODY = "00000000-0000-0000-0000-000000000000"; // stands for a question's id in the markup
const AGES = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]];
const offset = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now(); // a rehearsal's clock is not ours

/** A card from the hole of that name. `question`: id, text, author, at, votes, voted. */
export function cardFrom(root, hole, question) {
  const card = root.querySelector(`template[data-hole="${hole}"]`).content.firstElementChild.cloneNode(true);
  card.dataset.id = question.id;
  fill(card, "text", question.text);
  fill(card, "author", question.author);
  const age = card.querySelector('[data-slot="age"]');
  if (age) age.dataset.at = question.at;
  for (const form of card.querySelectorAll("form")) {
    form.setAttribute("action", form.getAttribute("action").replace(NOBODY, question.id));
    renewId(form);
  }
  showVotes(card, question.votes ?? 0);
  if (question.voted) markVoted(card);
  showAge(card);
  return card;
}

/** What a card says, so that it can be painted again in another state. */
export function readCard(card) {
  const slot = (name) => card.querySelector(`[data-slot="${name}"]`);
  return {
    id: card.dataset.id,
    text: slot("text").textContent,
    author: slot("author").textContent,
    at: slot("age").dataset.at,
    votes: Number(slot("votes").textContent),
    voted: card.querySelector("[data-slot-vote]")?.getAttribute("aria-pressed") === "true",
  };
}

export function fill(card, name, words) {
  const slot = card.querySelector(`[data-slot="${name}"]`);
  if (slot && words !== undefined) slot.textContent = words;
}

export function showVotes(card, votes) {
  const slot = card.querySelector('[data-slot="votes"]');
  if (slot && slot.textContent !== String(votes)) slot.textContent = votes;
}

export function markVoted(card) {
  card.querySelector("[data-slot-vote]")?.setAttribute("aria-pressed", "true");
}

export function showAge(root) {
  for (const slot of root.querySelectorAll("[data-at]")) {
    if (slot.dataset.at) slot.textContent = ageWords(Date.now() + offset - Date.parse(slot.dataset.at));
  }
}

/** Sending a form twice is one act; the next time it is filled in is another. */
export function renewId(form) {
  const numbers = crypto.getRandomValues(new Uint8Array(16));
  form.elements.client_id.value = [...numbers].map((number) => number.toString(16).padStart(2, "0")).join("");
}

function ageWords(age) {
  for (const [word, length] of AGES) {
    const count = Math.floor(age / length);
    if (count >= 1) return `${count} ${word}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
