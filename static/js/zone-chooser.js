/** <zone-chooser> around the zone's <details>: Escape and a tap elsewhere close it; opening it leads to the field, its words selected. */

class ZoneChooser extends HTMLElement {
  connectedCallback() {
    const details = this.querySelector("details");
    const input = this.querySelector("input[list]");
    details.addEventListener("toggle", () => details.open && input.select());
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary").focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.contains(event.target)) details.open = false;
    });
  }
}

customElements.define("zone-chooser", ZoneChooser);
