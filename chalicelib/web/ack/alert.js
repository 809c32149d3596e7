/** The alert as its recipient sees it: number, mode, time, reasons, state, and one button. Nothing about the citizen. */

import { fill, h } from "../shared/dom.js";
import { clock, shortTime } from "../shared/time.js";
import { t } from "../shared/words.js";

/** Draws the alert; `ack()` acknowledges and may throw. */
export function showAlert(view, alert, { ack }) {
  const fault = h("p.fault", { role: "alert" });
  fill(
    view,
    h(
      "section.card.alert",
      { "data-testid": "alert" },
      h("div.heading", h("span.priority", { "data-priority": String(alert.priority) }, t(`priority.${alert.priority}`)), h("h1.digits", alert.number)),
      h("p.what", t(`mode.${alert.mode}`), " · ", t(`status.${alert.status}`)),
      h("p.muted", t("alert.at", { time: shortTime(alert.created_at) })),
      h("h2", t("alert.reasons")),
      h("ul.reasons", alert.reasons.map((code) => h("li", { "data-reason": code }, t(`reason.${code}`)))),
      alert.acknowledged_at ? done(alert) : ackButton(ack, fault),
      fault,
      h("p.muted.small", t("alert.texted", { time: clock(alert.texted_at), name: alert.recipient })),
      h("p.muted.small", t("alert.where")),
    ),
  );
}

function done(alert) {
  return h(
    "div.notice.good",
    { role: "status", "data-testid": "acked" },
    h("div", h("strong", t("alert.acked", { time: clock(alert.acknowledged_at) })), h("p", t("alert.acked.then"))),
  );
}

function ackButton(ack, fault) {
  const button = h("button.button.primary.huge", { type: "button", onclick: press }, t("alert.ack"));
  async function press() {
    button.disabled = true;
    fault.textContent = "";
    try {
      await ack();
    } catch {
      fault.textContent = t("alert.unsent");
      button.disabled = false;
    }
  }
  return h("div.acking", button, h("p.muted.small", t("alert.then")));
}
