/**
 * Makes the page dark and neutral for a silent report, and blanks it at once.
 *
 * What happens here must make no sound and no light, and say no word that gives her away.
 */

import { clearFrame } from "../frame.js";
import { fill, h } from "../../shared/dom.js";
import { t } from "../../shared/words.js";

/** The address of the silent page: it names nothing. */
export const QUIET = "#/n";

const DARK = "#060708";

/** True while the page is the silent one, or blanked. */
export function isQuiet() {
  return document.documentElement.matches(".quiet, .blank");
}

/** Makes the page dark, at once. */
export function darken() {
  document.documentElement.classList.add("quiet");
  neutral();
}

/** Blanks the page: an empty sheet that could be anything, and as dark, for a sudden light is seen. Loaded anew it is the plain home. */
export function blank(view) {
  history.replaceState(null, "", "#/");
  document.documentElement.classList.replace("quiet", "blank");
  neutral();
  fill(view, h("p.sheet", t("quiet.empty")));
}

/** Gives the page its own face again. */
export function lighten() {
  if (!isQuiet()) return;
  document.documentElement.classList.remove("quiet", "blank");
  themeColour().content = themeColour().dataset.own ?? themeColour().content;
}

function neutral() {
  clearFrame();
  document.title = t("quiet.title");
  const theme = themeColour();
  theme.dataset.own ??= theme.content;
  theme.content = DARK;
}

function themeColour() {
  return document.querySelector("meta[name=theme-color]");
}
