/** What erasing one citizen would take and leave, what stands in its way, and the form that asks for it. */

import { h } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { spoken } from "../finding/number.js";
import { labelled, workForm } from "../form.js";

const GOES = ["words", "person", "places", "files", "talk"];
const STAYS = ["steps", "hashes", "officers", "paper", "copies"];

/** Makes the part for what `GET /console/citizens` answered of one citizen; `done()` follows a taken request. */
export function erasingForm({ api, one, done }) {
  const open = one.left && !one.because && one.erasure?.state !== "asked";
  return h(
    "section.erasing-one",
    { "data-key": one.number },
    h("h3", one.left ? t("erasing.whose", { number: one.number, count: one.incidents }) : one.number),
    open ? null : obstacle(one),
    one.left ? h("div.erasing-what", listOf("goes", GOES), listOf("stays", STAYS)) : null,
    open ? form({ api, one, done }) : null,
  );
}

function form({ api, one, done }) {
  const reason = h("input.input", { type: "text", required: true, maxlength: 200, placeholder: t("erasing.reason.example") });
  const again = h("input.input.digits", { type: "text", required: true, maxlength: 64, autocomplete: "off", spellcheck: "false", oninput: () => allow() });
  const element = workForm(
    { name: "erase", label: t("erasing.erase"), weight: "danger", send: ask },
    labelled("erasing.reason", reason),
    h("p.muted", t("erasing.reason.hint")),
    h("label.field", h("span", t("erasing.again", { number: one.number })), again),
  );
  const button = element.querySelector("button");
  const allow = () => (button.disabled = spoken(again.value) !== spoken(one.number));

  async function ask() {
    await api.post(`console/citizens/${one.citizen_id}/erase`, { reason: reason.value.trim() });
    await done();
  }

  allow();
  return element;
}

function listOf(what, names) {
  return h(`div.erasing-${what}`, h("h4", t(`erasing.${what}`)), h("ul", names.map((name) => h("li", t(`erasing.${what}.${name}`)))));
}

function obstacle({ because, at, erasure, left }) {
  if (erasure?.state === "asked") return h("p.erasing-note", { role: "status" }, t("erasing.going_on"));
  if (!left) return h("p.erasing-note", { role: "status" }, t("erasing.nothing"));
  return h(
    "div.erasing-against",
    { role: "alert" },
    h("p", h("strong", t("erasing.refused")), t(`erasing.because.${because}`)),
    at.length > 0 ? h("p.digits", at.join("　")) : null,
    h("p.muted", t(`erasing.clear.${because}`)),
  );
}
