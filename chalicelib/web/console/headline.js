/** The top of an incident's panel: what it is, how it stands, who has it, and the steps of ownership. */

import { fill, h, say, shown } from "../shared/dom.js";
import { ageSeconds, stopwatch } from "../shared/time.js";
import { t } from "../shared/words.js";
import { drafted, sent } from "./drafts.js";
import { flagChips } from "./flags.js";
import { workForm } from "./form.js";
import { icon } from "./icons.js";

/** Makes the headline; `send(verb, body)` does the call; `openOther(id)` opens a linked incident. */
export function headline({ id, send, openOther }) {
  const what = h("div.headline-what");
  const age = h("span.headline-age.digits", { role: "timer", aria: { live: "off" } });
  const owner = h("span.headline-owner");
  const since = h("span.muted", t("work.since"));
  const answer = workForm({ name: "answer", label: t("work.answer"), send: () => send("answer", {}) });
  const release = workForm({
    name: "release",
    label: t("work.release"),
    weight: "plain",
    send: () => send("release", {}),
  });
  const reason = drafted(
    h("input.input", {
      type: "text",
      maxlength: 200,
      required: true,
      placeholder: t("work.take_reason"),
      aria: { label: t("work.take_reason") },
    }),
    id,
    "take",
  );
  const take = workForm({ name: "take", label: t("work.take"), weight: "plain", send: takeOver }, reason);
  const element = h(
    "header.headline",
    what,
    h("div.headline-side", owner, since, age, take, release, answer),
  );
  let incident = null;

  async function takeOver() {
    await send("take", { reason: reason.value.trim() });
    reason.value = "";
    sent(id, "take");
  }

  function beat() {
    if (incident !== null) say(age, incident.closed_at ? "" : stopwatch(ageSeconds(incident.created_at)));
  }

  function show(data, steps) {
    incident = data.incident;
    element.dataset.priority = String(incident.priority);
    fill(what, ...whatOf(incident, openOther));
    say(owner, ownerWords(incident));
    shown(since, incident.status !== "closed");
    shown(take, steps.take);
    shown(release, steps.release);
    shown(answer, steps.answer);
    beat();
  }

  return { element, show, beat };
}

function whatOf(incident, openOther) {
  return [
    h(`span.priority.p${incident.priority}`, { title: t(`priority.${incident.priority}`) }, String(incident.priority)),
    h("h2.headline-number.digits", incident.number),
    h(
      "span.headline-mode",
      icon(incident.mode),
      t(`mode.${incident.mode}`),
      incident.tip ? h("span.flag", t("tip")) : null,
    ),
    h(
      "span.status",
      { "data-testid": "status", "data-status": incident.status },
      incident.disposition
        ? `${t("status.closed")} · ${t(`disposition.${incident.disposition}`)}`
        : t(`status.${incident.status}`),
    ),
    incident.exited_quickly ? h("span.card-exited", t("card.exited")) : null,
    ...flagChips(incident.flags),
    ...othersOf(incident).map(([word, id]) =>
      h("button.button.small", { type: "button", onclick: () => openOther(id) }, icon("link"), t(word)),
    ),
  ];
}

function othersOf({ linked_to: to, continues, continued_by: next, linked_from: from = [] }) {
  const others = [
    ["link.open", to],
    ["link.continues", continues],
    ["link.continued_by", next],
  ];
  return [...others, ...from.map((id) => ["link.from", id])].filter(([, id]) => Boolean(id));
}

function ownerWords(incident) {
  if (incident.status === "closed") return "";
  return incident.call_taker_id ? t("work.owner", { call_taker: incident.call_taker_id }) : t("queue.nobody");
}
