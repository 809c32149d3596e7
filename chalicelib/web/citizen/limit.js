/** 使用限制 in plain words: what is different, why, until when, what stays as it was, and how to object. */

import { fill, h } from "../shared/dom.js";
import { fullTime } from "../shared/time.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";
import { citizen, refreshCitizen } from "./session.js";

/** Makes the section; it stays empty while nothing is limited, and asks once whether that is still so. */
export function limitSection() {
  const element = h("section.card.limit", { "data-testid": "limit", hidden: true });
  const show = () => draw(element, citizen()?.limit ?? null);
  show();
  refreshCitizen()
    .then(show)
    .catch(() => {});
  return element;
}

function draw(element, limit) {
  element.hidden = limit === null;
  if (limit === null) return;
  const day = (iso) => fullTime(iso).slice(0, 10);
  fill(
    element,
    h("h2", t("limit.title")),
    h("p", t(`limit.${limit.grade}`)),
    h("dl.facts", [
      [h("dt", t("limit.why")), h("dd", limit.reason)],
      [h("dt", t("limit.when")), h("dd", t("limit.dates", { since: day(limit.since), until: day(limit.until) }))],
    ]),
    h("p.notice", icon("info"), h("span", t("limit.still"))),
    h("p.muted.small", t("limit.object")),
  );
}
