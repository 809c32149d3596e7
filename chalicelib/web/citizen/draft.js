/** What the citizen has written for a report and not yet sent; it survives a reload, and carries the report's key. */

import { newKey } from "../shared/api.js";
import { citizen } from "./session.js";
import { keepHere, recall } from "./storage.js";

let draft = null;

function fresh() {
  return {
    key: newKey(),
    citizenId: citizen()?.id ?? null,
    text: "",
    place: "",
    contact_phone: "",
    callback_allowed: true,
    tip: false,
  };
}

/** The draft of the signed-in citizen; somebody else's on this device is forgotten. */
export function theDraft() {
  draft ??= recall("draft");
  if (!draft || draft.citizenId !== citizen()?.id) draft = fresh();
  return draft;
}

/** Changes the draft and keeps it. */
export function changeDraft(changes) {
  draft = { ...theDraft(), ...changes };
  keepHere("draft", draft);
}

/** Forgets the draft: the report is in. */
export function clearDraft() {
  draft = null;
  keepHere("draft", null);
}

/** True when nothing has been written. */
export function draftIsEmpty() {
  const { text, place } = theDraft();
  return !text.trim() && !place.trim();
}

/** The body of the report as the service takes it, with the newest position when there is one. */
export function reportBody(position) {
  const { text, place, contact_phone, callback_allowed, tip } = theDraft();
  const body = { callback_allowed, tip };
  if (text.trim()) body.text = text.trim();
  if (place.trim()) body.place = place.trim();
  if (contact_phone.trim()) body.contact_phone = contact_phone.replace(/[\s-]/g, "");
  if (position) body.position = position;
  return body;
}
