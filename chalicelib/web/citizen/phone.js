/** Asking for the phone number: politely, never before a report, and easy to pass over. */

import { fill, h } from "../shared/dom.js";
import { newKey } from "../shared/api.js";
import { problemWords, t } from "../shared/words.js";
import { theCounty } from "./county.js";
import { citizen, givePhone } from "./session.js";
import { keepHere, recall } from "./storage.js";

/** A card that asks for the number; null when the citizen has passed it over on this device. */
export function phoneCard() {
  if (recall("phone.later")) return null;
  const card = h("section.card.phone");
  const later = h(
    "button.button.quiet",
    { type: "button", onclick: () => (keepHere("phone.later", true), card.remove()) },
    t("phone.later"),
  );
  const open = () => {
    form.hidden = false;
    offer.hidden = true;
    form.querySelector("input").focus();
  };
  const offer = h("div.row", h("button.button", { type: "button", onclick: open }, t("phone.fill")), later);
  const form = phoneForm({ done: () => fill(card, h("p.notice.good", { role: "status" }, t("phone.kept"))) });
  form.hidden = true;
  return fill(card, h("h2", t("phone.title")), h("p.muted.small", t("phone.why")), offer, form);
}

/** The form itself: a typed number is kept as unverified; the demonstration can verify it as WeChat would. */
export function phoneForm({ done }) {
  const number = h("input.input", {
    id: "own-phone",
    type: "tel",
    inputmode: "tel",
    autocomplete: "tel-national",
    maxlength: 20,
    required: true,
    value: shownPhone(citizen()?.phone),
  });
  const fault = h("p.small.fault", { role: "alert" });
  const send = async (given) => {
    if (!number.reportValidity()) return;
    try {
      fault.textContent = "";
      done(await givePhone(given(number.value.replace(/[\s-]/g, ""))));
    } catch (error) {
      fault.textContent = error.facts ? problemWords(error.facts) : t("problem.network");
    }
  };
  const typed = (event) => (event.preventDefault(), send((phone) => ({ phone })));
  const verified = theCounty()?.demonstration
    ? h(
        "button.button",
        { type: "button", onclick: () => send((phone) => ({ code: `phone-${phone}#${newKey()}` })) },
        t("phone.wechat"),
      )
    : null;
  return h(
    "form.stack",
    { onsubmit: typed, novalidate: true },
    h("div.field", h("label", { for: "own-phone" }, t("phone.label")), number),
    fault,
    h("div.row", h("button.button.primary", { type: "submit" }, t("phone.save")), verified),
  );
}

/** "138 0000 0001" for a mainland number, others as they are. */
export function shownPhone(phone) {
  const local = /^\+86(1\d{2})(\d{4})(\d{4})$/.exec(phone || "");
  return local ? local.slice(1).join(" ") : phone || "";
}
