/** The forms of the work: one button, one sentence when refused, and nothing typed ever lost. */

import { h, say, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { refusalWords } from "./refusals.js";

/**
 * Makes a form. `send()` does the work and may throw a refusal, which is then shown; after success the word
 * "done" stands for a moment, unless what comes of it `speaks` for itself. `label` names the button, `weight` is its class.
 */
export function workForm({ name, label, weight = "primary", send, speaks = false }, ...fields) {
  const refusal = h("p.refusal", { role: "alert" });
  const done = h("span.done", { role: "status", hidden: true }, t("form.done"));
  const button = h(`button.button.${weight}`, { type: "submit" }, label);
  const form = h(
    "form.work-form",
    { "data-testid": name, onsubmit: (event) => (event.preventDefault(), void submit()) },
    ...fields,
    refusal,
    h("div.form-end", done, button),
  );

  async function submit() {
    if (button.disabled) return;
    button.disabled = true;
    shown(done, false);
    say(refusal, "");
    try {
      await send();
      shown(done, !speaks);
      setTimeout(() => shown(done, false), 2500);
    } catch (error) {
      say(refusal, refusalWords(error));
    } finally {
      button.disabled = false;
    }
  }

  return Object.assign(form, { submitNow: submit });
}

/** A group of choices, one of which can be on; `choices` are `{value, words, hint?}`; answers `{element, value(), set(), onPick}`. */
export function choice({ name, legend, choices, picked = () => {}, className = "" }) {
  const group = `${name}-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`;
  const row = h("div.choices");
  const element = h(`fieldset.choice${className ? `.${className}` : ""}`, h("legend", legend), row);
  const chosen = () => row.querySelector("input:checked");
  row.addEventListener("change", () => picked(chosen()?.value ?? null));

  function offer(list) {
    const before = chosen()?.value ?? null;
    row.replaceChildren(
      ...list.map(({ value, words, hint }) =>
        h(
          "label.choose",
          { "data-value": value },
          h("input", { type: "radio", name: group, value }),
          h("span.choose-words", words, hint ? h("small", hint) : null),
        ),
      ),
    );
    set(before);
  }

  function set(value) {
    for (const input of row.querySelectorAll("input")) input.checked = input.value === String(value);
  }

  offer(choices);
  return {
    element,
    offer,
    set,
    value: () => chosen()?.value ?? null,
    focus: () => (chosen() ?? row.querySelector("input"))?.focus(),
  };
}

/** A labelled field. */
export function labelled(word, field) {
  return h("label.field", h("span", t(word)), field);
}
