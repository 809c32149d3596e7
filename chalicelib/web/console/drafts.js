/**
 * Keeps what the call-taker typed until it is sent, through tabs, reloads and refusals.
 *
 * Drafts hold personal data, so they stand in `sessionStorage`: gone with the browser tab and with the sign-out.
 */

import { newKey } from "../shared/api.js";

const PREFIX = "instant110.console.draft.";

/** The text kept under a name, or "". */
export function draft(incidentId, field) {
  return sessionStorage.getItem(nameOf(incidentId, field)) ?? "";
}

/** Keeps a text; an empty one is forgotten. */
export function keepDraft(incidentId, field, text) {
  if (text === "") sessionStorage.removeItem(nameOf(incidentId, field));
  else sessionStorage.setItem(nameOf(incidentId, field), text);
}

/** Fills a field from its draft and keeps each keystroke from then on; answers the field. */
export function drafted(field, incidentId, name, fallback = "") {
  const remember = () => keepDraft(incidentId, name, field.value);
  field.addEventListener("input", remember);
  field.addEventListener("change", remember);
  return refill(field, incidentId, name, fallback);
}

/** Fills a field with its draft or, where nothing was begun, with what the service says. */
export function refill(field, incidentId, name, fallback) {
  field.value = draft(incidentId, name) || fallback;
  return field;
}

/** Keeps a choice (a radio group of form.js) as a draft too; answers the group. */
export function draftedChoice(group, incidentId, name) {
  group.element.addEventListener("change", () => keepDraft(incidentId, name, group.value() ?? ""));
  return refillChoice(group, incidentId, name, null);
}

/** Sets a choice to its draft or, where nothing was begun, to what the service says. */
export function refillChoice(group, incidentId, name, fallback) {
  group.set(draft(incidentId, name) || fallback);
  return group;
}

/** The idempotency key of a text: the same one for every try of the same content, a new one for another. */
export function keyFor(incidentId, field, content) {
  const [kept, key] = draft(incidentId, `${field}.key`).split("\u0000");
  if (kept === content && key) return key;
  const fresh = newKey();
  keepDraft(incidentId, `${field}.key`, `${content}\u0000${fresh}`);
  return fresh;
}

/** Forgets the drafts of these fields, and their keys, once they were sent. */
export function sent(incidentId, ...fields) {
  for (const field of fields) {
    keepDraft(incidentId, field, "");
    keepDraft(incidentId, `${field}.key`, "");
  }
}

/** Notes the drafts of these fields as they are being sent; what it gives forgets those of them that were not changed since. */
export function sending(incidentId, ...fields) {
  const before = new Map(fields.map((field) => [field, draft(incidentId, field)]));
  return () => sent(incidentId, ...fields.filter((field) => draft(incidentId, field) === before.get(field)));
}

/** Forgets the drafts of one incident, or all of them. */
export function forgetDrafts(incidentId = null) {
  const prefix = incidentId === null ? PREFIX : `${PREFIX}${incidentId}.`;
  for (const key of keys()) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}

function nameOf(incidentId, field) {
  return `${PREFIX}${incidentId}.${field}`;
}

function keys() {
  return Array.from({ length: sessionStorage.length }, (_, index) => sessionStorage.key(index));
}
