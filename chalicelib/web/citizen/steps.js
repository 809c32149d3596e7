/** Where a report stands, in the citizen's words: the big line, the row of steps, and the record with its times. */

import { fill, h } from "../shared/dom.js";
import { shortTime } from "../shared/time.js";
import { known, t } from "../shared/words.js";
import { icon } from "./icons.js";

const ROW = ["waiting", "answered", "dispatched", "en_route", "on_scene", "closed"];
const STANDS_FOR = { abandoned: "waiting", transferred: "answered", handled: "on_scene" };

/** The key of the words for a report's status. */
export function citizenStatus({ status, tip }) {
  return tip && status === "waiting" ? "stands.waiting.tip" : `stands.${status}`;
}

/** Draws the card at the top: number, status, what it means now, the row of steps. */
export function drawStanding(card, incident) {
  const status = citizenStatus(incident);
  fill(
    card,
    h(
      "p.number",
      h("span", t("incident.number", { number: incident.number })),
      incident.tip ? h("span.chip.accent", t("tip")) : null,
      incident.contact === "app_only" ? h("span.chip.warn", t("incident.no.ring")) : null,
    ),
    h("p.stands", t(status)),
    h("p.means", meaning(incident)),
    row(incident.status),
  );
  card.dataset.status = incident.status;
  return card;
}

function meaning({ status, tip, contact, disposition }) {
  if (status === "closed")
    return disposition && known(`ending.${disposition}`) ? t(`ending.${disposition}`) : t("means.closed");
  if (status === "waiting")
    return t(tip ? "means.waiting.tip" : contact === "app_only" ? "means.waiting.quiet" : "means.waiting");
  return t(`means.${status}`);
}

function row(status) {
  const reached = ROW.indexOf(STANDS_FOR[status] ?? status);
  return h(
    "ol.steps",
    ROW.map((step, place) => {
      const state = place < reached ? "done" : place === reached ? "now" : "ahead";
      return h(
        `li.${state}`,
        { aria: state === "now" ? { current: "step" } : {} },
        h("span.dot", state === "done" ? icon("check") : null),
        h("span", t(`short.${step}`)),
      );
    }),
  );
}

/** Draws the record: what happened when, without the messages, which stand apart. */
export function drawRecord(list, entries) {
  const told = entries.filter((entry) => known(`kind.${entry.kind}`) && entry.details.kind !== "still");
  return fill(
    list,
    told.map((entry) =>
      h("li", h("time.digits", { datetime: entry.at }, shortTime(entry.at)), h("span", sentence(entry))),
    ),
  );
}

function sentence({ kind, details }) {
  const facts = { ...details };
  if (kind === "media.refused") facts.reason = refusalWords(details.reason);
  if (kind === "incident.closed")
    facts.disposition = known(`ending.${details.disposition}`) ? t(`ending.${details.disposition}`) : "";
  if (kind === "callback.made")
    facts.result = known(`callback.${details.result}`) ? t(`callback.${details.result}`) : "";
  return t(kind === "incident.continued" && details.from ? "kind.continues" : `kind.${kind}`, facts);
}

/** Why a file was not used, in plain words. */
export function refusalWords(reason) {
  return known(`refused.${reason}`) ? t(`refused.${reason}`) : t("refused.other");
}
