/** The call-back: its result for the record and, for somebody in hiding, the reason that must come first. */

import { h, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { drafted, draftedChoice, sent } from "./drafts.js";
import { choice, labelled, workForm } from "./form.js";

const RESULTS = ["reached", "no_answer", "refused", "wrong_number"];

/** Makes the part; `send(verb, body)` does the call. A hidden number is shown once the reason is on the record. */
export function callbackPart({ id, send }) {
  const warning = h("p.forbidden", t("callback.forbidden"));
  const reason = drafted(
    h("input.input", { type: "text", maxlength: 200, placeholder: t("callback.reason_hint") }),
    id,
    "callback.reason",
  );
  const asking = workForm(
    { name: "override", label: t("callback.show"), weight: "danger", send: override },
    labelled("callback.reason", reason),
  );
  const result = draftedChoice(
    choice({
      name: "result",
      legend: t("callback.result"),
      choices: RESULTS.map((value) => ({ value, words: t(`callback.${value}`) })),
    }),
    id,
    "callback.result",
  );
  const telling = workForm({ name: "callback", label: t("callback.send"), send: record }, result.element);
  const element = h("div.callback-part", warning, asking, telling);

  async function override() {
    await send("callback", { result: "attempting", override_reason: reason.value.trim() });
    reason.value = "";
    sent(id, "callback.reason");
  }

  async function record() {
    await send("callback", { result: result.value() ?? "" });
    result.set(null);
    sent(id, "callback.result");
  }

  function show({ incident }, steps) {
    const hiding = incident.contact === "app_only";
    shown(element, steps.callback);
    shown(warning, hiding);
    shown(asking, hiding && !incident.phone);
    shown(telling, !hiding || Boolean(incident.phone));
  }

  return { element, show, focus: () => (asking.hidden ? result.focus() : reason.focus()) };
}
