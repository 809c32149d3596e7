/** What the citizen has written and not yet sent; it outlives the mini-program, and carries the report's key. */

const { newKey } = require("../api/key.js");
const { keepHere, recall } = require("../api/storage.js");

/** The draft; a fresh one when there is none. */
function theDraft() {
  const kept = recall("draft");
  if (kept) return kept;
  const draft = { key: newKey(), text: "", place: "", contact_phone: "", callback_allowed: true, tip: false };
  keepHere("draft", draft);
  return draft;
}

/** Changes the draft and keeps it. */
function changeDraft(changes) {
  keepHere("draft", { ...theDraft(), ...changes });
}

/** Forgets the draft: the report is in. */
function clearDraft() {
  keepHere("draft", null);
}

/** True when nothing has been written. */
function draftIsEmpty() {
  const { text, place } = theDraft();
  return !text.trim() && !place.trim();
}

/** The body of the report as the service takes it, with the newest position when there is one. */
function reportBody(position) {
  const { text, place, contact_phone: phone, callback_allowed, tip } = theDraft();
  const body = { callback_allowed, tip };
  if (text.trim()) body.text = text.trim();
  if (place.trim()) body.place = place.trim();
  if (phone.trim()) body.contact_phone = phone.replace(/[\s-]/g, "");
  if (position) body.position = position;
  return body;
}

module.exports = { changeDraft, clearDraft, draftIsEmpty, reportBody, theDraft };
