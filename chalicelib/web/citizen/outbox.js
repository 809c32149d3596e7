/**
 * Files a report and does not let go until the service has it.
 *
 * Once 报警 is tapped, the report and its key are kept on the device as they are and sent, again and again, also after a reload: the
 * same key and the same body, so that it is filed once however often it is sent. Only a refusal gives it back to the form.
 */

import { newKey } from "../shared/api.js";
import { passes } from "../shared/faults.js";
import { api, citizen } from "./session.js";
import { keepHere, recall } from "./storage.js";

const LONGEST_WAIT_MS = 15_000;
let hurry = () => {};

/** The report that waits to be taken, `{key, citizenId, body}`, or null. */
export function waitingReport() {
  const waiting = recall("outbox");
  return waiting && waiting.citizenId === citizen()?.id ? waiting : null;
}

/** Puts a report into the outbox under the draft's key. */
export function putInOutbox(body, key = newKey()) {
  const report = { key, citizenId: citizen().id, body };
  keepHere("outbox", report);
  return report;
}

/** Takes the report out again (the citizen goes back to the form). */
export function emptyOutbox() {
  keepHere("outbox", null);
}

/**
 * Sends the report until it is taken and resolves to the incident. Throws `Problem` when the service refuses it.
 *
 * `onTry(attempt, error)` is told of each attempt that failed for want of a connection. Going online tries at once.
 */
export async function fileReport(report, onTry) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { incident } = await api.post("reports/photo-text", report.body, { key: report.key, tries: 1 });
      emptyOutbox();
      return incident;
    } catch (error) {
      if (!passes(error)) throw error;
      onTry(attempt, error);
      await rest(Math.min(1000 * 2 ** (attempt - 1), LONGEST_WAIT_MS));
    }
  }
}

/** Ends the present wait and tries now. */
export function tryNow() {
  hurry();
}

globalThis.addEventListener("online", tryNow);

function rest(milliseconds) {
  return new Promise((resolve) => {
    hurry = resolve;
    setTimeout(resolve, milliseconds);
  });
}
