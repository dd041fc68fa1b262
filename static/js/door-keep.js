/** What a phone keeps at the door of one event: acts that are not sent yet, one entry each, so that two tabs never overwrite each other's; and the list. */

const MARK_BYTES = 16;
const READ_AS = { O: "0", I: "1", L: "1" };

export class Keep {
  constructor(event) {
    this.event = event;
    this.acts = `door:${event}:act:`;
    this.list = `door:${event}:list`;
  }

  /** Whether this browser keeps anything at all. */
  get works() {
    try {
      localStorage.setItem(`${this.list}:trial`, "1");
      localStorage.removeItem(`${this.list}:trial`);
      return true;
    } catch {
      return false;
    }
  }

  add(act) {
    const kept = { client_id: newId(), scanned_at: new Date().toISOString(), ...act };
    localStorage.setItem(this.acts + kept.client_id, JSON.stringify(kept));
    return kept;
  }

  waiting() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.acts));
    return keys.map((key) => JSON.parse(localStorage.getItem(key))).sort((one, two) => one.scanned_at.localeCompare(two.scanned_at));
  }

  done(clientId) {
    localStorage.removeItem(this.acts + clientId);
  }

  putList(list) {
    localStorage.setItem(this.list, JSON.stringify(list));
  }

  clearList() {
    localStorage.removeItem(this.list);
  }

  /** The list, unless the event is long over: then it goes. */
  getList() {
    const list = JSON.parse(localStorage.getItem(this.list) || "null");
    if (list && Date.now() > Date.parse(list.until) && Date.now() > Date.parse(list.kept_at) + 12 * 3600_000) {
      this.clearList();
      return null;
    }
    return list;
  }
}

/** A code as it was typed, or read off a ticket's address; empty where it can't be one. The same as conference/attendance/tickets.py. */
export function readCode(text) {
  const last = text.trim().replace(/\/+$/, "").split("/").pop().toUpperCase();
  const signs = [...last].filter((sign) => /[\p{L}\p{N}]/u.test(sign)).map((sign) => READ_AS[sign] ?? sign).join("");
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(signs) ? signs.match(/.{4}/g).join("-") : "";
}

/** What the list knows a code by; empty where the browser has no such arithmetic (only without TLS). */
export async function markOf(event, code) {
  if (!globalThis.crypto?.subtle) return "";
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`door:${event}:${code}`));
  return [...new Uint8Array(sum).subarray(0, MARK_BYTES)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A UUID, also where the browser has none ready. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
