/** What the service remarked on a report, as short marks. */

import { h } from "../shared/dom.js";
import { known, t } from "../shared/words.js";

const GRAVE = new Set(["outside-jurisdiction", "after-closing"]);

/** Marks for the flags; one the console has no words for is shown by its slug rather than hidden. */
export function flagChips(flags) {
  return flags.map((flag) =>
    h(
      "span.flag",
      { class: GRAVE.has(flag) ? "grave" : null, title: flag },
      known(`flag.${flag}`) ? t(`flag.${flag}`) : flag,
    ),
  );
}
