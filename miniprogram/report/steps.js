/** Where a report stands, in the citizen's words: the big line, the row of steps, and the record with its times. */

const { known, t } = require("../words/words.js");
const { shortTime } = require("../words/time.js");

const ROW = ["waiting", "answered", "dispatched", "en_route", "on_scene", "closed"];
const STANDS_FOR = { abandoned: "waiting", transferred: "answered", handled: "on_scene" };

/** The words for a report's status. */
function standsWords({ status, tip }) {
  return t(tip && status === "waiting" ? "stands.waiting.tip" : `stands.${status}`);
}

/** What the status means for the citizen now. */
function meansWords({ status, tip, contact, disposition }) {
  if (status === "closed") return endingWords(disposition) || t("means.closed");
  if (status !== "waiting") return t(`means.${status}`);
  if (tip) return t("means.waiting.tip");
  return t(contact === "app_only" ? "means.waiting.quiet" : "means.waiting");
}

/** The row of steps: `[{step, words, state}]`, state `done`, `now` or `ahead`. */
function rowOf({ status }) {
  const reached = ROW.indexOf(STANDS_FOR[status] || status);
  return ROW.map((step, place) => ({
    step,
    words: t(`short.${step}`),
    state: place < reached ? "done" : place === reached ? "now" : "ahead",
  }));
}

/** The record: what happened when, without the messages, which stand apart. */
function recordOf(entries) {
  return entries
    .filter(({ kind, details }) => known(`kind.${kind}`) && details.kind !== "still")
    .map((entry) => ({ seq: entry.seq, at: shortTime(entry.at), words: sentence(entry) }));
}

/** Why a file was not used. */
function refusalWords(reason) {
  return t(known(`refused.${reason}`) ? `refused.${reason}` : "refused.other");
}

function sentence({ kind, details }) {
  const facts = { ...details };
  if (kind === "media.refused") facts.reason = refusalWords(details.reason);
  if (kind === "incident.closed") facts.disposition = endingWords(details.disposition);
  if (kind === "callback.made") facts.result = known(`callback.${details.result}`) ? t(`callback.${details.result}`) : "";
  return t(kind === "incident.continued" && details.from ? "kind.continues" : `kind.${kind}`, facts);
}

function endingWords(disposition) {
  return disposition && known(`ending.${disposition}`) ? t(`ending.${disposition}`) : "";
}

module.exports = { meansWords, recordOf, refusalWords, rowOf, standsWords };
