/** Single keys on a moderator's page: never while something is typed, and they can be turned off (WCAG 2.1.4). This browser remembers that. */

const SHELF = "moderator's keys";
const VERBS = { a: ["approve"], r: ["mark_answered"], p: ["approve_and_pin", "pin"] };
const FOLDS = { d: "dismiss", m: "merge" };

export class Keys {
  /** `unfold(fold)` brings the focus into what was opened. */
  constructor(root, questions, toast, unfold) {
    Object.assign(this, { root, questions, toast, unfold });
    const panel = root.querySelector("[data-keys]");
    const box = panel.querySelector("[data-keys-on]");
    panel.hidden = false;
    box.checked = remembered() !== "off";
    box.addEventListener("change", () => this.turn(box.checked));
    root.classList.toggle("has-keys", box.checked);
    this.isOn = box.checked;
    document.addEventListener("keydown", (event) => this.press(event));
  }

  turn(isOn) {
    this.isOn = isOn;
    this.root.classList.toggle("has-keys", isOn);
    try {
      localStorage.setItem(SHELF, isOn ? "on" : "off");
    } catch {
      // then it is remembered as long as the page
    }
  }

  press(event) {
    if (event.key === "Escape") this.closeFold();
    const isChord = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (!this.isOn || isChord || event.defaultPrevented || isTyping(event.target)) return;
    const by = this.steps(event);
    if (by) this.questions.move(by);
    else if (!event.repeat && this.act(event.key.toLowerCase())) event.preventDefault();
    if (by) event.preventDefault();
  }

  /** Arrows move only from a card: elsewhere they scroll the page. */
  steps({ key, target }) {
    const isOnCard = target.matches?.("[data-card]");
    if (key === "j" || (key === "ArrowDown" && isOnCard)) return 1;
    if (key === "k" || (key === "ArrowUp" && isOnCard)) return -1;
    return 0;
  }

  act(key) {
    const card = this.questions.current();
    if (key === "u") return this.undo(card);
    if (!card || card.classList.contains("is-held")) return false;
    if (VERBS[key]) return this.submit(card, VERBS[key]);
    return FOLDS[key] ? this.open(card, FOLDS[key]) : false;
  }

  submit(card, types) {
    const forms = types.flatMap((type) => [...card.querySelectorAll(`form[data-command="${type}"]`)]);
    const form = forms.find((each) => each.checkVisibility());
    if (!form) return false;
    this.questions.makeCurrent(card);
    form.requestSubmit();
    return true;
  }

  open(card, name) {
    const fold = card.querySelector(`[data-fold="${name}"]`);
    if (!fold) return false;
    const more = fold.parentElement.closest("details");
    if (more) more.open = true;
    this.questions.makeCurrent(card);
    fold.open = true;
    this.unfold(fold); // now, and not with its event: the next key is typed in there
    return true;
  }

  /** The last act, as the note says it; without a note that on the current card. */
  undo(card) {
    if (this.toast.questionId) this.toast.undo();
    else return card ? this.submit(card, ["undo"]) : false;
    return true;
  }

  closeFold() {
    const fold = document.activeElement?.closest("details[open]");
    if (!fold || !this.root.contains(fold)) return;
    fold.open = false;
    fold.querySelector("summary").focus();
  }
}

function isTyping(target) {
  return target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
}

function remembered() {
  try {
    return localStorage.getItem(SHELF);
  } catch {
    return null;
  }
}
