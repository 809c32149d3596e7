/** Which days are shown: today, the last week, month or year, or any from one day to another. */

import { h } from "../../shared/dom.js";
import { nowIso, toInput } from "../../shared/time.js";
import { t } from "../../shared/words.js";

const PRESETS = { today: 1, week: 7, month: 30, year: 365 };

/** Makes the choice; `onChange()` is called when it changed, `asked()` answers the query for the service. */
export function spanChoice(onChange) {
  let chosen = "month";
  const first = dateField("figures.from");
  const last = dateField("figures.to");
  const buttons = Object.keys(PRESETS).map((name) =>
    h("button.button.small", { type: "button", dataset: { span: name }, onclick: () => choose(name) }, t(`figures.span.${name}`)),
  );
  const element = h("div.span", h("div.presets", { role: "group", aria: { label: t("figures.span") } }, buttons), first, last);
  for (const field of [first, last]) field.addEventListener("change", () => choose("own"));

  function choose(name) {
    chosen = name;
    if (name !== "own") fillIn();
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.span === name));
    if (first.querySelector("input").value && last.querySelector("input").value) onChange();
  }

  /* After midnight the last thirty days are other days. */
  function fillIn() {
    const today = toInput(nowIso()).slice(0, 10);
    last.querySelector("input").value = today;
    first.querySelector("input").value = daysBefore(today, PRESETS[chosen] - 1);
  }

  fillIn();
  buttons.find((button) => button.dataset.span === chosen).setAttribute("aria-pressed", "true");
  return {
    element,
    asked() {
      if (chosen !== "own") fillIn();
      return { from: first.querySelector("input").value, to: last.querySelector("input").value };
    },
  };
}

function dateField(word) {
  return h("label.span-day", t(word), h("input.input", { type: "date", required: true }));
}

function daysBefore(day, count) {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - count);
  return at.toISOString().slice(0, 10);
}
