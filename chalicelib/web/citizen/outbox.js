/**
 * Files a report and does not let go until the service has it.
 *
 * Once 报警 is tapped, the report and its key are kept on the device as they are and sent, again and again, also after a reload: the
 * same key and the same body, so that it is filed once however often it is sent. Only a refusal gives it back to the form.
 * A silent report has a place of its own, because no page may show that it waits.
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

/** The report that waits to be taken, `{key, citizenId, mode, body}`, or null; a silent one is never it. */
export function waitingReport() {
  return mine(recall("outbox"));
}

/** The silent report that waits to be taken, or null. */
export function waitingQuietly() {
  return mine(recall("later"));
}

/** Notes on the silent report that waits that she left meanwhile; gives it, or null. */
export function noteExit() {
  const report = waitingQuietly();
  if (report) keepHere("later", { ...report, left: true });
  return report;
}

function mine(waiting) {
  return waiting && waiting.citizenId === citizen()?.id ? waiting : null;
}

/** Puts a report into the outbox under the draft's key. */
export function putInOutbox(body, { key = newKey(), mode = "photo_text" } = {}) {
  const report = { key, citizenId: citizen().id, mode, body };
  keepHere(slotOf(report), report);
  return report;
}

/** Takes the report out again (the citizen goes back to the form). */
export function emptyOutbox(report) {
  keepHere(slotOf(report), null);
}

function slotOf({ mode }) {
  return mode === "silent" ? "later" : "outbox";
}

/**
 * Sends the report until it is taken and resolves to `{incident, call}` (`call` of a live report, when a line was free).
 * Throws `Problem` when the service refuses it. The same report asked for twice is sent once.
 *
 * `onTry(attempt, error)` is told of each attempt that failed for want of a connection. Going online tries at once.
 */
export function fileReport(report, onTry) {
  if (!underway.has(report.key))
    underway.set(
      report.key,
      send(report, onTry).finally(() => underway.delete(report.key)),
    );
  return underway.get(report.key);
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
      onTry(attempt, error);
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
