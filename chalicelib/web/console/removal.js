/** A button that removes: the first click asks, the second does it; leaving the button takes the question back. */

import { h, say } from "../shared/dom.js";
import { t } from "../shared/words.js";

/** Makes the button; `act()` does it. */
export function removal(act) {
  const button = h("button.button.small", { type: "button", onclick: clicked, onblur: () => ask(false) });
  function ask(asked) {
    button.classList.toggle("danger", asked);
    say(button, t(asked ? "roster.really" : "roster.remove"));
  }
  function clicked() {
    if (button.classList.contains("danger")) void act();
    else ask(true);
  }
  ask(false);
  return button;
}
