/** Units and staff, for commanders and administrators. */

import { newKey } from "../shared/api.js";
import { fill, h, say } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { dutyPart } from "./duty/roster.js";
import { erasingDialog } from "./erasing/dialog.js";
import { choice, labelled, workForm } from "./form.js";
import { refusalWords } from "./refusals.js";
import { removal } from "./removal.js";
import { spaced } from "./shown.js";
import { everyPage } from "./units.js";
import { watchParts } from "./watch/lists.js";

const GROUPS = ["call_taker", "commander", "specialist", "admin"];

/** Opens the dialog; `onUnits()` and `onDepartments()` are told when their lists changed. */
export function rosterDialog({ api, session, onUnits, onDepartments }) {
  const dialog = h(
    "dialog.roster",
    { aria: { labelledby: "roster-title" }, onclose: () => dialog.remove() },
    heading("help.close", () => dialog.close(), erasing({ api, session })),
    ...parts({ api, session, onUnits, onDepartments }),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** Makes the same as a page of its own, for an account that has no desk. */
export function rosterPage({ api, session, county, onSignOut, onFigures }) {
  const nobody = () => {};
  const figures = h("button.button.small", { type: "button", onclick: onFigures }, t("figures.open"));
  return h(
    "main.roster.alone",
    heading("bar.sign_out", onSignOut, figures, erasing({ api, session })),
    h("h3", t("duty.title")),
    dutyPart({ api }),
    ...parts({ api, session, onUnits: nobody, onDepartments: nobody }),
    ...watchParts({ api, session, county }),
  );
}

function heading(word, act, ...tools) {
  return h(
    "header",
    h("h2", { id: "roster-title" }, t("bar.roster")),
    h("div.bar-tools", tools, h("button.button.small", { type: "button", onclick: act }, t(word))),
  );
}

function erasing({ api, session }) {
  return session.administers() ? h("button.button.small", { type: "button", onclick: () => erasingDialog({ api }) }, t("erasing.open")) : null;
}

function parts({ api, session, onUnits, onDepartments }) {
  return [unitPart(api, onUnits), departmentPart(api, onDepartments), session.administers() ? staffPart(api) : null];
}

function unitPart(api, changed) {
  const name = h("input.input", { required: true, maxlength: 60 });
  const officer = h("input.input", { required: true, maxlength: 40 });
  const phone = h("input.input", { required: true, type: "tel", maxlength: 20 });
  const part = listed({
    title: "roster.units",
    read: () => everyPage(api, "console/units"),
    keyOf: (unit) => unit.id,
    remove: (unit) => api.remove(`console/units/${unit.id}`),
    words: (unit) => [h("strong", unit.name), ` ${unit.officer_name} `, h("span.digits", spaced(unit.phone))],
    changed,
  });
  const form = workForm(
    { name: "unit", label: t("roster.add"), send: add },
    h(
      "div.roster-fields",
      labelled("roster.name", name),
      labelled("roster.officer", officer),
      labelled("roster.phone", phone),
    ),
  );
  async function add() {
    await api.post("console/units", {
      name: name.value.trim(),
      officer_name: officer.value.trim(),
      phone: phone.value.trim(),
    });
    for (const field of [name, officer, phone]) field.value = "";
    changed();
    await part.draw();
  }
  return h("section", part.element, form);
}

function departmentPart(api, changed) {
  const name = h("input.input", { required: true, maxlength: 60 });
  const part = listed({
    title: "roster.departments",
    read: () => everyPage(api, "console/departments"),
    keyOf: (one) => one.id,
    remove: (one) => api.remove(`console/departments/${one.id}`),
    words: (one) => [h("strong", one.name)],
    changed,
  });
  const form = workForm(
    { name: "department", label: t("roster.add"), send: add },
    h("div.roster-fields", labelled("roster.department", name)),
  );
  async function add() {
    await api.post("console/departments", { name: name.value.trim() }, { key: newKey() });
    name.value = "";
    changed();
    await part.draw();
  }
  return h("section", part.element, form);
}

function staffPart(api) {
  const username = h("input.input", { required: true, maxlength: 60, autocomplete: "off" });
  const group = choice({
    name: "group",
    legend: t("roster.group"),
    choices: GROUPS.map((value) => ({ value, words: t(`role.${value}`) })),
  });
  const password = h("p.temporary", { role: "status" });
  const part = listed({
    title: "roster.staff",
    read: () => everyPage(api, "console/staff"),
    keyOf: (one) => one.username,
    remove: (one) => api.remove(`console/staff/${encodeURIComponent(one.username)}`),
    words: (one) => [h("strong", one.username), " ", one.groups.map((name) => t(`role.${name}`)).join("、")],
  });
  group.set("call_taker");
  const form = workForm(
    { name: "staff", label: t("roster.add"), send: add },
    h("div.roster-fields", labelled("signin.username", username), group.element),
    password,
  );
  async function add() {
    const made = await api.post("console/staff", { username: username.value.trim(), groups: [group.value()] });
    say(password, t("roster.password", { username: made.username, password: made.temporary_password }));
    username.value = "";
    await part.draw();
  }
  return h("section", part.element, form);
}

function listed({ title, read, keyOf, remove, words, changed = () => {} }) {
  const list = h("ul.roster-list");
  const fault = h("p.refusal", { role: "alert" });
  const element = h("div", h("h3", t(title)), list, fault);

  async function draw() {
    try {
      fill(
        list,
        (await read()).map((one) =>
          h(
            "li",
            { "data-key": keyOf(one) },
            h("span", words(one)),
            removal(() => drop(one)),
          ),
        ),
      );
      say(fault, "");
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  async function drop(one) {
    try {
      await remove(one);
      changed();
      await draw();
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  void draw();
  return { element, draw };
}
