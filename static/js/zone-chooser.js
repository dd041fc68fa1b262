/** <zone-chooser data-names> around the zone's <details>: opening it leads to the field and, the first time, fetches what to suggest there;
 *  Escape and a tap elsewhere close it. Without suggestions the field takes what is typed. */

class ZoneChooser extends HTMLElement {
  connectedCallback() {
    const details = this.querySelector("details");
    const input = this.querySelector("#zone-choice");
    details.addEventListener("toggle", () => {
      if (!details.open) return;
      input.select();
      if (!input.list) this.suggest(input);
    });
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary").focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.contains(event.target)) details.open = false;
    });
  }

  async suggest(input) {
    const answer = await fetch(this.dataset.names).catch(() => null);
    if (!answer?.ok || input.list) return;
    const list = document.createElement("datalist");
    list.id = "zones";
    list.append(...(await answer.json()).map((name) => new Option("", name)));
    this.append(list);
    input.setAttribute("list", list.id);
  }
}

customElements.define("zone-chooser", ZoneChooser);
