/** The strip of an incident that tells which commanders were texted, why, and who acknowledged. */

import { fill, h, shown } from "../../shared/dom.js";
import { clock } from "../../shared/time.js";
import { t } from "../../shared/words.js";

/** Makes the strip; it is hidden while nobody was texted. */
export function alertStrip() {
  const list = h("ul.alerts-list");
  const element = h("section.alerts", { hidden: true, aria: { label: t("alerts.label") }, "data-testid": "alerts" }, list);
  let drawn = "";

  function show({ alerts = [] }) {
    const now = JSON.stringify(alerts);
    shown(element, alerts.length > 0);
    if (now !== drawn) fill(list, alerts.map(alertLine));
    drawn = now;
  }

  return { element, show };
}

/** The chip of a card in the queue; null while there is nothing to say. */
export function alertChip(card) {
  if (!card.alert || card.alert === "folded") return null;
  return h("span.alert-chip", { "data-alert": card.alert }, t(`alerts.chip.${card.alert}`));
}

/** A text's reasons in words. */
export function reasonWords(codes) {
  return codes.map((code) => t(`alerts.reason.${code}`)).join("、");
}

function alertLine(alert) {
  return h(
    "li.alert-line",
    { "data-state": alert.acknowledged_at ? "acknowledged" : alert.state },
    h("span.alert-state", t(`alerts.${alert.state}`)),
    h("strong", alert.name),
    h("time.digits.muted", { datetime: alert.reserved_at }, clock(alert.reserved_at)),
    alert.state === "folded" ? null : h("span.alert-ack", ackWords(alert)),
    h("span.alert-why", reasonWords(alert.reasons)),
  );
}

function ackWords(alert) {
  if (alert.acknowledged_at) return `${t("alerts.acked")} ${clock(alert.acknowledged_at)}`;
  return t(alert.opened_at ? "alerts.opened" : "alerts.not_acked");
}
