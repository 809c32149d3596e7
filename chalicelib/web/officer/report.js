/** The report from the scene: times, what came of it, and the counts a bureau publishes. It survives a reload. */

import { fill, h } from "../shared/dom.js";
import { fromInput, nowIso, nowMs, toInput } from "../shared/time.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";
import { keepForLink, recallHere } from "./link.js";

const COUNTS = ["cases_solved", "major_cases", "people_arrested", "people_helped"];
const MOST = 999;

/** Opens the form; `send(report)` is called with what is to be reported. `why` says what was wrong with it when it was sent before. */
export function showReport(task, send, why = "") {
  const draft = recallHere("report") ?? {};
  const arrived = timeField("arrived", t("report.arrived"), draft.arrived_at ?? recallHere("arrived_at") ?? nowIso());
  const again = task.dispatch.status === "handled";
  const ended = timeField("ended", t("report.ended"), ((again || why) && draft.ended_at) || nowIso());
  const result = h("textarea.input", {
    id: "result",
    rows: 4,
    maxlength: 2000,
    required: true,
    placeholder: t("report.result.example"),
    value: draft.result ?? "",
  });
  const counts = COUNTS.map((name) => [name, stepper(t(`report.${name}`), draft[name] ?? 0)]);
  const fault = h("p.fault", { role: "alert" }, why);
  const gathered = () => ({
    arrived_at: arrived.read(),
    ended_at: ended.read(),
    result: result.value.trim(),
    ...Object.fromEntries(counts.map(([name, count]) => [name, count.read()])),
  });
  const keepDraft = () => keepForLink("report", gathered());
  const close = () => {
    keepDraft();
    box.close();
    box.remove();
  };
  const submit = (event) => {
    event.preventDefault();
    const wrong = faultOf(gathered());
    if (wrong) return fill(fault, t(wrong));
    close();
    send(gathered());
  };
  const form = h(
    "form.report-form",
    { novalidate: true, onsubmit: submit, oninput: keepDraft },
    h("h2", { id: "report-title" }, t(again ? "report.correct" : "report.title")),
    h("div.field", h("label", { for: "result" }, t("report.result")), result),
    h(
      "div.counts",
      counts.map(([, count]) => count.element),
    ),
    h("div.times", arrived.element, ended.element),
    fault,
    h("button.button.primary.huge", { type: "submit" }, t("report.send")),
    h("button.button.quiet", { type: "button", onclick: close }, t("report.later")),
  );
  const box = h("dialog.sheet", { aria: { labelledby: "report-title" }, oncancel: close }, form);
  document.body.append(box);
  box.showModal();
}

function faultOf({ arrived_at: arrived, ended_at: ended, result }) {
  if (!result) return "report.fault.result";
  if (!arrived || !ended) return "report.fault.times";
  if (Date.parse(arrived) > Date.parse(ended)) return "report.fault.order";
  if (Date.parse(ended) > nowMs() + 60_000) return "report.fault.future";
  return null;
}

/* A time left as it was goes out to the second; one that was changed, to the minute. */
function timeField(id, words, at) {
  const before = toInput(at);
  const input = h("input.input", { id, type: "datetime-local", required: true, value: before });
  const read = () => (input.value === "" ? null : input.value === before ? at : fromInput(input.value));
  return { element: h("div.field", h("label", { for: id }, words), input), read };
}

function stepper(words, start) {
  const field = h("input.digits", {
    type: "number",
    inputmode: "numeric",
    min: 0,
    max: MOST,
    value: start,
    aria: { label: words },
  });
  const read = () => Math.min(MOST, Math.max(0, Math.floor(Number(field.value)) || 0));
  const by = (step) => () => {
    field.value = Math.min(MOST, Math.max(0, read() + step));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const button = (drawn, step, said) =>
    h("button", { type: "button", aria: { label: `${words} ${said}` }, onclick: by(step) }, icon(drawn));
  return {
    element: h("div.stepper", h("span", words), h("div", button("minus", -1, "−1"), field, button("plus", 1, "+1"))),
    read,
  };
}
