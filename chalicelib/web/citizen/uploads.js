/**
 * Sends the chosen files of filed reports: two at a time, each with its own key, progress and second chances.
 *
 * The service is asked for one signature after another (a closed incident moves to a linked one at the first), the bytes go in parallel.
 */

import { Problem } from "../shared/api.js";
import { passes } from "../shared/faults.js";
import { sha256Hex } from "../shared/sha256.js";
import { sendFile, StoreRefused } from "../shared/upload.js";
import { problemWords, t } from "../shared/words.js";
import { dropFile, keepFile } from "./kept_files.js";
import { record } from "./picked.js";
import { api } from "./session.js";

const AT_ONCE = 2;
const PATIENT_TRIES = 6;
const LONG_REST_MS = 30_000;
const listeners = new Set();
let items = [];
let signing = Promise.resolve();

/** Calls back with an item whenever it changes; returns a function that stops it. */
export function onUpload(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The files of one incident: `{key, kind, name, preview, state, progress, mediaId, words}` in order. */
export function uploadsOf(incidentId) {
  return items.filter((item) => item.incidentId === incidentId);
}

/** Starts sending files to an incident; one that is on its way already is only woken. */
export function sendAll(incidentId, files) {
  const present = new Set(items.map((item) => item.key));
  for (const { key } of files) retryUpload(key);
  for (const file of files.filter((one) => !present.has(one.key))) {
    const item = { ...file, incidentId, state: "waiting", progress: 0, mediaId: null, words: "", tries: 0, sum: null };
    items.push(item);
    keepFile(record(item, incidentId));
  }
  next();
}

/** Tries a failed file again. */
export function retryUpload(key) {
  const item = items.find((one) => one.key === key);
  if (!item || item.state !== "failed") return;
  item.tries = 0;
  change(item, { state: "waiting", words: "" });
  next();
}

/** Takes a file that was refused or failed out of the list. */
export function forgetUpload(key) {
  items = items.filter((item) => item.key !== key);
  dropFile(key);
}

/** The files that are not in yet, also those that rest between two tries. */
export function unsentFiles() {
  return items.filter((item) => item.state !== "sent" && item.state !== "refused");
}

/** True while some file is on its way: leaving the page now would interrupt it. */
export function uploading() {
  return items.some((item) => ["waiting", "preparing", "sending"].includes(item.state));
}

globalThis.addEventListener("online", () => {
  for (const item of items) {
    if (item.state === "resting") change(item, { state: "waiting" });
    retryUpload(item.key);
  }
  next();
});

function change(item, news) {
  Object.assign(item, news);
  for (const listener of listeners) listener(item);
}

function next() {
  const busy = items.filter((item) => item.state === "preparing" || item.state === "sending").length;
  for (const item of items.filter((one) => one.state === "waiting").slice(0, Math.max(0, AT_ONCE - busy))) run(item);
}

async function run(item) {
  change(item, { state: "preparing", words: "" });
  try {
    await sendOne(item);
    change(item, { state: "sent", progress: 1 });
    dropFile(item.key);
  } catch (fault) {
    await afterFault(item, fault);
  }
  next();
}

async function sendOne(item) {
  item.sum ??= await sha256Hex(item.file);
  const turn = signing.then(() => askSignature(item));
  signing = turn.catch(() => {});
  const signed = await turn;
  change(item, { state: "sending", mediaId: signed.media_id, progress: 0 });
  await sendFile(signed, item.file, { onProgress: (progress) => change(item, { progress }) });
}

async function askSignature(item) {
  const wanted = { kind: item.kind, content_type: item.contentType, size_bytes: item.file.size, sha256: item.sum };
  const signed = await api.post(`reports/${item.incidentId}/media`, wanted, { key: item.key });
  if (signed.incident_id && signed.incident_id !== item.incidentId) moveTo(item.incidentId, signed.incident_id);
  return signed;
}

/* A report that was closed has gone on as a linked one: every file of it that is not in yet follows. */
function moveTo(from, to) {
  for (const item of items) {
    if (item.incidentId !== from || item.state === "sent") continue;
    keepFile(record(item, to));
    change(item, { incidentId: to, movedFrom: from });
  }
}

async function afterFault(item, fault) {
  const refused = fault instanceof Problem ? !passes(fault) && fault.status !== 401 : tooLarge(fault);
  if (refused) {
    dropFile(item.key);
    return change(item, {
      state: "refused",
      words: fault instanceof Problem ? problemWords(fault.facts) : t("problem.media-too-large"),
    });
  }
  item.tries += 1;
  if (item.tries >= PATIENT_TRIES || fault.status === 401) return rest(item);
  change(item, { state: "resting", words: t("upload.again") });
  setTimeout(
    () => {
      if (item.state === "resting") change(item, { state: "waiting" });
      next();
    },
    Math.min(1000 * 2 ** item.tries, 15_000),
  );
}

/* It stops saying that it tries, offers the button, and goes on trying now and then all the same. */
function rest(item) {
  change(item, { state: "failed", words: t("upload.failed") });
  setTimeout(() => retryUpload(item.key), LONG_REST_MS);
}

function tooLarge(fault) {
  return fault instanceof StoreRefused && ["EntityTooLarge", "EntityTooSmall"].includes(fault.code);
}
