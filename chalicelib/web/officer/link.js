/**
 * The officer's link: its token, this device's key for it, and the calls made with both.
 *
 * The token stays in the fragment, which no server sees: reopening the tab must work, and elsewhere the link is refused anyhow,
 * because it is bound to the device that opened it first. The key is kept under a hash of the token, never under the token.
 */

import { connect, newKey } from "../shared/api.js";
import { sha256Hex } from "../shared/sha256.js";

/* Phones take the stop after a link in a text for a part of it; the token itself is base64url. */
const token = /^#([\w-]+)/.exec(location.hash)?.[1] ?? "";
const api = connect({ base: document.baseURI, headers });
let place = "";
let kept = {};

function headers() {
  const key = kept.device_key ?? kept.proposed_key;
  return { "X-Link-Token": token, ...(key ? { "X-Device-Key": key } : {}) };
}

/** True when the address names a link at all. */
export function hasToken() {
  return token.length > 0;
}

/** Finds what this device keeps for the link; says whether it opened the link before. */
export async function recallLink() {
  place = `instant110.link.${(await sha256Hex(token)).slice(0, 32)}`;
  try {
    kept = JSON.parse(localStorage.getItem(place)) ?? {};
  } catch {
    kept = {};
  }
  return Boolean(kept.device_key);
}

/** What is kept for this link under a name: the unsent step, the report being written. */
export function recallHere(name) {
  return kept[name] ?? null;
}

/** Keeps something for this link on this device; null forgets it. */
export function keepForLink(name, value) {
  kept = { ...kept, [name]: value };
  try {
    localStorage.setItem(place, JSON.stringify(kept));
  } catch {
    // Kept for as long as the page is open, then.
  }
}

/**
 * Opens the link with the last four digits of the officer's number and binds it to this device.
 *
 * The device proposes its key and keeps it first, so that opening again after a lost answer is the same device opening.
 */
export async function openLink(lastDigits) {
  if (!kept.proposed_key) keepForLink("proposed_key", newKey());
  const { device_key: key, ...task } = await api.post("link/open", { last_digits: lastDigits });
  keepForLink("device_key", key ?? kept.proposed_key);
  return task;
}

/** Reads the task as it is now; of its messages those that came `after` the number that the last answer counted to. */
export function readTask({ after }) {
  return api.get("link/incident", { after }, { tries: 1, timeoutMs: 8000 });
}

/** Reports a step: `en_route` or `on_scene`. Repeating it is harmless. */
export function reportStep(status) {
  return api.post("link/status", { status });
}

/** A fresh way into the live call. */
export async function joinCall() {
  return (await api.post("link/call")).call;
}

/** Writes to the command centre; the same key is one message. Resolves to the task. */
export function writeToDesk(text, key) {
  return api.post("link/messages", { text }, { key });
}

/** Sends the report from the scene. Repeating it is harmless. */
export function reportBack(report) {
  return api.post("link/feedback", report);
}

/** The county, for the map. */
export function readCounty() {
  return api.get("county");
}
