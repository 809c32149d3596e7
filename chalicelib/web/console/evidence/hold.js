/** Legal hold of an incident: whether it stands, by whom and since when, and for a commander placing and releasing it. */

import { fill, h, shown } from "../../shared/dom.js";
import { fullTime } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { drafted, sent } from "../drafts.js";
import { labelled, workForm } from "../form.js";

/** Makes the part; `send(verb, body)` does a step and `withdraw(verb, reason)` takes one back. */
export function holdPart({ id, send, withdraw, commands }) {
  const stands = h("div.hold-stands", { "data-testid": "hold-stands", role: "status" });
  const place = reasonForm({ id, name: "hold", weight: "primary", act: (reason) => send("hold", { reason }) });
  const release = reasonForm({ id, name: "release-hold", weight: "danger", act: (reason) => withdraw("hold", reason) });
  const element = h("section.hold", { aria: { label: t("hold.title") } }, h("h4", t("hold.title")), stands, place, release);

  return {
    element,
    show({ incident, timeline }) {
      const { hold, frozen, marking, erased_at: erasedAt } = incident;
      element.dataset.kept = String(Boolean(hold || frozen));
      fill(stands, linesOf(incident, timeline));
      shown(place, commands && !hold && !erasedAt);
      shown(release, commands && Boolean(hold || (frozen && marking?.outcome)));
    },
  };
}

function reasonForm({ id, name, weight, act }) {
  const example = h("input.input", { type: "text", maxlength: 200, required: true, placeholder: t(`${name}.example`) });
  const reason = drafted(example, id, name);

  async function send() {
    await act(reason.value.trim());
    sent(id, name);
    reason.value = "";
  }

  return workForm({ name, label: t(`${name}.send`), weight, send }, labelled(`${name}.reason`, reason));
}

function linesOf({ hold, frozen, marking, erased_at: erasedAt }, timeline) {
  if (erasedAt) return [h("p.muted", t("hold.erased", { at: fullTime(erasedAt) }))];
  return [
    hold ? h("p", h("strong", t("hold.since", { by: hold.placed_by, at: fullTime(hold.placed_at) }))) : null,
    hold ? h("p", h("span.muted", t("hold.because")), reasonOf(timeline)) : null,
    frozen ? h("p", h("strong", t(marking?.outcome ? "hold.reviewed" : "hold.frozen"))) : null,
    h("p.muted", t(hold || frozen ? "hold.effect" : "hold.none")),
  ];
}

function reasonOf(timeline) {
  return timeline.findLast(({ kind }) => kind === "hold.placed")?.personal.reason ?? t("timeline.erased");
}
