/** How urgent it is and what it is. */

import { h, shown } from "../shared/dom.js";
import { language, t } from "../shared/words.js";
import { drafted, draftedChoice, refill, refillChoice, sending } from "./drafts.js";
import { choice, labelled, workForm } from "./form.js";

/** Makes the form; `types` are `{code, name, name_en}`; `send(verb, body)` does the call. */
export function classifyForm({ id, types, send }) {
  const priority = choice({
    name: "priority",
    className: "priorities",
    legend: t("classify.priority"),
    choices: [1, 2, 3, 4].map((rank) => ({ value: String(rank), words: t(`priority.${rank}`) })),
  });
  const type = choice({
    name: "type",
    className: "types",
    legend: t("classify.type"),
    choices: types.map((one) => ({ value: one.code, words: language() === "en" ? one.name_en : one.name })),
  });
  const summary = h("textarea.input", { rows: 2, maxlength: 500, placeholder: t("classify.summary_hint") });
  draftedChoice(priority, id, "priority");
  draftedChoice(type, id, "type");
  drafted(summary, id, "summary");
  const form = workForm(
    { name: "classify", label: t("classify.send"), send: classify },
    priority.element,
    type.element,
    labelled("classify.summary", summary),
  );
  let before = "";

  async function classify() {
    const body = {
      priority: Number(priority.value()),
      type_code: type.value() ?? "",
      ...(summary.value.trim() ? { summary: summary.value.trim() } : {}),
    };
    const forget = sending(id, "priority", "type", "summary");
    await send("classify", body);
    forget();
  }

  /* What the service says fills the form again only where nothing was begun. */
  function show({ incident }, steps) {
    shown(form, steps.classify);
    const now = JSON.stringify([incident.priority, incident.type_code, incident.summary]);
    if (now === before) return;
    before = now;
    refillChoice(priority, id, "priority", String(incident.priority));
    refillChoice(type, id, "type", incident.type_code);
    refill(summary, id, "summary", incident.summary ?? "");
  }

  return { element: form, show, focus: () => priority.focus() };
}
