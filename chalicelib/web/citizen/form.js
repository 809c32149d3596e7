/** The 图文报警 form: what happened, pictures, where, how to reach me. Nothing in it is required, nothing in it waits. */

import { fill, h, say } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { ask } from "./dialog.js";
import { changeDraft, draftIsEmpty, reportBody, theDraft } from "./draft.js";
import { drawTabs, drawTop, ringLink } from "./frame.js";
import { icon } from "./icons.js";
import { putInOutbox } from "./outbox.js";
import { shownPhone } from "./phone.js";
import { chosenFiles } from "./picked.js";
import { newestPosition, stopWatching, watchIfAllowed } from "./position.js";
import { citizen } from "./session.js";
import { drawPicker } from "./picker.js";
import { positionField } from "./position_field.js";

const MOST_LETTERS = 2000;

/** Draws the form; `file(report)` is called with what 报警 put into the outbox. Gives back what stops it. */
export function showForm(view, { file }) {
  drawTop({ title: t("mode.photo_text"), back: "#/" });
  drawTabs(null);
  watchIfAllowed();
  const position = positionField();
  const go = h("button.button.alarm.huge", { type: "submit" });
  const form = h(
    "form.report",
    { novalidate: true, onsubmit: (event) => (event.preventDefault(), submit(go, file)) },
    h("p.danger-line", h("span", t("form.danger")), ringLink("a.ring")),
    h("section.card", whatHappened(), drawPicker()),
    h("section.card", where(), position.element),
    h("section.card", contact()),
    h(
      "section.card",
      tipSwitch(() => nameButton(go)),
    ),
    h("div.filing", go, h("p.muted.small", t("form.files.first"))),
  );
  nameButton(go);
  fill(view, h("h1.hidden-words", t("mode.photo_text")), form);
  return () => {
    position.stop();
    stopWatching();
  };
}

function nameButton(go) {
  say(go, t(theDraft().tip ? "form.send.tip" : "form.send"));
}

async function submit(go, file) {
  go.disabled = true;
  if (draftIsEmpty() && chosenFiles().length === 0 && !(await emptyAnyway())) {
    go.disabled = false;
    return;
  }
  file(putInOutbox(reportBody(newestPosition()), { key: theDraft().key }));
}

function emptyAnyway() {
  return ask({
    title: t("form.empty.title"),
    lines: [t("form.empty.line")],
    choices: [
      { label: t("form.empty.back"), value: false, kind: "primary" },
      { label: t("form.empty.send"), value: true, kind: "call" },
    ],
  });
}

function whatHappened() {
  const count = h("span.count.digits", { aria: { hidden: true } });
  const text = h("textarea.input", {
    id: "what",
    rows: 4,
    maxlength: MOST_LETTERS,
    placeholder: t("form.text.example"),
    value: theDraft().text,
    aria: { describedby: "what-left" },
  });
  const left = h("span.hidden-words", { id: "what-left", aria: { live: "polite" } });
  const show = () => {
    changeDraft({ text: text.value });
    say(count, `${text.value.length} / ${MOST_LETTERS}`);
    count.classList.toggle("near", text.value.length > MOST_LETTERS - 100);
    if (text.value.length >= MOST_LETTERS) say(left, t("form.text.full"));
  };
  text.addEventListener("input", show);
  show();
  return h("div.field", h("label.question", { for: "what" }, t("form.text")), text, count, left);
}

function where() {
  const place = h("input.input", {
    id: "where",
    maxlength: 200,
    autocomplete: "street-address",
    placeholder: t("form.place.example"),
    value: theDraft().place,
  });
  place.addEventListener("input", () => changeDraft({ place: place.value }));
  return h("div.field", h("label.question", { for: "where" }, t("form.place")), place);
}

function contact() {
  const known = citizen()?.phone;
  const phone = h("input.input", {
    id: "contact",
    type: "tel",
    inputmode: "tel",
    autocomplete: "tel-national",
    maxlength: 20,
    placeholder: known ? shownPhone(known) : t("form.phone.example"),
    value: theDraft().contact_phone,
  });
  phone.addEventListener("input", () => changeDraft({ contact_phone: phone.value }));
  return [h("div.field", h("label.question", { for: "contact" }, t("form.phone")), phone), mayCallBack()];
}

function mayCallBack() {
  const warning = h("p.notice", icon("info"), h("span", t("form.callback.no.means")));
  const choice = (allowed, words) =>
    h(
      "label.choice",
      h("input", {
        type: "radio",
        name: "callback",
        value: allowed ? "yes" : "no",
        checked: theDraft().callback_allowed === allowed,
        onchange: () => {
          changeDraft({ callback_allowed: allowed });
          warning.hidden = allowed;
        },
      }),
      h("span", words),
    );
  warning.hidden = theDraft().callback_allowed;
  return h(
    "fieldset",
    h("legend.legend", t("form.callback")),
    h("div.pair", choice(true, t("form.callback.yes")), choice(false, t("form.callback.no"))),
    warning,
  );
}

function tipSwitch(changed) {
  const box = h("input", {
    type: "checkbox",
    id: "tip",
    checked: theDraft().tip,
    onchange: () => {
      changeDraft({ tip: box.checked });
      changed();
    },
  });
  return h(
    "label.switch",
    { for: "tip" },
    box,
    h("span.words", h("strong", t("form.tip")), h("span.muted.small", t("form.tip.means"))),
  );
}
