/** <file-limit data-most="bytes" data-words="sentence"> around a file input: says so before a file that is too big is sent. */

class FileLimit extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    input.addEventListener("change", () => {
      const tooBig = [...input.files].some((file) => file.size > Number(this.dataset.most));
      input.setCustomValidity(tooBig ? this.dataset.words : "");
      if (tooBig) input.reportValidity();
    });
  }
}

customElements.define("file-limit", FileLimit);
