/** The box that finds an incident by its number: an open one by its end too, a closed one by all of it. */

import { h, say } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { refusalWords } from "../refusals.js";
import { spoken, WHOLE } from "./number.js";

const SHORTEST = 4;

/** Makes the box; `open(id)` shows an incident. */
export function numberBox({ api, board, open }) {
  const field = h("input.input.digits", {
    type: "search",
    name: "number",
    maxlength: 64,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: t("find.write"),
    aria: { label: t("find.label") },
    oninput: () => say(told, ""),
  });
  const told = h("p.find-told", { role: "status" });
  const element = h(
    "form.find",
    { role: "search", "data-testid": "find", onsubmit: (event) => (event.preventDefault(), void find()) },
    h("label.find-field", field, h("kbd", { aria: { hidden: "true" } }, "F12")),
    told,
  );

  async function find() {
    const signs = spoken(field.value);
    const among = board.open().filter(({ number }) => spoken(number).endsWith(signs));
    if (signs.length < SHORTEST) return say(told, t("find.short"));
    if (among.length === 1) return show(among);
    if (among.length > 1) return say(told, t("find.several", { count: among.length }));
    if (signs.length < WHOLE) return say(told, t("find.none_open", { number: signs }));
    return ask(field.value.trim());
  }

  async function ask(number) {
    say(told, t("find.asking"));
    try {
      const { items } = await api.get("console/incidents", { number });
      if (field.value.trim() !== number) return;
      if (items.length > 0) show(items);
      else say(told, t("find.none", { number }));
    } catch (error) {
      say(told, refusalWords(error));
    }
  }

  function show(found) {
    field.value = "";
    field.blur();
    say(told, "");
    for (const { id } of found) open(id);
  }

  return { element, focus: () => (field.focus(), field.select()) };
}
