/** The screen when there is nothing to work by this link: ended, revoked, opened elsewhere, or no link at all. */

import { fill, h } from "../shared/dom.js";
import { known, t } from "../shared/words.js";
import { drawTop, sayNetwork } from "./frame.js";
import { icon } from "./icons.js";

/** True for a refusal after which nothing can be done by this link any more. */
export function endsLink({ type = "" }) {
  return type.startsWith("link-") || type === "digits-refused";
}

/** Draws the end; `why` is the problem's slug. */
export function showEnd(view, why) {
  drawTop(null);
  sayNetwork(null);
  fill(document.getElementById("work"));
  const reason = known(`end.${why}`) ? why : "link-not-found";
  const drawn = reason === "link-ended" ? icon("check") : icon("warning");
  fill(
    view,
    h(
      "section.card.end",
      { role: "status" },
      h("span.emblem", drawn),
      h("h1", t(`end.${reason}`)),
      h("p.muted", t(`end.${reason}.then`)),
    ),
  );
}
