/** <zone-sense data-shown data-chosen>: tells the server which zone this browser lives in, and shows the page again, once, in that zone.
 *  Nothing happens to people who chose a zone, nor on a page that may answer a POST ([data-keep], or any status but 200): what was typed stays. */

const COOKIE = "browser_zone";
const A_YEAR = 60 * 60 * 24 * 365; // seconds

class ZoneSense extends HTMLElement {
  connectedCallback() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone || this.dataset.chosen === "yes" || remembered() === zone) return;
    document.cookie = `${COOKIE}=${zone}; path=/; max-age=${A_YEAR}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    if (remembered() === zone && this.dataset.shown !== zone && canShowAgain()) location.replace(location.href);
  }
}

function remembered() {
  const pair = document.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`));
  return pair?.slice(COOKIE.length + 1);
}

function canShowAgain() {
  const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200;
  return (status === 200 || status === 304 || status === 0) && !document.querySelector("[data-keep]");
}

customElements.define("zone-sense", ZoneSense);
