/** Marking a report as false or as harassment, with its reason; and what a review made of it. */

import { h, say, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { drafted, draftedChoice, sent } from "../drafts.js";
import { choice, labelled, workForm } from "../form.js";

const KINDS = ["false_report", "harassment"];

/** Makes the part of the dock; `send(verb, body)` does the call. */
export function markingPart({ id, send }) {
  const now = h("p.marking-now", { role: "status", "data-testid": "marking-now" });
  const kind = draftedChoice(
    choice({
      name: "marking",
      legend: t("marking.kind"),
      choices: KINDS.map((value) => ({ value, words: t(`marking.${value}`) })),
    }),
    id,
    "marking.kind",
  );
  const reason = drafted(
    h("textarea.input", { rows: 2, maxlength: 200, required: true, placeholder: t("marking.example") }),
    id,
    "marking.reason",
  );
  const form = workForm(
    { name: "marking", label: t("marking.send"), weight: "danger", send: mark },
    kind.element,
    labelled("marking.reason", reason),
    h("p.muted", t("marking.note")),
  );

  async function mark() {
    await send("false-report", { kind: kind.value() ?? "", reason: reason.value.trim() });
    sent(id, "marking.kind", "marking.reason");
    reason.value = "";
  }

  function show({ incident }, steps) {
    const { marking } = incident;
    say(now, marking ? nowWords(marking) : "");
    shown(form, steps.marking && (!marking || marking.outcome === "dismissed"));
  }

  return { element: h("div.marking", now, form), show, focus: () => kind.focus() };
}

function nowWords({ kind, reason, marked_by: by, outcome, reviewed_by: reviewer }) {
  const marked = t("marking.now", { by, kind: t(`marking.${kind}`), reason });
  return `${marked} · ${outcome ? t(`marking.${outcome}`, { by: reviewer }) : t("marking.waits")}`;
}
