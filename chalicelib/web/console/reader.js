/** Who reads what the call-taker writes: the citizen, or the officers sent out; never both by mistake. */

import { h, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";

const READERS = ["citizen", "officers"];

/** Makes the choice, telling `onPick(reader)` of each; the citizen is meant unless officers were chosen and are there. */
export function readerChoice({ onPick = () => {} } = {}) {
  let reader = "citizen";
  const buttons = READERS.map((name) =>
    h("button.button.small", { type: "button", "data-reader": name, onclick: () => pick(name) }, t(`talk.to_${name}`)),
  );
  const element = h("div.readers", { role: "group", hidden: true, aria: { label: t("talk.to") } }, h("span.muted", t("talk.to")), buttons);

  function pick(name) {
    reader = name;
    element.dataset.reader = name;
    onPick(name);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.reader === name));
  }

  pick("citizen");
  return {
    element,
    show(withOfficers) {
      shown(element, withOfficers);
      if (!withOfficers) pick("citizen");
    },
    body: () => (reader === "officers" ? { to: "officers" } : {}),
    /** Sets the same words to another reader apart from a retry. */
    suffix: () => (reader === "officers" ? "-officers" : ""),
  };
}
