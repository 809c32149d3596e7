/** 正在报警: the report is being sent; says what happens, offers 110, and asks when this phone is outside the county. */

import { fill, h, say } from "../shared/dom.js";
import { language, problemWords, t } from "../shared/words.js";
import { Problem, newKey } from "../shared/api.js";
import { emergencyNumber } from "./county.js";
import { ask } from "./dialog.js";
import { changeDraft, clearDraft } from "./draft.js";
import { drawTabs, drawTop, ringLink } from "./frame.js";
import { emptyOutbox, fileReport, putInOutbox, tryNow, waitingReports } from "./outbox.js";
import { handOver } from "./picked.js";
import { keepHere } from "./storage.js";
import { sendAll } from "./uploads.js";

const underway = new Set();
let shown = null;

/** Shows the sending of a report and sends it; `filed(incident, call)` or `back()` is called at the end. Others that wait go beside it. */
export function showSending(view, report, { filed, back }) {
  drawTop();
  drawTabs(null);
  const line = h("p.line", t("sending.line"));
  const again = h("button.button", { type: "button", hidden: true, onclick: tryNow }, t("sending.now"));
  fill(
    view,
    h(
      "section.sending",
      { role: "status", aria: { live: "polite" } },
      h("span.spinner"),
      h("h1", t(report.mode === "fengqiao" ? "sending.title.consult" : "sending.title")),
      line,
      again,
    ),
    h("section.card", h("p", t("sending.ring")), ringLink()),
  );
  const onTry = (attempt) => {
    say(line, t("sending.again", { attempt }));
    again.hidden = false;
  };
  shown = { key: report.key, onTry, filed, back };
  sendOnce(report);
  sendWaitingReports();
}

/** Sends every report that waits. Of one that is not shown nothing is said; refused, it waits to be shown. */
export function sendWaitingReports() {
  for (const report of waitingReports()) sendOnce(report);
}

function sendOnce(report) {
  if (!underway.has(report.key)) void send(report);
}

async function send(report) {
  const isShown = () => shown?.key === report.key;
  underway.add(report.key);
  try {
    const { incident, call } = await fileReport(report, (attempt) => isShown() && shown.onTry(attempt));
    if (isWritten(report)) handOverDraft(report, incident);
    if (isShown()) shown.filed(incident, call);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (isShown()) await afterRefusal(problem, report, shown);
  } finally {
    underway.delete(report.key);
  }
}

function isWritten({ mode = "photo_text" }) {
  return mode === "photo_text";
}

function handOverDraft(report, incident) {
  clearDraft();
  if (report.body.contact_phone) keepHere("contact.given", incident.id);
  sendAll(incident.id, handOver());
}

/* A refused report stays in the outbox until she has decided. */
async function afterRefusal(problem, report, { back }) {
  if (problem.status === 401) return undefined;
  if (problem.type === "outside-jurisdiction") {
    if (await fileAnyway(problem.facts, isWritten(report)))
      return send(putInOutbox({ ...report.body, confirm_outside: true }, report));
  } else {
    if (await tryAgain(problem.facts)) return send(report);
    if (isWritten(report)) changeDraft({ key: newKey() });
  }
  emptyOutbox(report);
  return back();
}

function tryAgain(facts) {
  return ask({
    title: t("sending.refused"),
    lines: [problemWords(facts)],
    choices: [
      { label: t("ring", { number: emergencyNumber() }), href: `tel:${emergencyNumber()}`, kind: "alarm" },
      { label: t("start.again"), value: true, kind: "primary" },
      { label: t("dialog.back"), value: false, kind: "quiet" },
    ],
  });
}

/* The notice is the county's own, its `detail` the same in English. */
function fileAnyway({ notice, detail, emergency_number: number, text_number: textTo }, written) {
  const told = (language() === "en" && detail) || notice;
  return ask({
    title: t("outside.title"),
    lines: [told || t("outside.title"), t("outside.anyway.means")],
    choices: [
      { label: t("ring", { number: number || "110" }), href: `tel:${number || "110"}`, kind: "alarm" },
      ...(textTo ? [{ label: t("text.number", { number: textTo }), href: `sms:${textTo}` }] : []),
      { label: t("outside.anyway"), value: true, kind: "primary" },
      { label: t(written ? "outside.change" : "dialog.back"), value: false, kind: "quiet" },
    ],
  });
}
