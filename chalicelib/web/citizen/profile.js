/** 我的: phone, name, trade, plate, language, and the way out. */

import { fill, h } from "../shared/dom.js";
import { language, problemWords, setLanguage, t } from "../shared/words.js";
import { bureauName } from "./county.js";
import { ask } from "./dialog.js";
import { clearDraft, draftIsEmpty } from "./draft.js";
import { drawTabs, drawTop } from "./frame.js";
import { dropAllFiles } from "./kept_files.js";
import { limitSection } from "./limit.js";
import { dropOwnMessages, unsentMessages } from "./message_outbox.js";
import { waitingReports } from "./outbox.js";
import { phoneForm, shownPhone } from "./phone.js";
import { chosenFiles } from "./picked.js";
import { changeProfile, citizen, onSignedOut, signOut } from "./session.js";
import { unsentFiles } from "./uploads.js";

const TRADES = ["none", "taxi", "courier"];
let typed = null;
onSignedOut(() => (typed = null));

/** Draws the profile. */
export function showProfile(view) {
  drawTop();
  drawTabs("me");
  fill(
    view,
    h("h1", t("tab.me")),
    limitSection(),
    phoneSection(),
    profileSection(),
    languageSection(),
    h("button.button.quiet", { type: "button", onclick: leave }, t("me.leave")),
    h("p.muted.small.county", bureauName()),
  );
}

function phoneSection() {
  const card = h("section.card");
  const show = () => {
    const { phone, phone_verified: verified } = citizen();
    const line = phone
      ? h(
          "p.row",
          h("strong.digits", shownPhone(phone)),
          h("span.chip", { class: verified ? "good" : "" }, t(verified ? "phone.verified" : "phone.unverified")),
        )
      : h("p.muted.small", t("phone.why"));
    fill(card, h("h2", t("phone.mine")), line, phoneForm({ done: show }));
  };
  show();
  return card;
}

/* What was typed stays until it is saved: another language draws the form anew. */
function profileSection() {
  const { name, trade, plate } = typed ?? citizen();
  const fields = {
    name: h("input.input", { id: "my-name", maxlength: 40, autocomplete: "name", value: name ?? "" }),
    trade: h(
      "select.input",
      { id: "my-trade" },
      TRADES.map((one) => h("option", { value: one, selected: one === trade }, t(`trade.${one}`))),
    ),
    plate: h("input.input", {
      id: "my-plate",
      maxlength: 16,
      autocapitalize: "characters",
      placeholder: t("me.plate.example"),
      value: plate ?? "",
    }),
  };
  const plateField = h("div.field", h("label", { for: "my-plate" }, t("me.plate")), fields.plate);
  const showPlate = () => (plateField.hidden = fields.trade.value === "none");
  fields.trade.addEventListener("change", showPlate);
  showPlate();
  const said = h("p.small", { role: "status" });
  return h(
    "form.card",
    { onsubmit: (event) => (event.preventDefault(), save(fields, said)), oninput: () => (typed = valuesOf(fields)) },
    h("h2", t("me.profile")),
    h("p.muted.small", t("me.why")),
    h("div.field", h("label", { for: "my-name" }, t("me.name")), fields.name),
    h("div.field", h("label", { for: "my-trade" }, t("me.trade")), fields.trade),
    plateField,
    said,
    h("button.button.primary", { type: "submit" }, t("me.save")),
  );
}

function valuesOf({ name, trade, plate }) {
  return { name: name.value, trade: trade.value, plate: plate.value };
}

async function save(fields, said) {
  const { name, trade, plate } = valuesOf(fields);
  const own = trade === "none" ? {} : { plate: plate.trim() || null };
  const before = typed;
  try {
    await changeProfile({ name: name.trim() || null, trade, ...own });
    if (typed === before) typed = null;
    said.textContent = t("me.saved");
  } catch (error) {
    said.textContent = error.facts ? problemWords(error.facts) : t("problem.network");
  }
}

function languageSection() {
  const pick = (code, words) =>
    h(
      "button.button",
      {
        type: "button",
        lang: code,
        aria: { pressed: language() === code },
        class: language() === code ? "primary" : "",
        onclick: () => choose(code),
      },
      words,
    );
  return h("section.card", h("h2", t("me.language")), h("div.row", pick("zh-CN", "中文"), pick("en", "English")));
}

function choose(code) {
  changeProfile({ language: code }).catch(() => {});
  setLanguage(code);
}

/* The page starts anew, so that nothing of this citizen stays in memory for the next one. */
async function leave() {
  const unsent = unsentWords();
  if (unsent.length > 0 && !(await leaveAnyway(unsent))) return;
  clearDraft();
  dropOwnMessages();
  await dropAllFiles();
  signOut();
  location.reload();
}

/* What would be lost, by its name; a silent report and its words are never named. */
function unsentWords() {
  const counted = [
    [waitingReports().length, "me.leave.report"],
    [waitingReports().length === 0 && !(draftIsEmpty() && chosenFiles().length === 0) ? 1 : 0, "me.leave.draft"],
    [unsentMessages().length, "me.leave.messages"],
    [unsentFiles().length, "me.leave.files"],
  ];
  return counted.filter(([count]) => count > 0).map(([count, key]) => t(key, { count }));
}

function leaveAnyway(unsent) {
  return ask({
    title: t("me.leave.title"),
    lines: [t("me.leave.means"), h("ul", unsent.map((words) => h("li", words)))],
    choices: [
      { label: t("me.leave.stay"), value: false, kind: "primary" },
      { label: t("me.leave.anyway"), value: true, kind: "quiet" },
    ],
  });
}
