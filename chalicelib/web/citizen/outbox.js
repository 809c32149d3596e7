/**
 * Files a report and does not let go until the service has it.
 *
 * Once 报警 is tapped, a report and its key are kept on the device as they are and sent, again and again, also after a reload: the
 * same key and the same body, so that it is filed once however often it is sent. Only a refusal gives it back to the form.
 * Silent reports have a place of their own, because no page may show that one waits.
 */

import { newKey } from "../shared/api.js";
import { passes } from "../shared/faults.js";
import { adoptMessages } from "./message_outbox.js";
import { api, citizen } from "./session.js";
import { keepHere, recall } from "./storage.js";

const LONGEST_WAIT_MS = 15_000;
const PATHS = { photo_text: "photo-text" };
const underway = new Map();
const resting = new Set();

/** The newest report that waits to be taken, `{key, citizenId, mode, body}`, or null; a silent one is never it. */
export function waitingReport() {
  return waitingReports().at(-1) ?? null;
}

/** All reports that wait to be taken, oldest first; silent ones are not among them. */
export function waitingReports() {
  return mine("outbox");
}

/** The newest silent report that waits to be taken, or null; one that she left is not shown again. */
export function waitingQuietly() {
  return quietReports().filter((report) => !report.left).at(-1) ?? null;
}

/** All silent reports that wait to be taken, oldest first; `left` on those she left. */
export function quietReports() {
  return mine("later");
}

/** Notes on the silent report that waits that she left meanwhile; gives it, or null. */
export function noteExit() {
  const report = waitingQuietly();
  if (report) keep({ ...report, left: true });
  return report;
}

/** Puts a report into the outbox under the draft's key. */
export function putInOutbox(body, { key = newKey(), mode = "photo_text" } = {}) {
  return keep({ key, citizenId: citizen().id, mode, body });
}

/** Puts a live report into the outbox; one of that mode that waits there already goes on instead. */
export function putLiveInOutbox(mode, position) {
  const waiting = mode === "silent" ? waitingQuietly() : waitingReports().filter((report) => report.mode === mode).at(-1);
  return waiting ?? putInOutbox(position ? { position } : {}, { mode });
}

/** Takes the report out again (the citizen goes back to the form). */
export function emptyOutbox(report) {
  const left = others(report);
  keepHere(slotOf(report), left.length > 0 ? left : null);
}

/* In the place of one of the same key. */
function keep(report) {
  keepHere(slotOf(report), [...others(report), report]);
  return report;
}

function others(report) {
  return kept(slotOf(report)).filter(({ key }) => key !== report.key);
}

/* Earlier versions kept one report here and no list. */
function kept(slot) {
  return [recall(slot) ?? []].flat();
}

function mine(slot) {
  return kept(slot).filter(({ citizenId }) => citizenId === citizen()?.id);
}

function slotOf({ mode }) {
  return mode === "silent" ? "later" : "outbox";
}

/**
 * Sends the report until it is taken and resolves to `{incident, call}` (`call` of a live report, when a line was free).
 * Throws `Problem` when the service refuses it. The same report asked for twice is sent once.
 *
 * `onTry(attempt)` is told of each attempt that failed for want of a connection. Going online tries at once.
 */
export function fileReport(report, onTry = () => {}) {
  const { answer, listeners } = underway.get(report.key) ?? begin(report);
  listeners.add(onTry);
  return answer;
}

function begin(report) {
  const listeners = new Set();
  const tell = (attempt) => listeners.forEach((listener) => listener(attempt));
  const filing = { listeners, answer: send(report, tell).finally(() => underway.delete(report.key)) };
  underway.set(report.key, filing);
  return filing;
}

async function send(report, onTry) {
  const path = `reports/${PATHS[report.mode] ?? report.mode ?? "photo-text"}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { incident, call = null } = await api.post(path, report.body, { key: report.key, tries: 1 });
      adoptMessages(report.key, incident.id);
      emptyOutbox(report);
      return { incident, call };
    } catch (error) {
      if (!passes(error)) throw error;
      onTry(attempt);
      await rest(Math.min(1000 * 2 ** (attempt - 1), LONGEST_WAIT_MS));
    }
  }
}

/** Ends the present waits and tries now. */
export function tryNow() {
  for (const wake of resting) wake();
  resting.clear();
}

globalThis.addEventListener("online", tryNow);

function rest(milliseconds) {
  return new Promise((resolve) => {
    resting.add(resolve);
    setTimeout(() => (resting.delete(resolve), resolve()), milliseconds);
  });
}
