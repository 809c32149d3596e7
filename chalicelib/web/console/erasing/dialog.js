/** Erasing a citizen, for administrators: whose an incident is, what goes and what stays, and how far each erasing is. */

import { fill, h } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { labelled, workForm } from "../form.js";
import { erasingForm } from "./ahead.js";
import { erasureList } from "./list.js";

const AGAIN_MS = 5000;

/** Opens the dialog. */
export function erasingDialog({ api }) {
  const number = h("input.input.digits", { type: "text", required: true, maxlength: 64, autocomplete: "off", spellcheck: "false", placeholder: "261123-7K3M9QT" });
  const found = h("div.erasing-found", { "data-testid": "erasing-found" });
  const list = erasureList({ api, again: takeUp });
  const search = workForm({ name: "erasing-search", label: t("erasing.look"), weight: "plain", send: look, speaks: true }, labelled("erasing.number", number));
  const dialog = h(
    "dialog.erasing",
    { "data-testid": "erasing", aria: { labelledby: "erasing-title" }, onclose: closed },
    h(
      "header",
      h("h2", { id: "erasing-title" }, t("erasing.title")),
      h("button.button.small", { type: "button", onclick: () => dialog.close() }, t("help.close")),
    ),
    h("p.muted", t("erasing.when")),
    search,
    found,
    list.element,
  );
  const clock = setInterval(() => list.waits() && void list.draw(), AGAIN_MS);

  async function look() {
    const said = number.value.trim();
    fill(found);
    const { items } = await api.get("console/citizens", { number: said });
    if (items.length === 0) fill(found, h("p.refusal", { role: "alert" }, t("find.none", { number: said })));
    else fill(found, items.map((one) => erasingForm({ api, one, done: asked })));
    found.scrollIntoView({ block: "nearest" });
  }

  function takeUp(said) {
    number.value = said;
    search.requestSubmit();
  }

  async function asked() {
    fill(found, h("p.done", { role: "status" }, t("erasing.asked")));
    number.value = "";
    await list.draw();
  }

  function closed() {
    clearInterval(clock);
    dialog.remove();
  }

  document.body.append(dialog);
  dialog.showModal();
  void list.draw();
}
