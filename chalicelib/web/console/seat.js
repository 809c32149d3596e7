/** The seat: its state chosen in the top bar; only a ready one rings. */

import { h } from "../shared/dom.js";
import { t } from "../shared/words.js";

const STATES = ["ready", "busy", "wrap_up", "break"];

/** Makes the selector; `choose(state)` is called for each choice, `show(state)` sets what it displays. */
export function seatSelector(choose) {
  const select = h(
    "select.seat-select",
    { "data-testid": "seat", aria: { label: t("seat.label") }, onchange: () => picked(select.value) },
    STATES.map((state) => h("option", { value: state }, t(`seat.${state}`))),
  );
  const element = h("label.seat", h("span.seat-lamp", { aria: { hidden: "true" } }), select);

  function picked(state) {
    show(state);
    choose(state);
  }

  function show(state) {
    element.dataset.state = state;
    if (STATES.includes(state)) select.value = state;
  }

  return { element, show };
}
