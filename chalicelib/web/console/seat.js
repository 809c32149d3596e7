/** The seat: its state chosen in the top bar, and a specialist's department; only a ready one rings. */

import { h } from "../shared/dom.js";
import { t } from "../shared/words.js";

const STATES = ["ready", "busy", "wrap_up", "break"];

/**
 * Makes the selector; `choose({state, department_id?})` is called for each choice, `show(seat)` sets what it displays.
 * `departments()` answers the departments for one who sits at one; else it is null.
 */
export function seatSelector({ choose, departments = null }) {
  const select = h(
    "select.seat-select",
    { "data-testid": "seat", aria: { label: t("seat.label") }, onchange: picked },
    STATES.map((state) => h("option", { value: state }, t(`seat.${state}`))),
  );
  const place = h("select.seat-select", {
    "data-testid": "seat-department",
    aria: { label: t("seat.department") },
    onchange: picked,
  });
  const lamp = h("span.seat-lamp", { aria: { hidden: "true" } });
  const element = h("label.seat", lamp, select);
  const whole = h("div.seats", element, departments === null ? null : h("label.seat", place));
  let shownSeat = { state: "ready" };

  function picked() {
    const seat = { state: select.value, ...(place.value ? { department_id: place.value } : {}) };
    show(seat);
    choose(seat);
  }

  function show(seat) {
    shownSeat = seat;
    element.dataset.state = seat.state;
    if (STATES.includes(seat.state)) select.value = seat.state;
    place.value = seat.department_id ?? "";
    whole.classList.toggle("nowhere", departments !== null && !seat.department_id);
  }

  async function offer() {
    const known = await departments();
    place.replaceChildren(
      h("option", { value: "" }, t("seat.no_department")),
      ...known.map(({ id, name }) => h("option", { value: id }, name)),
    );
    show(shownSeat);
  }

  if (departments !== null) void offer().catch(() => setTimeout(offer, 5000));
  return { element: whole, show };
}
