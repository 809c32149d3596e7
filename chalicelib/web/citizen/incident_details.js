/** What the citizen sent with a report, as it was taken. */

import { fill, h } from "../shared/dom.js";
import { fullTime } from "../shared/time.js";
import { t } from "../shared/words.js";

/** Draws the list of facts: time, words, place, position. */
export function details(list, { created_at: at, mode, text, place, position }) {
  const facts = [
    [t("details.at"), h("time.digits", { datetime: at }, fullTime(at))],
    [t("details.mode"), t(`mode.${mode}`)],
    [t("details.text"), text],
    [t("details.place"), placeWords(place)],
    [t("details.position"), position ? t("details.accuracy", { metres: Math.round(position.accuracy_m ?? 0) }) : null],
  ];
  return fill(
    list,
    facts.filter(([, value]) => value).map(([name, value]) => h("div", h("dt", name), h("dd", value))),
  );
}

/** The place as written, and what the gazetteer says of it. */
export function placeWords(place) {
  if (!place) return "";
  return [place.words, place.near && place.near !== place.words ? place.near : ""].filter(Boolean).join(" · ");
}
