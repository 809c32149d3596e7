/**
 * The alert this page is about: its token, this device's key, and the calls made with both.
 *
 * The token comes in the fragment, which no server sees, or with the answer to a typed code. The key is one for all alerts of
 * this device, made before it is first needed, so that opening again after a lost answer is the same device opening.
 */

import { connect, newKey } from "../shared/api.js";

const KEY = "instant110.ack.device";

/* Phones take the stop after a link in a text for a part of it. */
let token = /^#([\w-]+)/.exec(location.hash)?.[1] ?? "";
const api = connect({ base: document.baseURI, headers });
let unkept = null;

function headers() {
  return { "X-Device-Key": deviceKey(), ...(token ? { "X-Link-Token": token } : {}) };
}

function deviceKey() {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept) return kept;
    const made = newKey();
    localStorage.setItem(KEY, made);
    return made;
  } catch {
    // For as long as the page is open, then.
    unkept ??= newKey();
    return unkept;
  }
}

/** True when the address or a typed code named an alert. */
export function hasToken() {
  return token.length > 0;
}

/** Forgets the alert, for the code of another text. */
export function forgetToken() {
  token = "";
  history.replaceState(null, "", location.pathname);
}

/** Opens by the link, with the last four digits of the recipient's number. */
export function openByLink(lastDigits) {
  return api.post("link/alert", { last_digits: lastDigits });
}

/** Opens by the code of the text; from then on the token stands in the address, so that a reload finds it. */
export async function openByCode(code, lastDigits) {
  const { token: given, ...alert } = await api.post("link/alert/code", { code, last_digits: lastDigits });
  token = given;
  history.replaceState(null, "", `#${given}`);
  return alert;
}

/** Reads the alert as it is now. */
export function readAlert() {
  return api.get("link/alert", {}, { tries: 1, timeoutMs: 8000 });
}

/** Acknowledges. Repeating it is harmless. */
export function acknowledge() {
  return api.post("link/ack");
}
