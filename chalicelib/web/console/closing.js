/** The end of an incident: the link to the one it repeats, and the closing with what a disposition needs. */

import { h, say, shown } from "../shared/dom.js";
import { fromInput, nowIso, toInput } from "../shared/time.js";
import { t } from "../shared/words.js";
import { drafted, draftedChoice, refill, sent } from "./drafts.js";
import { choice, labelled, workForm } from "./form.js";
import { placeWords } from "./shown.js";

const DISPOSITIONS = [
  "resolved",
  "advised",
  "referred_12345",
  "duplicate",
  "out_of_area",
  "no_contact",
  "false_report",
  "harassment",
];

/** Makes the form that links the incident to another open one. */
export function linkForm({ id, board, send }) {
  const now = h("p");
  const search = h("input.input", {
    type: "search",
    placeholder: t("link.search"),
    aria: { label: t("link.search") },
    oninput: () => offer(),
  });
  const to = choice({ name: "link", className: "units", legend: t("link.to"), choices: [] });
  const form = workForm({ name: "link", label: t("link.send"), send: link }, now, search, to.element);

  function offer() {
    const wanted = search.value.trim();
    const others = board
      .open()
      .filter(
        (card) =>
          card.id !== id &&
          `${card.number}${card.phone ?? ""}${placeWords(card.place)}${card.text_start ?? ""}`.includes(wanted),
      );
    to.offer(
      others.slice(0, 30).map((card) => ({
        value: card.id,
        words: card.number,
        hint: [t(`mode.${card.mode}`), placeWords(card.place), card.text_start].filter(Boolean).join(" · "),
      })),
    );
  }

  async function link() {
    await send("link", { to: to.value() ?? "" });
    sent(id, "link.to");
  }

  function show({ incident }, steps) {
    shown(form, steps.link);
    const other = incident.linked_to ? (board.card(incident.linked_to)?.number ?? incident.linked_to) : null;
    say(now, other ? t("link.now", { number: other }) : t("link.none"));
  }

  return { element: form, show, draw: offer, focus: () => (offer(), search.focus()) };
}

/** Makes the form that closes the incident; `signedIn()` fills in who told the other force. */
export function closeForm({ id, send, signedIn }) {
  const disposition = choice({
    name: "disposition",
    className: "types",
    legend: t("close.disposition"),
    choices: DISPOSITIONS.map((value) => ({ value, words: t(`disposition.${value}`) })),
    picked: (value) => (needs(value), value === "out_of_area" && told.scrollIntoView({ block: "nearest" })),
  });
  const force = drafted(
    h("input.input", { type: "text", maxlength: 200, placeholder: t("close.force_hint") }),
    id,
    "close.force",
  );
  const by = drafted(h("input.input", { type: "text", maxlength: 100 }), id, "close.by", signedIn());
  const at = drafted(h("input.input", { type: "datetime-local" }), id, "close.at");
  const told = h(
    "fieldset.told",
    { hidden: true },
    h("legend", t("close.told")),
    labelled("close.force", force),
    labelled("close.by", by),
    labelled("close.at", at),
  );
  const duplicate = h("p.refusal", t("close.link_first"));
  const note = drafted(
    h("textarea.input", { rows: 2, maxlength: 1000, placeholder: t("close.note_hint") }),
    id,
    "close.note",
  );
  const form = workForm(
    { name: "close", label: t("close.send"), weight: "danger", send: close },
    disposition.element,
    told,
    duplicate,
    labelled("close.note", note),
  );
  draftedChoice(disposition, id, "close.disposition");
  let linked = false;

  /* The time offered is that of the choice; what was typed is the draft's. */
  function needs(value) {
    if (told.hidden && value === "out_of_area") refill(at, id, "close.at", toInput(nowIso()));
    shown(told, value === "out_of_area");
    shown(duplicate, value === "duplicate" && !linked);
  }

  async function close() {
    const chosen = disposition.value() ?? "";
    const whom = { force: force.value.trim(), by: by.value.trim(), at: fromInput(at.value || toInput(nowIso())) };
    await send("close", {
      disposition: chosen,
      ...(note.value.trim() ? { note: note.value.trim() } : {}),
      ...(chosen === "out_of_area" ? { told: whom } : {}),
    });
    sent(id, "close.disposition", "close.note", "close.force", "close.by", "close.at");
  }

  function show({ incident }, steps) {
    linked = incident.linked_to !== null;
    shown(form, steps.close);
    needs(disposition.value());
  }

  return { element: form, show, focus: () => disposition.focus() };
}
