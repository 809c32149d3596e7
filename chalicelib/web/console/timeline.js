/** The record of the incident in readable words: who, what, when, and the entry's place in the chain. */

import { h, keep } from "../shared/dom.js";
import { fullTime } from "../shared/time.js";
import { known, t } from "../shared/words.js";
import { reasonWords } from "./duty/strip.js";
import { sizeWords, spaced } from "./shown.js";

/** Makes the list, newest first. */
export function timelineList() {
  const list = h("ol.timeline", {
    "data-testid": "timeline",
    reversed: true,
    tabindex: 0,
    aria: { label: t("timeline.label") },
  });
  return {
    element: list,
    show({ timeline }) {
      keep(list, folded(timeline).reverse(), { keyOf, make: entryLine });
    },
  };
}

/* A call leaves a piece of recording, or a still, each two seconds: those in a row are one line of the list. */
function folded(timeline) {
  const lines = [];
  for (const entry of timeline) {
    const last = lines.at(-1);
    if (last !== undefined && goesOn(last, entry)) lines[lines.length - 1] = joined(last, entry);
    else lines.push(entry);
  }
  return lines;
}

function goesOn(last, entry) {
  return (isPiece(last) && isPiece(entry) && !entry.details.unrecorded_seconds) || (isStill(last) && isStill(entry));
}

function joined(last, { seq, details }) {
  const more = isStill(last) ? { stills: (last.details.stills ?? 1) + 1 } : { until_seq: details.seq };
  return { ...last, last: seq, details: { ...last.details, ...more } };
}

const isPiece = ({ kind, details }) => kind === "recording.kept" && Boolean(details.seq);
const isStill = ({ kind, details }) => kind === "media.accepted" && details.kind === "still";
const keyOf = (entry) => `${entry.seq}.${entry.last ?? entry.seq}`;

function entryLine(entry) {
  const told = wordsOf(entry);
  return h(
    "li.entry",
    { class: entry.actor.role },
    h("span.entry-seq.digits", { title: t("timeline.hash", { hash: entry.hash ?? "" }) }, `#${entry.seq}`),
    h("time.digits", { datetime: entry.at }, fullTime(entry.at).slice(5)),
    h("span.entry-who", actorWords(entry.actor)),
    h(
      "span.entry-what",
      known(`kind.${entry.kind}`) ? t(`kind.${entry.kind}`) : entry.kind,
      told ? h("span.entry-told", told) : null,
    ),
  );
}

function actorWords({ role, id }) {
  const staff = role === "call_taker" || role === "commander" || role === "specialist" || role === "admin";
  /* By a text's link acts nobody's account. */
  if (/^[a-z2-7]{26}$/.test(id)) return t(`role.${role}`);
  return staff && id ? `${t(`role.${role}`)} ${id}` : t(`role.${role}`);
}

