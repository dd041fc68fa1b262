/** What a question may be merged into: those like it as buttons, the others in a list. */

import { setHidden } from "./moderate-lists.js";
import { alike } from "./stage-alike.js";
import { holeOf } from "./stage-cards.js";

/** Offers it in a card's open <details data-fold="merge">. */
export function offerMerge(fold, root, held) {
  const card = fold.closest("[data-card]");
  const others = held.inState(["visible"], true).filter(({ id }) => id !== card.dataset.id);
  const likely = alike(held.questions.get(card.dataset.id).text, others);
  const rest = others.filter((other) => !likely.includes(other));
  const show = (name, isShown) => setHidden(fold.querySelector(`[data-show="${name}"]`), !isShown);
  show("lonely", !others.length);
  show("likely", likely.length);
  show("others", rest.length);
  fold.querySelector("[data-likely]").replaceChildren(...likely.map((other) => buttonFor(root, other)));
  const select = fold.querySelector("select");
  select.replaceChildren(select.options[0], ...rest.map(({ id, text }) => new Option(text, id)));
}

function buttonFor(root, { id, text }) {
  const button = holeOf(root, "likely");
  button.value = id;
  button.textContent = text;
  return button;
}
