/**
 * The big button: 出发 → 到达现场 → 处理完毕.
 *
 * A step tapped without a network is kept and sent by itself when there is one; the service takes a repeated step once.
 * One that the service does not take is said, and a report opens again with every word of it.
 */

import { fill, h } from "../shared/dom.js";
import { passes } from "../shared/faults.js";
import { nowIso } from "../shared/time.js";
import { known, problemWords, t } from "../shared/words.js";
import { endsLink } from "./end.js";
import { showReport } from "./report.js";
import { icon } from "./icons.js";
import { keepForLink, recallHere, reportBack, reportStep } from "./link.js";

const ORDER = ["en_route", "on_scene", "handled"];
const REACHED = { sent: -1, opened: -1, en_route: 0, on_scene: 1, handled: 2, revoked: 2 };

let notTaken = null;

/** The service refused a step, and not because the link is dead. */
export class NotTaken extends Error {
  constructor({ step, report }, problem) {
    super(`not taken: ${step}`, { cause: problem });
    this.step = step;
    this.problem = problem;
    this.opens = report !== undefined && problem.status !== 409;
  }
}

/** Draws the row of steps and the button of the next one; `ends.look()` sends what waits and reads the task. */
export function drawWork(bar, task, ends) {
  const unsent = recallHere("unsent");
  const why = notTaken && whyNot(notTaken);
  const stamp = JSON.stringify([document.documentElement.lang, task.dispatch.status, task.allowed, unsent, why]);
  if (bar.dataset.stamp === stamp && bar.childElementCount > 0) return;
  bar.dataset.stamp = stamp;
  fill(
    bar,
    h(
      "div.inner",
      row(task.dispatch.status),
      why ? h("p.not-taken", { role: "alert" }, t("steps.not_taken", { step: t(`steps.${notTaken.step}`), why })) : null,
      unsent
        ? h("p.unsent", { role: "status" }, t("steps.unsent", { step: t(`steps.${unsent.step}`) }))
        : buttons(task, ends),
    ),
  );
  if (notTaken?.opens) openAgain(task, ends, why);
}

/* Once: who puts the form away does not get it back by himself. */
function openAgain(task, ends, why) {
  notTaken.opens = false;
  openReport(task, ends, why);
}

function whyNot({ problem: { type, facts } }) {
  const field = `report.refused.${facts.field}`;
  return type === "body-invalid" && known(field) ? t(field) : problemWords(facts);
}

function row(status) {
  const reached = REACHED[status] ?? -1;
  return h(
    "ol.steps",
    ORDER.map((step, at) =>
      h(
        "li",
        { class: at <= reached ? "done" : "" },
        at <= reached ? icon("check") : h("span.dot"),
        t(`steps.${step}.done`),
      ),
    ),
  );
}

function buttons(task, ends) {
  const next = ORDER.filter((step) => task.allowed.includes(step));
  if (next.length === 0) return finished(task, ends);
  const first = next[0];
  const later = next.slice(1).filter((step) => step === "on_scene");
  return [
    h(
      "button.button.primary.huge",
      { type: "button", dataset: { step: first }, onclick: (event) => tap(first, task, ends, event.currentTarget) },
      t(`steps.${first}`),
    ),
    later.length > 0
      ? h(
          "div.later",
          later.map((step) =>
            h(
              "button.button.quiet",
              { type: "button", dataset: { step }, onclick: (event) => tap(step, task, ends, event.currentTarget) },
              t(`steps.${step}`),
            ),
          ),
        )
      : null,
  ].filter(Boolean);
}

/* What was reported can be put right until the incident is closed. */
function finished(task, ends) {
  return [
    h("p.all-done", { role: "status" }, t("steps.finished")),
    h("button.button.quiet", { type: "button", onclick: () => tap("handled", task, ends) }, t("report.correct")),
  ];
}

function tap(step, task, ends, button) {
  if (step === "handled") return openReport(task, ends);
  button.disabled = true;
  if (step === "on_scene") keepForLink("arrived_at", nowIso());
  return commit({ step }, ends);
}

function openReport(task, ends, why) {
  showReport(task, (report) => commit({ step: "handled", report }, ends), why);
}

function commit(unsent, ends) {
  notTaken = null;
  keepForLink("unsent", unsent);
  return ends.look();
}

/**
 * Sends the step that waits, if one does, and resolves to the task; null when nothing waits.
 *
 * Throws `NotTaken` for a step that was refused, which waits no longer, and what else kept it from going now.
 */
export async function sendUnsent() {
  const unsent = recallHere("unsent");
  if (!unsent) return null;
  try {
    const task = await (unsent.step === "handled" ? reportBack(unsent.report) : reportStep(unsent.step));
    keepForLink("unsent", null);
    return task;
  } catch (error) {
    if (passes(error)) throw error;
    keepForLink("unsent", null);
    if (endsLink(error)) throw error;
    notTaken = new NotTaken(unsent, error);
    throw notTaken;
  }
}
