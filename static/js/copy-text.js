/** <copy-text> around a read-only input and a hidden button: shows the button, which copies the words and says so. */

const SAID_FOR = 4000; // milliseconds

class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => this.copy(button));
  }

  async copy(button) {
    const words = button.textContent;
    await navigator.clipboard.writeText(this.querySelector("input").value);
    button.textContent = button.dataset.copied;
    this.querySelector("[role=status]").textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, SAID_FOR);
  }
}

customElements.define("copy-text", CopyText);
