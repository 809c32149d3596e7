/**
 * The big button: 出发 → 到达现场 → 处理完毕.
 *
 * A step tapped without a network is kept and sent by itself when there is one; the service takes a repeated step once.
 */

import { fill, h } from "../shared/dom.js";
import { passes } from "../shared/faults.js";
import { nowIso } from "../shared/time.js";
import { t } from "../shared/words.js";
import { showReport } from "./report.js";
import { icon } from "./icons.js";
import { keepForLink, recallHere, reportBack, reportStep } from "./link.js";

const ORDER = ["en_route", "on_scene", "handled"];
const REACHED = { sent: -1, opened: -1, en_route: 0, on_scene: 1, handled: 2, revoked: 2 };

/** Draws the row of steps and the button of the next one. */
export function drawWork(bar, task, ends) {
  const unsent = recallHere("unsent");
  const stamp = JSON.stringify([document.documentElement.lang, task.dispatch.status, task.allowed, unsent]);
  if (bar.dataset.stamp === stamp && bar.childElementCount > 0) return;
  bar.dataset.stamp = stamp;
  fill(
    bar,
    h(
      "div.inner",
      row(task.dispatch.status),
      unsent
        ? h("p.unsent", { role: "status" }, t("steps.unsent", { step: t(`steps.${unsent.step}`) }))
        : buttons(task, ends),
    ),
  );
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
  if (step === "handled") return showReport(task, (report) => commit({ step, report }, task, ends));
  button.disabled = true;
  if (step === "on_scene") keepForLink("arrived_at", nowIso());
  return commit({ step }, task, ends);
}

async function commit(unsent, task, ends) {
  keepForLink("unsent", unsent);
  try {
    ends.done(await sendUnsent());
  } catch (error) {
    if (!passes(error)) return ends.refused(error);
    ends.lost();
    drawWork(document.getElementById("work"), task, ends);
  }
}

/** Sends the step that waits, if one does, and resolves to the task; null when nothing waits. Throws when it cannot go yet. */
export async function sendUnsent() {
  const unsent = recallHere("unsent");
  if (!unsent) return null;
  try {
    const task = await (unsent.step === "handled" ? reportBack(unsent.report) : reportStep(unsent.step));
    keepForLink("unsent", null);
    return task;
  } catch (error) {
    if (!passes(error)) keepForLink("unsent", null);
    throw error;
  }
}
