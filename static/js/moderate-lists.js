/** Lists on a moderator's page: made from the page's own markup (<template data-hole="…">), filled with textContent alone, kept in order without
 *  taking the focus or what somebody types. */

import { holeOf, NOBODY, renewId, showAge } from "./stage-cards.js";

const WITH_IDS = ["id", "for", "action", "value", "href", "aria-labelledby"];

/** A copy of the markup in this hole, for the thing of this id. */
export function madeFrom(root, hole, id) {
  const made = holeOf(root, hole);
  for (const part of [made, ...made.querySelectorAll("*")]) {
    for (const name of WITH_IDS) {
      if (part.getAttribute(name)?.includes(NOBODY)) part.setAttribute(name, part.getAttribute(name).replace(NOBODY, id));
    }
  }
  made.dataset.id = id;
  for (const form of made.querySelectorAll("form")) renewId(form);
  return made;
}

/** Makes the children of `list` those of `things`, in their order. `make(thing)` gives a new child, `paint(child, thing)` fills it (again);
 *  a child whose data-state is not `state(thing)` any more is made anew. */
export function keepList(list, things, { make, paint, state = () => undefined }) {
  const there = new Map([...list.children].map((child) => [child.dataset.id, child]));
  const wanted = things.map((thing) => {
    const old = there.get(thing.id);
    const isRight = old && (state(thing) === undefined || old.dataset.state === state(thing));
    const child = isRight ? old : make(thing);
    paint(child, thing);
    return child;
  });
  const keep = new Set(wanted);
  for (const child of there.values()) if (!keep.has(child)) child.remove();
  const focused = document.activeElement;
  wanted.forEach((child, place) => {
    if (list.children[place] !== child) list.insertBefore(child, list.children[place] ?? null);
  });
  if (focused !== document.activeElement && list.contains(focused)) focused.focus({ preventScroll: true });
}

/** Fills the slots of these names; undefined leaves one as it is. */
export function fill(child, words) {
  for (const [name, text] of Object.entries(words)) {
    const slot = child.querySelector(`[data-slot="${name}"]`);
    if (slot && text !== undefined && slot.textContent !== String(text)) slot.textContent = text;
  }
}

/** Shows or hides what is marked by data-show with each of these names. */
export function showParts(child, parts) {
  for (const [name, isShown] of Object.entries(parts)) {
    for (const part of child.querySelectorAll(`[data-show="${name}"]`)) setHidden(part, !isShown);
  }
}

export function setAge(child, at) {
  const slot = child.querySelector("[data-at]");
  if (!slot || slot.dataset.at === at) return;
  slot.dataset.at = at;
  showAge(child);
}

export function setHidden(part, isHidden) {
  if (part && part.hidden !== isHidden) part.hidden = isHidden;
}

/** What depends on how many there are: the words for none, the count in the heading. */
export function count(root, name, number) {
  setHidden(root.querySelector(`[data-empty="${name}"]`), number > 0);
  const slot = root.querySelector(`[data-count="${name}"]`);
  if (slot && slot.textContent !== String(number)) slot.textContent = number;
}

/** How many wait in a part of the page, at its link; none is said by nothing. */
export function waits(root, part, number) {
  const slot = root.querySelector(`[data-waits="${part}"]`);
  if (slot.textContent !== String(number)) slot.textContent = number;
  setHidden(slot, !number);
}
