/** What stands around every view: the bureau's bar above, the three tabs below, and the band that tells of a lost network. */

import { fill, h } from "../shared/dom.js";
import { otherLanguage, setLanguage, t } from "../shared/words.js";
import { bureauName, emergencyNumber } from "./county.js";
import { icon } from "./icons.js";

const TABS = [
  ["home", "#/", "home"],
  ["reports", "#/reports", "list"],
  ["me", "#/me", "person"],
];

/** Draws the bar: the bureau, or a way back with a title. */
export function drawTop({ title = null, back = null } = {}) {
  const left = back
    ? [h("a.back", { href: back, aria: { label: t("frame.back") } }, icon("back")), h("span.title", title)]
    : [h("span.badge", icon("shield")), h("span.bureau", h("strong", bureauName()), h("span", t("frame.service")))];
  const toggle = h(
    "button.toggle",
    { type: "button", lang: otherLanguage(), onclick: () => setLanguage(otherLanguage()) },
    t("language.switch"),
  );
  fill(document.getElementById("top"), h("div.bar", left, toggle));
  document.title = t("frame.service");
}

/** Draws the tabs with `current` marked; hides them when there is none. */
export function drawTabs(current) {
  const nav = document.getElementById("tabs");
  nav.hidden = current === null;
  nav.setAttribute("aria-label", t("frame.tabs"));
  fill(
    nav,
    TABS.map(([name, href, drawn]) =>
      h("a", { href, aria: name === current ? { current: "page" } : {} }, icon(drawn), h("span", t(`tab.${name}`))),
    ),
  );
}

/** Takes the bar, the tabs and the band away, for a view that fills the screen. */
export function clearFrame() {
  document.getElementById("top").replaceChildren();
  document.getElementById("tabs").hidden = true;
  sayNetwork(null);
}

/** Says that the network is gone and what to do, or nothing when `words` is null. */
export function sayNetwork(words) {
  const band = document.getElementById("network");
  if (band.dataset.words === (words ?? "")) return;
  band.dataset.words = words ?? "";
  fill(band, words ? h("p", h("span", words), ringLink("a.ring")) : null);
}

/** A link that rings the emergency number. */
export function ringLink(tag = "a.button.call") {
  const number = emergencyNumber();
  return h(tag, { href: `tel:${number}` }, icon("phone"), h("span", t("ring", { number })));
}
