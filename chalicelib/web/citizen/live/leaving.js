/** Tells the service of a quick exit, and brings in what was under way then, with nothing shown of either. */

import { passes } from "../../shared/faults.js";
import { fileReport, noteExit, quietReports } from "../outbox.js";
import { api, citizen } from "../session.js";
import { keepHere, recall } from "../storage.js";

const NAME = "left";
const AGAIN_MS = 3_000;
let telling = false;

/** Tells of a quick exit from a report; kept on the device until it is told. */
export function tellOfExit(incidentId) {
  keepHere(NAME, { id: incidentId, citizenId: citizen()?.id ?? null });
  void tell();
}

/** Sends a silent report that is not in yet, and tells that she left. */
export function goOnAfterExit() {
  const report = noteExit();
  if (report) void bringIn(report, true);
}

/** Goes on with what a closed page left behind; nobody sees it. */
export function resumeQuietly() {
  for (const report of quietReports()) void bringIn(report, Boolean(report.left));
  void tell();
}

async function bringIn(report, left) {
  try {
    const { incident } = await fileReport(report);
    if (left) tellOfExit(incident.id);
  } catch {
    // Refused, or signed out: there is nobody to tell, and nothing may be shown.
  }
}

async function tell() {
  if (telling) return;
  telling = true;
  for (;;) {
    const exit = recall(NAME);
    if (!exit || exit.citizenId !== citizen()?.id) break;
    if (await told(exit.id)) keepHere(NAME, null);
    else await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
  telling = false;
}

async function told(incidentId) {
  try {
    await api.post(`reports/${incidentId}/quick-exit`, {}, { tries: 1, keepalive: true });
    return true;
  } catch (error) {
    return !passes(error);
  }
}
