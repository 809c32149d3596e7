/** Who is sent out: the officers on the way, each with his link's state, and the form to send another. */

import { h, keep, say, shown } from "../shared/dom.js";
import { clock } from "../shared/time.js";
import { t } from "../shared/words.js";
import { drafted, draftedChoice, keyFor, refill, refillChoice, sending, sent } from "./drafts.js";
import { choice, labelled, workForm } from "./form.js";
import { refusalWords } from "./refusals.js";
import { spaced } from "./shown.js";

/** Makes the part; `units()` answers the units, `send(verb, body, key)` does the call. */
export function dispatchPart({ id, units, send }) {
  const out = h("ul.dispatches", { "data-testid": "dispatches" });
  const search = h("input.input", {
    type: "search",
    placeholder: t("dispatch.search"),
    aria: { label: t("dispatch.search") },
    oninput: () => offer(),
  });
  const unit = choice({ name: "unit", className: "units", legend: t("dispatch.unit"), choices: [] });
  draftedChoice(unit, id, "unit");
  const note = drafted(
    h("textarea.input", { rows: 2, maxlength: 500, placeholder: t("dispatch.note_hint") }),
    id,
    "dispatch.note",
  );
  const form = workForm(
    { name: "dispatch", label: t("dispatch.send"), send: dispatch },
    search,
    unit.element,
    labelled("dispatch.note", note),
  );
  const fault = h("p.refusal", { role: "alert" });
  const waits = h("p.muted", t("dispatch.answer_first"));
  const element = h("div.dispatch-part", out, waits, fault, form);
  let steps = null;
  let known = [];

  function offer() {
    const wanted = search.value.trim();
    const found = known.filter((one) => `${one.name}${one.officer_name}${one.phone}`.includes(wanted));
    unit.offer(
      found.map((one) => ({ value: one.id, words: one.name, hint: `${one.officer_name} ${spaced(one.phone)}` })),
    );
  }

  /* What was chosen and written meanwhile is for the next unit. */
  async function dispatch() {
    const body = { unit_id: unit.value() ?? "", ...(note.value.trim() ? { note: note.value.trim() } : {}) };
    const forget = sending(id, "dispatch", "dispatch.note", "unit");
    await send("dispatch", body, keyFor(id, "dispatch", JSON.stringify(body)));
    forget();
    refill(note, id, "dispatch.note", "");
    refillChoice(unit, id, "unit", null);
  }

  function show({ incident, dispatches }, allowed) {
    steps = allowed;
    keep(out, dispatches, { keyOf: (one) => one.dispatch_id, make: (one) => makeLine(one), update: showLine });
    shown(out, dispatches.length > 0);
    shown(form, steps.dispatch);
    shown(waits, !steps.dispatch && incident.status === "waiting");
  }

  /* What can be typed into is made once; a change of the record changes only the words around it. */
  function makeLine(one) {
    const status = h("span.dispatch-status");
    const text = h("span");
    const opened = h("span");
    const revoke = revokeForm(one);
    const tools = h("div.dispatch-tools", resendForm(one), revoke);
    const item = h(
      "li.dispatch",
      h("p.dispatch-head", h("strong", one.unit_name), status),
      h("p.muted", one.officer_name, " ", h("span.digits", spaced(one.phone)), " · ", timeOf(one), " · ", text, opened),
      tools,
    );
    return Object.assign(item, { parts: { status, text, opened, revoke, tools } });
  }

  function showLine(item, one) {
    const { status, text, opened, revoke, tools } = item.parts;
    item.dataset.status = one.status;
    say(status, t(`dispatch.${one.status}`));
    say(text, t(`text.${one.text}`));
    text.classList.toggle("text-failed", one.text === "failed");
    say(opened, one.opened_at ? ` · ${t("dispatch.opened_at", { at: clock(one.opened_at) })}` : "");
    shown(tools, steps.callback && one.status !== "revoked");
    shown(revoke, one.status !== "handled");
  }

  function resendForm(one) {
    const again = () => send(`dispatches/${one.dispatch_id}/resend`, {});
    return workForm({ name: "resend", label: t("dispatch.resend"), weight: "small", send: again });
  }

  function revokeForm(one) {
    const reason = drafted(
      h("input.input", {
        type: "text",
        maxlength: 200,
        required: true,
        placeholder: t("dispatch.revoke_reason"),
        aria: { label: t("dispatch.revoke_reason") },
      }),
      id,
      `revoke.${one.dispatch_id}`,
    );
    return workForm({ name: "revoke", label: t("dispatch.revoke"), weight: "small", send: revoke }, reason);
    async function revoke() {
      await send(`dispatches/${one.dispatch_id}/revoke`, { reason: reason.value.trim() });
      sent(id, `revoke.${one.dispatch_id}`);
    }
  }

  async function draw() {
    try {
      known = await units();
      say(fault, "");
    } catch (error) {
      say(fault, refusalWords(error));
    }
    offer();
    refillChoice(unit, id, "unit", unit.value());
  }

  return { element, show, draw, focus: () => (search.focus(), void draw()) };
}

function timeOf({ dispatched_at: at }) {
  return h("time.digits", { datetime: at }, clock(at));
}
