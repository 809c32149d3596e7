/** The call-back: its result for the record and, for somebody in hiding, the reason that must come first. */

import { h, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { drafted, draftedChoice, sent } from "./drafts.js";
import { choice, labelled, workForm } from "./form.js";

const RESULTS = ["reached", "no_answer", "refused", "wrong_number"];

/** Makes the form; `send(verb, body)` does the call. */
export function callbackForm({ id, send }) {
  const warning = h("p.forbidden", t("callback.forbidden"));
  const reason = drafted(h("input.input", { type: "text", maxlength: 200, placeholder: t("callback.reason_hint") }), id, "callback.reason");
  const reasonField = labelled("callback.reason", reason);
  const result = choice({ name: "result", legend: t("callback.result"), choices: RESULTS.map((value) => ({ value, words: t(`callback.${value}`) })) });
  draftedChoice(result, id, "callback.result");
  const form = workForm({ name: "callback", label: t("callback.send"), send: record }, warning, reasonField, result.element);

  async function record() {
    const override = reasonField.hidden ? "" : reason.value.trim();
    await send("callback", { result: result.value() ?? "", ...(override ? { override_reason: override } : {}) });
    reason.value = "";
    result.set(null);
    sent(id, "callback.reason", "callback.result");
  }

  function show({ incident }, steps) {
    shown(form, steps.callback);
    for (const part of [warning, reasonField]) shown(part, incident.contact === "app_only");
  }

  return { element: form, show, focus: () => (reasonField.hidden ? result.focus() : reason.focus()) };
}
