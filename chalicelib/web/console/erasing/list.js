/** The erasures asked for: how far each is, what stopped it, and whose copies are out of its reach. */

import { fill, h, say } from "../../shared/dom.js";
import { fullTime } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { refusalWords } from "../refusals.js";
import { everyPage } from "../units.js";

const SHORT = 16;

/** Makes the list; `again(number)` takes a stopped one up where a number of it is known. */
export function erasureList({ api, again }) {
  const items = h("ul.erasures");
  const fault = h("p.refusal", { role: "alert" });
  const element = h("section.erasing-list", { "data-testid": "erasures" }, h("h3", t("erasing.list")), fault, items);
  let known = [];

  async function draw() {
    try {
      known = await everyPage(api, "console/erasures");
      known.sort((a, b) => Date.parse(b.asked_at) - Date.parse(a.asked_at));
      fill(items, known.length === 0 ? h("li.muted", t("erasing.none")) : known.map((one) => item(one, again)));
      say(fault, "");
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  return { element, draw, waits: () => known.some(({ state }) => state === "asked") };
}

function item(one, again) {
  return h(
    "li.erasure",
    { "data-key": one.citizen_id, "data-state": one.state },
    h("p", h("strong.erasure-state", t(`erasing.state.${one.state}`)), h("span.muted", t("erasing.by", { by: one.asked_by, at: fullTime(one.asked_at) }))),
    h("p", h("span.muted", t("erasing.paper")), one.reason),
    h("p.muted", t("erasing.so_far", { incidents: one.incident_ids.length, objects: one.objects }), one.finished_at ? ` · ${t("erasing.finished", { at: fullTime(one.finished_at) })}` : ""),
    one.state === "stopped" ? stopped(one, again) : null,
    one.copies.length > 0 ? copies(one.copies) : null,
  );
}

function stopped({ stopped_by: because, stopped_at_numbers: numbers = [] }, again) {
  return h(
    "div.erasing-against",
    h("p", h("strong", t("erasing.stopped")), t(`erasing.because.${because}`)),
    numbers.length > 0 ? h("p.digits", numbers.join("　")) : null,
    h("p.muted", t(`erasing.clear.${because}`)),
    numbers.length > 0 ? h("button.button.small", { type: "button", onclick: () => again(numbers[0]) }, t("erasing.take_up")) : null,
  );
}

function copies(taken) {
  return h(
    "div.erasing-copies",
    h("p", t("erasing.tell", { count: taken.length })),
    h("ul", taken.map(({ number, by, at, manifest_sha256: hash }) => h("li", h("span.digits", number), h("span", by), h("time.digits.muted", { datetime: at }, fullTime(at)), h("code", { title: hash }, `${hash.slice(0, SHORT)}…`)))),
  );
}
