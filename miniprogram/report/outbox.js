/**
 * Files a report and does not let go until the service has it.
 *
 * The report and its key are kept on the phone as they are and sent again and again, also after the mini-program was closed: the
 * same key and the same body, so that it is filed once however often it is sent. A refused one stays until the citizen
 * has decided. A silent report has a place of its own, because no page may show that it waits.
 */

const { post } = require("../api/api.js");
const { passes } = require("../api/faults.js");
const { newKey } = require("../api/key.js");
const { keepHere, recall } = require("../api/storage.js");
const { clearDraft, theDraft } = require("./draft.js");
const { listeners } = require("./listeners.js");
const { rest } = require("./network.js");
const { adopt } = require("./uploads.js");

const LONGEST_WAIT_MS = 15000;
const PATHS = { photo_text: "photo-text" };
const heard = listeners();
const underway = new Set();
const outcomes = new Map();

/** Calls back with `{what: "again" | "filed" | "refused", report, …}`; gives back what stops it. */
function onFiling(listener) {
  return heard.add(listener);
}

/** What was last told of a report, for a page that comes later; null when nothing was. */
function outcomeOf(key) {
  return outcomes.get(key) || null;
}

/** The report that waits to be taken, `{key, mode, body}`, or null; a silent one is never it. */
function waitingReport() {
  return recall("outbox");
}

/** The silent report that waits to be taken, or null. */
function waitingQuietly() {
  return recall("later");
}

/** Puts a report into the outbox and sends it. */
function putInOutbox(body, { key = newKey(), mode = "photo_text" } = {}) {
  const report = { key, mode, body };
  keepHere(slotOf(mode), report);
  outcomes.delete(key);
  void fileReport(report);
  return report;
}

/** Takes the report out again (the citizen goes back). */
function emptyOutbox({ mode }) {
  keepHere(slotOf(mode), null);
}

/** Goes on with what was left behind. */
function sendWaitingReports() {
  for (const report of [waitingQuietly(), waitingReport()]) if (report) void fileReport(report);
}

function tell(news) {
  outcomes.set(news.report.key, news);
  heard.tell(news);
}

function slotOf(mode) {
  return mode === "silent" ? "later" : "outbox";
}

async function fileReport(report) {
  if (underway.has(report.key)) return;
  underway.add(report.key);
  try {
    await sendUntilTaken(report);
  } catch (problem) {
    underway.delete(report.key);
    tell({ what: "refused", report, problem });
  }
  underway.delete(report.key);
}

async function sendUntilTaken(report) {
  for (let attempt = 1; isWanted(report); attempt += 1) {
    try {
      const { incident } = await post(`reports/${PATHS[report.mode] || report.mode}`, report.body, {
        key: report.key,
        tries: 1,
      });
      return taken(report, incident);
    } catch (error) {
      if (!passes(error)) throw error;
      tell({ what: "again", report, attempt });
      await rest(Math.min(1000 * 2 ** (attempt - 1), LONGEST_WAIT_MS));
    }
  }
  return undefined;
}

function isWanted(report) {
  const kept = recall(slotOf(report.mode));
  return kept !== null && kept.key === report.key;
}

/* The files go over to the incident before the outbox is emptied: whatever happens between, none is lost. */
function taken(report, incident) {
  adopt(report.key, incident.id);
  emptyOutbox(report);
  if (report.mode === "photo_text" && theDraft().key === report.key) clearDraft();
  underway.delete(report.key);
  tell({ what: "filed", report, incident });
}

module.exports = { emptyOutbox, onFiling, outcomeOf, putInOutbox, sendWaitingReports, waitingQuietly, waitingReport };
