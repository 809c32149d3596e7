/** Opening the link: the last four digits of the number it was texted to. */

import { fill, h } from "../shared/dom.js";
import { problemWords, t } from "../shared/words.js";
import { drawTop } from "./frame.js";

/** Draws the question; `open(digits)` opens the link, `ended(problem)` is called when there is nothing to open any more. */
export function showOpening(view, { open, ended }) {
  drawTop(null);
  fill(document.getElementById("work"));
  const digits = h("input.input.digits", {
    id: "digits",
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: 4,
    pattern: "\\d{4}",
    required: true,
    aria: { describedby: "digits-fault" },
  });
  const fault = h("p.fault", { id: "digits-fault", role: "alert" });
  const button = h("button.button.primary.huge", { type: "submit" }, t("open.go"));
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      return await open(digits.value);
    } catch (error) {
      if (
        ["link-not-found", "link-ended", "link-bound-elsewhere"].includes(error.type) ||
        error.facts?.tries_left === 0
      )
        return ended(error);
      fault.textContent = faultWords(error);
    }
    button.disabled = false;
    digits.select();
  };
  fill(
    view,
    h(
      "form.card.opening",
      { onsubmit: submit },
      h("h1", t("open.title")),
      h("p.muted", t("open.why")),
      h("div.field", h("label", { for: "digits" }, t("open.digits")), digits),
      fault,
      button,
    ),
  );
  digits.focus();
}

function faultWords(error) {
  if (error.type === "digits-refused") return t("open.wrong", { left: error.facts.tries_left });
  return error.facts ? problemWords(error.facts) : t("problem.network");
}
