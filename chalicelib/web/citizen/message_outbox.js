/** Messages on their way to the call-taker: kept on the device, sent in order, each under one key until it is in. */

import { newKey } from "../shared/api.js";
import { passes } from "../shared/faults.js";
import { problemWords } from "../shared/words.js";
import { api, citizen } from "./session.js";
import { keepHere, recall } from "./storage.js";

const listeners = new Set();
let messages = null;
let sending = false;
let wake = () => {};

/** Calls back with `{changed: true}` or `{from, to}` when a message opened a linked report; gives what stops it. */
export function onMessages(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * The messages not yet in of a report, by its id, or by its key while it is not in itself: `[{key, text, state, words, seq}]`, state
 * `sending`, `waiting`, `refused` or `sent`.
 */
export function pendingMessages(report) {
  return all().filter(({ incidentId, reportKey }) => (incidentId ?? reportKey) === report);
}

/** Takes a message and sends it as soon as may be; of a `quiet` one nothing stays on the device once it is in. */
export function sendMessage(incidentId, text, { quiet = false } = {}) {
  take({ incidentId, text, quiet });
  sendWaiting();
}

/** Takes a quiet message for a report that is not in yet; it waits until `adoptMessages` says which incident it became. */
export function holdMessage(reportKey, text) {
  take({ incidentId: null, reportKey, text, quiet: true });
}

/** Sends what was said for a report before it was in. */
export function adoptMessages(reportKey, incidentId) {
  const citizenId = citizen()?.id ?? null;
  for (const message of pendingMessages(reportKey)) Object.assign(message, { incidentId, citizenId: citizenId ?? message.citizenId });
  tell({ changed: true });
  sendWaiting();
}

function take(message) {
  const fresh = { key: newKey(), citizenId: citizen()?.id ?? null, state: "sending", words: "", seq: null };
  messages = [...all(), { ...fresh, ...message }];
  tell({ changed: true });
}

/** Takes away a message that is in the record by now, or that was refused. */
export function dropMessage(key) {
  messages = all().filter((message) => message.key !== key);
  tell({ changed: true });
}

/** Her messages that are not in yet; quiet ones are never among them, for no page may show that one waits. */
export function unsentMessages() {
  return all().filter((message) => isOpen(message) && !message.quiet && message.citizenId === citizen()?.id);
}

/** Forgets her messages (signing out); quiet ones stay until they are in. */
export function dropOwnMessages() {
  messages = all().filter(({ citizenId, quiet }) => quiet || citizenId !== citizen()?.id);
  tell({ changed: true });
}

/** Sends what a thrown-away tab left behind. */
export function sendWaiting() {
  wake();
  if (!sending) run();
}

globalThis.addEventListener("online", sendWaiting);

function all() {
  messages ??= (recall("messages") ?? []).map((message) => ({
    ...message,
    state: message.state === "sent" ? "sending" : message.state,
  }));
  return messages;
}

/* Whoever is signed in: a sign-in that was refused takes nobody's words off the device. */
function tell(news) {
  const kept = all().filter(isKept);
  keepHere("messages", kept.length > 0 ? kept : null);
  for (const listener of listeners) listener(news);
}

/* What nobody is signed in for yet lasts as long as the page: later nobody would know whose it was. */
function isKept({ quiet, state, citizenId }) {
  return citizenId !== null && (!quiet || isOpen({ state }));
}

function isOpen({ state }) {
  return state === "sending" || state === "waiting";
}

function nextToSend() {
  return all().find((one) => isOpen(one) && one.incidentId !== null && one.citizenId === citizen()?.id);
}

async function run() {
  sending = true;
  for (let pause = 1000; ;) {
    const message = nextToSend();
    if (!message) break;
    if (await sendOne(message)) pause = 1000;
    else if (!citizen()) break;
    else {
      await rest(pause);
      pause = Math.min(pause * 2, 15_000);
    }
  }
  sending = false;
}

async function sendOne(message) {
  try {
    const { incident_id: to, seq } = await api.post(
      `reports/${message.incidentId}/messages`,
      { text: message.text },
      { key: message.key, tries: 1 },
    );
    const from = message.incidentId;
    Object.assign(message, { state: "sent", incidentId: to, seq });
    tell(from === to ? { changed: true } : { from, to });
    return true;
  } catch (error) {
    const final = !passes(error) && error.status !== 401;
    Object.assign(message, final ? { state: "refused", words: problemWords(error.facts ?? {}) } : { state: "waiting" });
    tell({ changed: true });
    return final;
  }
}

function rest(milliseconds) {
  return new Promise((resolve) => {
    wake = resolve;
    setTimeout(resolve, milliseconds);
  });
}
