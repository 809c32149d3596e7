/** The department rings: what a specialist sees of a transfer, and the button to come in or to take over. */

import { h, say, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { workForm } from "../form.js";

/** Makes the bar above the incident; `send(verb, body)` does the call. */
export function transferBar({ send }) {
  const words = h("p.transfer-words");
  const come = workForm({ name: "transfer-take", label: t("transfer.take"), send: () => send("transfer/take", {}) });
  const lead = workForm({ name: "transfer-lead", label: t("transfer.lead"), send: () => send("take", { reason: t("transfer.lead_reason") }) });
  const element = h("div.transfer-bar", { hidden: true, "data-testid": "transfer-bar" }, words, come, lead);

  function show({ incident }, steps) {
    const { transfer } = incident;
    shown(element, steps.come || steps.lead);
    if (element.hidden) return;
    say(words, t(steps.come ? "transfer.asks" : "transfer.inside", { department: transfer.department_name, call_taker: incident.call_taker_id ?? "" }));
    shown(come, steps.come);
    shown(lead, steps.lead);
  }

  return { element, show };
}
