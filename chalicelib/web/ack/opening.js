/** Opening an alert: the last four digits of the recipient's number, and the code where there is no link. */

import { fill, h } from "../shared/dom.js";
import { passes } from "../shared/faults.js";
import { problemWords, t } from "../shared/words.js";
import { hasToken, openByCode, openByLink } from "./link.js";

/** Draws the question; `opened(alert)` gets the answer, `ended(problem)` is called when there is nothing to open any more. */
export function showOpening(view, { opened, ended }) {
  const typed = !hasToken();
  const code = digitField({ id: "code", length: 9, pattern: "\\d{4} ?\\d{4}" });
  const digits = digitField({ id: "digits", length: 4, pattern: "\\d{4}" });
  const fault = h("p.fault", { id: "fault", role: "alert" });
  const button = h("button.button.primary.huge", { type: "submit" }, t("open.go"));

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    fault.textContent = "";
    try {
      return opened(await (typed ? openByCode(code.value.replace(/\D/g, ""), digits.value) : openByLink(digits.value)));
    } catch (error) {
      if (isEnd(error, typed)) return ended(error);
      fault.textContent = faultWords(error, typed);
    }
    button.disabled = false;
  }

  fill(
    view,
    h(
      "form.card.opening",
      { onsubmit: submit },
      h("h1", t(typed ? "open.by_code" : "open.title")),
      h("p.muted", t("open.why")),
      typed ? h("div.field", h("label", { for: "code" }, t("open.code")), code) : null,
      h("div.field", h("label", { for: "digits" }, t("open.digits")), digits),
      fault,
      button,
    ),
  );
  (typed ? code : digits).focus();
}

function digitField({ id, length, pattern }) {
  return h("input.input.digits", {
    id,
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: length,
    pattern,
    required: true,
    aria: { describedby: "fault" },
  });
}

/* A code that is not there was mistyped and can be typed again; a link that is not there stays so. */
function isEnd(error, typed) {
  if (["link-ended", "link-bound-elsewhere"].includes(error.type)) return true;
  return (error.type === "link-not-found" && !typed) || error.facts?.tries_left === 0;
}

function faultWords(error, typed) {
  if (error.type === "digits-refused") return t("open.wrong", { left: error.facts.tries_left });
  if (error.type === "link-not-found" && typed) return t("open.no_code");
  if (error.type === "too-many-tries") return t("open.too_many");
  return passes(error) ? t("problem.network") : problemWords(error.facts);
}
