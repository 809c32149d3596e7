/** The bar above the task, and the band that says when the network is gone. */

import { fill, h } from "../shared/dom.js";
import { otherLanguage, setLanguage, t } from "../shared/words.js";

/** Draws the bar: number and unit of the task, or the page's name before there is one. */
export function drawTop(task) {
  const words = task
    ? [
        h("strong", t("top.number", { number: task.incident.number })),
        h("span", `${task.unit_name} · ${task.officer_name}`),
      ]
    : [h("strong", t("top.title"))];
  const toggle = h(
    "button.toggle",
    { type: "button", lang: otherLanguage(), onclick: () => setLanguage(otherLanguage()) },
    t("language.switch"),
  );
  fill(document.getElementById("top"), h("div.bar", h("div.words", words), toggle));
  document.title = t("top.title");
}

/** Says what is wrong with the network, or nothing when `words` is null. */
export function sayNetwork(words) {
  const band = document.getElementById("network");
  if (band.textContent === (words ?? "")) return;
  fill(band, words ? h("p", words) : null);
}
