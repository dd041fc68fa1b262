/** <word-count data-most="300"> around a field: counts its words while they are typed, as conference/calls/counting.py does. */

const SIGNS = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}"; // scripts without spaces: each sign counts
const RUN = new RegExp(`[${SIGNS}]|[^\\s${SIGNS}]+`, "gu");
const SAID = /[\p{L}\p{N}]/u;

class WordCount extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea, input");
    this.field.addEventListener("input", () => this.show());
    this.show();
  }

  show() {
    const most = Number(this.dataset.most);
    const count = (this.field.value.match(RUN) || []).filter((run) => SAID.test(run)).length;
    const shown = this.querySelector("[data-count]");
    shown.textContent = `${count} of at most ${most} words`;
    shown.classList.toggle("word-count--over", count > most);
    const told = count > most ? `More than ${most} words.` : "";
    const status = this.querySelector("[data-told]");
    if (status.textContent !== told) status.textContent = told;
  }
}

customElements.define("word-count", WordCount);
