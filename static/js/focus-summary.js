/** <focus-summary> around the list of what is wrong in a form: takes the focus when the page comes, and each link leads into its field. */

class FocusSummary extends HTMLElement {
  connectedCallback() {
    this.focus();
    this.addEventListener("click", (event) => {
      const field = document.getElementById(event.target.closest("a")?.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.closest(".field")?.scrollIntoView({ block: "start" });
    });
  }
}

customElements.define("focus-summary", FocusSummary);
