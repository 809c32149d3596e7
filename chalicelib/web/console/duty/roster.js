/** The duty roster 值班表: who is on duty, when nobody is, the shifts, and the form for another. */

import { newKey } from "../../shared/api.js";
import { fill, h, say } from "../../shared/dom.js";
import { fromInput, fullTime, nowMs, toInput } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { labelled, workForm } from "../form.js";
import { refusalWords } from "../refusals.js";
import { removal } from "../removal.js";
import { spaced } from "../shown.js";

const SHIFT_HOURS = 12;

/** Opens the dialog; `onChange()` is told when the roster changed. */
export function dutyDialog({ api, onChange }) {
  const dialog = h(
    "dialog.roster.duty",
    { aria: { labelledby: "duty-title" }, onclose: () => dialog.remove() },
    h(
      "header",
      h("h2", { id: "duty-title" }, t("duty.title")),
      h("button.button.small", { type: "button", onclick: () => dialog.close() }, t("help.close")),
    ),
    dutyPart({ api, onChange }),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** Makes the roster for the dialog and for an account that has no desk. */
export function dutyPart({ api, onChange = () => {} }) {
  const standing = h("div.duty-standing");
  const list = h("ul.roster-list.shifts", { "data-testid": "shifts" });
  const fault = h("p.refusal", { role: "alert" });

  async function draw() {
    try {
      const { items, ...roster } = await wholeRoster(api);
      fill(standing, ...standingOf(roster));
      fill(list, items.length > 0 ? items.sort(byTime).map(line) : h("li.muted", t("duty.none")));
      say(fault, "");
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  async function changed() {
    onChange();
    await draw();
  }

  function line(shift) {
    const remove = async () => {
      try {
        await api.remove(`console/duty/${shift.id}`);
        await changed();
      } catch (error) {
        say(fault, refusalWords(error));
      }
    };
    return h(
      "li",
      { "data-key": shift.id },
      h("span.shift", h("strong.digits", span(shift)), h("span", shift.name), h("span.muted", t("duty.order.nth", { order: shift.order })), h("span.digits", spaced(shift.phone ?? ""))),
      removal(remove),
    );
  }

  void draw();
  return h("section", standing, h("h3", t("duty.shifts")), list, fault, shiftForm({ api, added: changed }));
}

function shiftForm({ api, added }) {
  const name = h("input.input", { required: true, maxlength: 60, placeholder: t("duty.name.hint") });
  const phone = h("input.input", { required: true, type: "tel", maxlength: 20 });
  const from = h("input.input", { required: true, type: "datetime-local", value: nextHour(0) });
  const to = h("input.input", { required: true, type: "datetime-local", value: nextHour(SHIFT_HOURS) });
  const order = h("input.input", { required: true, type: "number", min: 1, max: 9, value: "1" });

  async function add() {
    const shift = { name: name.value.trim(), phone: phone.value.trim(), from: fromInput(from.value), to: fromInput(to.value), order: Number(order.value) };
    await api.post("console/duty", shift, { key: newKey() });
    /* The next shift of the same post most often begins where this one ends. */
    const length = Date.parse(shift.to) - Date.parse(shift.from);
    [from.value, to.value] = [to.value, toInput(new Date(Date.parse(shift.to) + length).toISOString())];
    await added();
  }

  return workForm(
    { name: "shift", label: t("duty.add"), send: add },
    h(
      "div.roster-fields",
      labelled("duty.name", name),
      labelled("roster.phone", phone),
      labelled("duty.from", from),
      labelled("duty.to", to),
      labelled("duty.order", order),
    ),
  );
}

function standingOf({ on_duty: now, gaps, fallback }) {
  const names = now.map((shift) => h("span.on-duty", `${shift.name} ${spaced(shift.phone ?? "")}`));
  const nobody = h("p.duty-nobody", fallback ? t("duty.nobody", { fallback: fallback.name }) : t("duty.nobody.alone"));
  return [
    now.length > 0 ? h("p", h("span.muted", t("duty.now")), " ", names) : nobody,
    gaps.length === 0
      ? h("p.duty-whole", t("duty.no_gaps"))
      : h("div.duty-gaps", h("span", t("duty.gaps")), h("ul", gaps.map((gap) => h("li.digits", span(gap))))),
    fallback ? h("p.muted", t("duty.fallback", { name: fallback.name, phone: spaced(fallback.phone ?? "") })) : null,
  ];
}

async function wholeRoster(api) {
  const roster = await api.get("console/duty", { days: 7 });
  let cursor = roster.cursor;
  while (cursor) {
    const page = await api.get("console/duty", { cursor });
    roster.items.push(...page.items);
    cursor = page.cursor;
  }
  return roster;
}

/* "11-22 20:00 — 11-23 08:00": in a list of days each line has its own. */
function span({ from, to }) {
  const [start, end] = [from, to].map((iso) => fullTime(iso).slice(5, 16));
  return `${start} — ${start.slice(0, 5) === end.slice(0, 5) ? end.slice(6) : end}`;
}

function byTime(one, other) {
  return one.from.localeCompare(other.from) || one.order - other.order;
}

function nextHour(more) {
  const hour = 3600 * 1000;
  return toInput(new Date((Math.ceil(nowMs() / hour) + more) * hour).toISOString());
}
