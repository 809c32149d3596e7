/** A department brought into a call: asked for, waited for half a minute, then there as the third, and able to take over. */

import { h, keep, say, shown } from "../../shared/dom.js";
import { ageSeconds } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { draftedChoice, sent } from "../drafts.js";
import { choice, workForm } from "../form.js";
import { refusalWords } from "../refusals.js";

const TAKEN_WITHIN_SECONDS = 30;

/** Makes the part; `departments()` answers the departments, `send(verb, body)` does the call. */
export function transferPart({ id, departments, send }) {
  const now = h("p.transfer-now", { role: "status", "data-testid": "transfer-now" });
  const department = choice({ name: "department", className: "departments", legend: t("transfer.department"), choices: [] });
  draftedChoice(department, id, "department");
  const fault = h("p.refusal", { role: "alert" });
  const hint = h("p.muted", t("transfer.hint"));
  const form = workForm({ name: "transfer", label: t("transfer.send"), send: ask }, department.element, hint);
  const element = h("div.transfer-part", now, fault, form);
  let data = null;

  async function ask() {
    await send("transfer", { department_id: department.value() ?? "" });
    sent(id, "department");
  }

  function show(fresh, steps) {
    data = fresh;
    shown(form, steps.transfer);
    beat();
  }

  function beat() {
    if (data === null) return;
    const words = wordsOf(data);
    say(now, words);
    shown(now, words !== "");
  }

  async function draw() {
    try {
      const known = await departments();
      department.offer(known.map(({ id: value, name }) => ({ value, words: name })));
      say(fault, known.length === 0 ? t("transfer.none") : "");
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  return { element, show, draw, beat, focus: () => (department.focus(), void draw()) };
}

/* What became of the latest transfer. */
function wordsOf({ incident, timeline }) {
  const { transfer } = incident;
  if (transfer?.taken_by) {
    const leads = transfer.taken_by === incident.call_taker_id;
    return t(leads ? "transfer.leads" : "transfer.taken", { department: transfer.department_name, specialist: transfer.taken_by });
  }
  if (transfer) {
    const left = Math.max(0, TAKEN_WITHIN_SECONDS - ageSeconds(transfer.asked_at));
    return t("transfer.rings", { department: transfer.department_name, seconds: left });
  }
  const last = timeline.findLast(({ kind }) => kind.startsWith("transfer."));
  return last?.kind === "transfer.returned" ? t("transfer.returned", { department: last.details.department_name }) : "";
}
