/**
 * Files a report and does not let go until the service has it.
 *
 * Each report and its key are kept on the phone as they are and sent again and again, also after the mini-program was closed: the
 * same key and the same body, so that it is filed once however often it is sent. A refused one stays until the citizen
 * has decided. Silent reports have a place of their own, because no page may show that one waits.
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

/** The report of that key that waits to be taken, `{key, mode, body}`; without one the newest; null when there is none. A silent one is never it. */
function waitingReport(key = null) {
  return newest(kept("outbox").filter((report) => key === null || report.key === key));
}

/** Puts a report into the outbox, in the place of one of the same key, and sends it. */
function putInOutbox(body, { key = newKey(), mode = "photo_text" } = {}) {
  const report = { key, mode, body };
  keepHere(slotOf(mode), [...others(report), report]);
  outcomes.delete(key);
  void fileReport(report);
  return report;
}

/** Puts a live report into the outbox; one of that mode that waits there already is tried again instead. */
function putLiveInOutbox(mode, position) {
  const waiting = newest(kept(slotOf(mode)).filter((report) => report.mode === mode));
  return waiting ? putInOutbox(waiting.body, waiting) : putInOutbox(position ? { position } : {}, { mode });
}

/** Takes the report out again (the citizen goes back). */
function emptyOutbox(report) {
  const left = others(report);
  keepHere(slotOf(report.mode), left.length > 0 ? left : null);
}

/** Goes on with what was left behind. */
function sendWaitingReports() {
  for (const report of [...kept("later"), ...kept("outbox")]) void fileReport(report);
}

/* Earlier versions kept one report here and no list. */
function kept(slot) {
  return [].concat(recall(slot) || []);
}

function others({ key, mode }) {
  return kept(slotOf(mode)).filter((one) => one.key !== key);
}

function newest(reports) {
  return reports[reports.length - 1] || null;
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

function isWanted({ key, mode }) {
  return kept(slotOf(mode)).some((one) => one.key === key);
}

/* The files go over to the incident before the outbox is emptied: whatever happens between, none is lost. */
function taken(report, incident) {
  adopt(report.key, incident.id);
  emptyOutbox(report);
  if (report.mode === "photo_text" && theDraft().key === report.key) clearDraft();
  underway.delete(report.key);
  tell({ what: "filed", report, incident });
}

module.exports = { emptyOutbox, onFiling, outcomeOf, putInOutbox, putLiveInOutbox, sendWaitingReports, waitingReport };
