/**
 * The pictures and videos of a report, from being chosen to being in the store.
 *
 * Each has a key, a copy and a line in the phone's storage, so that a mini-program that was closed in mid-upload goes on where it
 * was. Two go at a time; the service is asked for one signature after another, because a closed incident moves to a linked
 * one at the first.
 */

const { post } = require("../api/api.js");
const { passes } = require("../api/faults.js");
const { Problem } = require("../api/http.js");
const { recall, keepHere } = require("../api/storage.js");
const { problemWords, t } = require("../words/words.js");
const { FileGone, digestOf, dropFile, isGone } = require("./files.js");
const { listeners } = require("./listeners.js");
const { rest } = require("./network.js");
const { StoreRefused, sendFile } = require("./store.js");

const AT_ONCE = 2;
const PATIENT_TRIES = 6;
const LONG_REST_MS = 30000;
const KEPT = ["key", "reportKey", "incidentId", "kind", "contentType", "size", "path", "thumb", "sum"];
const FRESH = { state: "waiting", progress: 0, mediaId: null, words: "", tries: 0 };
const heard = listeners();
let items = null;
let signing = Promise.resolve();

/** Calls back with an item whenever it changes; `movedFrom` names the closed report it went on from. */
function onUpload(listener) {
  return heard.add(listener);
}

/** The files chosen for a report that is not in yet. */
function chosenFor(reportKey) {
  return all().filter((item) => item.reportKey === reportKey && item.incidentId === null);
}

/** The files of one incident that were chosen on this phone. */
function uploadsOf(incidentId) {
  return all().filter((item) => item.incidentId === incidentId);
}

/** Takes a chosen file: for a report's key, or at once for an incident. */
function addFile(file, { reportKey = null, incidentId = null }) {
  items = [...all(), { ...FRESH, sum: null, ...file, reportKey, incidentId }];
  keep();
  next();
}

/** Takes a file away. */
function removeFile(key) {
  const gone = all().find((item) => item.key === key);
  items = all().filter((item) => item.key !== key);
  if (gone) dropFile(gone.path);
  keep();
}

/** Hands the files of a report that is in now to its incident, and sends them. */
function adopt(reportKey, incidentId) {
  for (const item of chosenFor(reportKey)) Object.assign(item, { incidentId });
  keep();
  next();
}

/** Tries a file again that was given up. */
function retryUpload(key) {
  const item = all().find((one) => one.key === key);
  if (!item || item.state !== "failed") return;
  item.tries = 0;
  change(item, { state: "waiting", words: "" });
  next();
}

/** Goes on with what was left behind: after a start, out of the background, with the network. */
function sendWaitingFiles() {
  for (const item of all()) retryUpload(item.key);
  next();
}

function all() {
  if (items === null) items = (recall("files") || []).map((kept) => ({ ...FRESH, ...kept }));
  return items;
}

function keep() {
  const open = all().filter((item) => item.state !== "sent" && item.state !== "refused");
  const lines = open.map((item) => Object.fromEntries(KEPT.map((name) => [name, item[name]])));
  keepHere("files", lines.length > 0 ? lines : null);
}

function change(item, news) {
  Object.assign(item, news);
  heard.tell(item);
}

function next() {
  const busy = all().filter(({ state }) => state === "preparing" || state === "sending").length;
  const ready = all().filter(({ state, incidentId }) => state === "waiting" && incidentId !== null);
  for (const item of ready.slice(0, Math.max(0, AT_ONCE - busy))) void run(item);
}

async function run(item) {
  change(item, { state: "preparing", words: "" });
  try {
    await sendOne(item);
    change(item, { state: "sent", progress: 1 });
    keep();
    dropFile(item.path);
  } catch (fault) {
    await afterFault(item, fault);
  }
  next();
}

async function sendOne(item) {
  if (!item.sum) item.sum = await digestOf(item.path, item.size);
  const turn = signing.then(() => askSignature(item));
  signing = turn.then(
    () => {},
    () => {},
  );
  const signed = await turn;
  change(item, { state: "sending", mediaId: signed.media_id, progress: 0 });
  await sendFile(signed, item.path, (progress) => change(item, { progress }));
}

async function askSignature(item) {
  const { kind, contentType, size, sum, incidentId, key } = item;
  const wanted = { kind, content_type: contentType, size_bytes: size, sha256: sum };
  const signed = await post(`reports/${incidentId}/media`, wanted, { key });
  if (signed.incident_id !== incidentId) moveTo(incidentId, signed.incident_id);
  return signed;
}

/* A report that was closed has gone on as a linked one: every file of it that is not in yet follows. */
function moveTo(from, to) {
  for (const item of uploadsOf(from)) if (item.state !== "sent") change(item, { incidentId: to, movedFrom: from });
  keep();
}

async function afterFault(item, fault) {
  const reason = await refusalOf(item, fault);
  if (reason) {
    change(item, { state: "refused", words: reason });
    dropFile(item.path);
    return keep();
  }
  item.tries += 1;
  const patient = item.tries < PATIENT_TRIES && fault.status !== 401;
  change(item, patient ? { state: "resting", words: t("upload.again") } : { state: "failed", words: t("upload.failed") });
  void goOnLater(item, patient ? Math.min(1000 * 2 ** item.tries, 15000) : LONG_REST_MS);
  return undefined;
}

/* Why a file will never be taken, in words; "" for what may pass. */
async function refusalOf(item, fault) {
  if (fault instanceof FileGone || (await isGone(item.path))) return t("upload.gone");
  if (fault instanceof Problem) return passes(fault) ? "" : problemWords(fault.facts);
  return fault instanceof StoreRefused && /^EntityToo/.test(fault.code) ? t("problem.media-too-large") : "";
}

async function goOnLater(item, milliseconds) {
  await rest(milliseconds);
  if (item.state === "failed") return retryUpload(item.key);
  if (item.state === "resting") change(item, { state: "waiting" });
  return next();
}

module.exports = { addFile, adopt, chosenFor, onUpload, removeFile, retryUpload, sendWaitingFiles, uploadsOf };
