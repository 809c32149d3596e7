/** The strip of an incident that tells which commanders were texted, why, and who acknowledged. */

import { h, keep, say, shown } from "../../shared/dom.js";
import { clock } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { drafted, sent } from "../drafts.js";
import { workForm } from "../form.js";

/** Makes the strip of incident `id`; it is hidden while nobody was texted. `commands` says whether links may be revoked, by `send(verb, body)`. */
export function alertStrip({ id, send, commands }) {
  const list = h("ul.alerts-list");
  const element = h("section.alerts", { hidden: true, aria: { label: t("alerts.label") }, "data-testid": "alerts" }, list);

  function show({ incident, alerts = [] }) {
    const open = incident.status !== "closed";
    shown(element, alerts.length > 0);
    keep(list, alerts, {
      keyOf: (alert) => alert.id,
      make: (alert) => makeLine(alert, commands ? revokePart(alert) : null),
      update: (line, alert) => showLine(line, alert, open),
    });
  }

  function revokePart(alert) {
    const field = `revoke-alert.${alert.id}`;
    const reason = drafted(
      h("input.input", { required: true, maxlength: 200, placeholder: t("alerts.revoke.why"), aria: { label: t("alerts.revoke.why") } }),
      id,
      field,
    );
    const form = workForm({ name: "revoke-alert", label: t("alerts.revoke"), weight: "small", send: revoke }, reason);
    async function revoke() {
      await send(`alerts/${alert.id}/revoke`, { reason: reason.value.trim() });
      sent(id, field);
    }
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

/* Made once, so that a reason being typed stays where it is while the texts go on. */
function makeLine(alert, revoke) {
  const state = h("span.alert-state");
  const ack = h("span.alert-ack");
  const why = h("span.alert-why");
  const at = h("time.digits.muted");
  const line = h("li.alert-line", state, h("strong", alert.name), at, ack, why, revoke);
  return Object.assign(line, { parts: { state, at, ack, why, revoke } });
}

function showLine(line, alert, open) {
  const { state, at, ack, why, revoke } = line.parts;
  line.dataset.state = alert.acknowledged_at && !alert.revoked_at ? "acknowledged" : alert.state;
  say(state, t(`alerts.${alert.state}`));
  at.dateTime = alert.reserved_at;
  say(at, clock(alert.reserved_at));
  say(ack, alert.state === "folded" ? "" : ackWords(alert));
  shown(ack, alert.state !== "folded");
  say(why, reasonWords(alert.reasons));
  if (revoke) shown(revoke, open && !alert.revoked_at && alert.state !== "folded");
}

function ackWords(alert) {
  if (alert.revoked_at) return t("alerts.revoked");
  if (alert.acknowledged_at) return `${t("alerts.acked")} ${clock(alert.acknowledged_at)}`;
  return t(alert.opened_at ? "alerts.opened" : "alerts.not_acked");
}
