/** The strip of an incident that tells which commanders were texted, why, and who acknowledged. */

import { fill, h, shown } from "../../shared/dom.js";
import { clock } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { workForm } from "../form.js";

/** Makes the strip; it is hidden while nobody was texted. `commands` says whether links may be revoked, by `send(verb, body)`. */
export function alertStrip({ send, commands }) {
  const list = h("ul.alerts-list");
  const element = h("section.alerts", { hidden: true, aria: { label: t("alerts.label") }, "data-testid": "alerts" }, list);
  let drawn = "";

  function show({ incident, alerts = [] }) {
    const revoke = commands && incident.status !== "closed" ? revokeForm : () => null;
    const now = JSON.stringify([alerts, incident.status === "closed"]);
    shown(element, alerts.length > 0);
    if (now !== drawn) fill(list, alerts.map((alert) => alertLine(alert, revoke(alert))));
    drawn = now;
  }

  function revokeForm(alert) {
    if (alert.revoked_at || alert.state === "folded") return null;
    const reason = h("input.input", { required: true, maxlength: 200, placeholder: t("alerts.revoke.why"), aria: { label: t("alerts.revoke.why") } });
    const form = workForm(
      { name: "revoke-alert", label: t("alerts.revoke"), weight: "small", send: () => send(`alerts/${alert.id}/revoke`, { reason: reason.value.trim() }) },
      reason,
    );
    return h("details.alert-revoke", h("summary", t("alerts.revoke")), form);
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

function alertLine(alert, revoke) {
  return h(
    "li.alert-line",
    { "data-state": alert.acknowledged_at && !alert.revoked_at ? "acknowledged" : alert.state },
    h("span.alert-state", t(`alerts.${alert.state}`)),
    h("strong", alert.name),
    h("time.digits.muted", { datetime: alert.reserved_at }, clock(alert.reserved_at)),
    alert.state === "folded" ? null : h("span.alert-ack", ackWords(alert)),
    h("span.alert-why", reasonWords(alert.reasons)),
    revoke,
  );
}

function ackWords(alert) {
  if (alert.revoked_at) return t("alerts.revoked");
  if (alert.acknowledged_at) return `${t("alerts.acked")} ${clock(alert.acknowledged_at)}`;
  return t(alert.opened_at ? "alerts.opened" : "alerts.not_acked");
}