/* Only what a reader wants; a detail without words here still stands in the record itself. */
const TELLING = {
  "report.filed": ({ details }) => [
    details.mode && t(`mode.${details.mode}`),
    ...(details.flags ?? []).map((flag) => (known(`flag.${flag}`) ? t(`flag.${flag}`) : flag)),
  ],
  "report.marked_false": ({ details, personal }) => [t(`marking.${details.kind}`), personal.reason],
  "standing.changed": ({ details, personal }) => [t(`standing.${details.grade}`), personal.reason, t("reviews.by", { proposer: details.proposed_by, reviewer: details.reviewed_by })],
  "standing.lifted": ({ details, personal }) => [t(`standing.${details.grade}`), personal.reason],
  "review.dismissed": ({ personal }) => [personal.reason],
  "media.accepted": ({ details }) => details.stills ? [t("picture.stills", { count: details.stills })] : [
    details.kind && t(`media.${details.kind}`),
    details.size_bytes && sizeWords(details.size_bytes),
    details.sha256?.slice(0, 12),
  ],
  "media.refused": ({ details }) => [
    details.reason && (known(`refused.${details.reason}`) ? t(`refused.${details.reason}`) : details.reason),
  ],
  "incident.classified": ({ details, personal }) => [
    t(`priority.${details.priority}`),
    details.type_name ?? details.type_code,
    personal.summary,
  ],
  "incident.released": ({ details }) => [
    details.from,
    known(`release.${details.why}`) ? t(`release.${details.why}`) : details.why,
  ],
  "incident.taken": ({ details, personal }) => [details.from && t("timeline.from", { from: details.from }), personal.reason ?? details.reason],
  "incident.closed": ({ details, personal }) => [
    t(`disposition.${details.disposition}`),
    toldWords(personal.told ?? details.told),
    personal.note,
  ],
  "incident.linked": ({ details }) => [details.number ?? details.to],
  "incident.continued": ({ details }) => [details.number ?? details.from ?? details.to],
  "place.confirmed": ({ personal }) => [personal.place, pointWords(personal.point)],
  "place.named": ({ personal }) => [personal.near],
  "note.written": ({ personal }) => [personal.text ?? t("timeline.erased")],
  "message.sent": ({ personal }) => [personal.text ?? t("timeline.erased")],
  "callback.made": ({ details, personal }) => [
    t(`callback.${details.result}`),
    overrideWords(personal.override_reason ?? details.override_reason),
  ],
  "officer.dispatched": ({ details, personal }) => [
    details.unit_name,
    personal.officer_name,
    personal.phone && spaced(personal.phone),
    personal.note,
  ],
  "alert.sending": ({ details, personal }) => [personal.name ?? t("timeline.erased"), reasonWords(details.reasons ?? [])],
  "alert.folded": ({ details, personal }) => [personal.name ?? t("timeline.erased"), reasonWords(details.reasons ?? [])],
  "alert.texted": ({ details }) => [t(`alerts.${details.state}`), details.why],
  "alert.acknowledged": ({ details }) => [reasonWords(details.reasons ?? [])],
  "officer.texted": ({ details }) => [t(`text.${details.state}`), details.why],
  "citizen.texted": ({ details }) => [t(`text.${details.state}`), details.why],
  "officer.en_route": ({ details }) => [details.unit_name],
  "officer.on_scene": ({ details }) => [details.unit_name],
  "officer.handled": ({ details, personal }) => [details.unit_name, personal.result, countsWords(details)],
  "feedback.corrected": ({ details, personal }) => [details.unit_name, personal.result, countsWords(details)],
  "call.joined": ({ details }) => [details.unit_name],
  "call.listened": ({ details }) => [t(`listened.${Boolean(details.speaks)}`)],
  "transfer.asked": ({ details }) => [details.department_name],
  "transfer.taken": ({ details }) => [details.specialist_id],
  "transfer.returned": ({ details }) => [details.department_name],
  "incident.escalated": ({ details }) => [t(`priority.${details.priority}`)],
  "officer.message": ({ personal }) => [personal.text ?? t("timeline.erased")],
  "recording.kept": ({ details }) => [
    details.until_seq
      ? t("recording.pieces", { from: details.seq, to: details.until_seq })
      : t("recording.piece", { seq: details.seq, seconds: (details.duration_ms / 1000).toFixed(1) }),
    details.unrecorded_seconds && t("recording.gap", { seconds: details.unrecorded_seconds }),
    details.sha256?.slice(0, 12),
  ],
  "hold.placed": ({ personal }) => [personal.reason],
  "hold.released": ({ personal }) => [personal.reason],
  "retention.ended": ({ details }) => [t(`kept.${details.kept}`), t("timeline.kept_days", { days: details.days })],
  "recording.missing": ({ details }) => [(details.seqs ?? []).join("、")],
  "dispatch.revoked": ({ details, personal }) => [details.unit_name, personal.reason ?? details.reason],
};

function wordsOf(entry) {
  const tell = TELLING[entry.kind] ?? (({ details, personal }) => [details.unit_name, personal.reason ?? details.reason]);
  return tell({ details: entry.details ?? {}, personal: entry.personal ?? {} })
    .filter(Boolean)
    .join(" · ");
}

function overrideWords(reason) {
  return reason && t("timeline.override", { reason });
}

function toldWords(told) {
  return told ? t("timeline.told", { force: told.force, by: told.by, at: fullTime(told.at) }) : "";
}

function pointWords(point) {
  return point ? `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}` : "";
}

function countsWords({ cases_solved: solved, major_cases: major = 0, people_arrested: arrested, people_helped: helped }) {
  return solved === undefined ? "" : t("timeline.counts", { solved, major, arrested, helped });
}
