/** The lists of what is watched: key persons, key places, and the events a commander publishes. */

import { newKey } from "../../shared/api.js";
import { fill, h, say, shown } from "../../shared/dom.js";
import { fromInput, shortTime } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { choice, labelled, workForm } from "../form.js";
import { refusalWords } from "../refusals.js";
import { removal } from "../removal.js";
import { spaced } from "../shown.js";
import { areaField } from "./area.js";

const EVENTS = ["fire", "flood", "traffic"];

/** Opens the dialog; `county` is drawn on the map that areas are picked on. */
export function watchDialog({ api, session, county }) {
  const dialog = h(
    "dialog.roster.watch",
    { aria: { labelledby: "watch-title" }, onclose: () => dialog.remove() },
    h(
      "header",
      h("h2", { id: "watch-title" }, t("bar.watch")),
      h("button.button.small", { type: "button", onclick: () => dialog.close() }, t("help.close")),
    ),
    ...watchParts({ api, session, county }),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** Makes the lists for the dialog and for an account that has no desk. */
export function watchParts({ api, session, county }) {
  return [personPart(api), placePart(api, county), session.commands() ? eventPart(api, county) : null];
}

function personPart(api) {
  const phone = h("input.input", { type: "tel", maxlength: 20 });
  const openid = h("input.input", { maxlength: 128, autocomplete: "off" });
  const reason = h("input.input", { required: true, maxlength: 200 });
  const until = h("input.input", { type: "datetime-local" });
  const list = watchedList({
    api,
    path: "console/watch/persons",
    title: "watch.persons",
    words: (one) => [h("strong.digits", one.phone ? spaced(one.phone) : one.openid), ` ${one.reason}`],
  });
  const form = workForm(
    { name: "watch-person", label: t("roster.add"), send: add },
    h("div.roster-fields", labelled("watch.phone", phone), labelled("watch.openid", openid), labelled("watch.reason", reason), labelled("watch.until", until)),
    h("p.muted", t("watch.one_of")),
  );

  async function add() {
    const body = { reason: reason.value.trim(), ...given({ phone, openid }), ...expiry(until) };
    const made = await api.post("console/watch/persons", body, { key: newKey() });
    for (const field of [phone, openid, reason, until]) field.value = "";
    list.added(made);
  }

  return h("section", list.element, form);
}

function placePart(api, county) {
  const name = h("input.input", { required: true, maxlength: 60 });
  const reason = h("input.input", { required: true, maxlength: 200 });
  const until = h("input.input", { type: "datetime-local" });
  const area = areaField({ county, polygons: true });
  const list = watchedList({
    api,
    path: "console/watch/places",
    title: "watch.places",
    words: (one) => [h("strong", one.name), ` ${one.reason} `, h("span.muted", areaWords(one))],
  });
  const form = workForm(
    { name: "watch-place", label: t("roster.add"), send: add },
    h("div.roster-fields", labelled("watch.name", name), labelled("watch.reason", reason), labelled("watch.until", until)),
    area.element,
  );

  async function add() {
    const body = { name: name.value.trim(), reason: reason.value.trim(), ...area.value(), ...expiry(until) };
    const made = await api.post("console/watch/places", body, { key: newKey() });
    for (const field of [name, reason, until]) field.value = "";
    area.clear();
    list.added(made);
  }

  return h("section", list.element, form);
}

function eventPart(api, county) {
  const name = h("input.input", { required: true, maxlength: 60 });
  const until = h("input.input", { type: "datetime-local", required: true });
  const kind = choice({ name: "event-kind", legend: t("watch.event_kind"), choices: EVENTS.map((value) => ({ value, words: t(`event.${value}`) })) });
  const area = areaField({ county, polygons: false });
  const list = watchedList({
    api,
    path: "console/events",
    title: "watch.events",
    words: (one) => [h("strong", t(`event.${one.kind}`)), ` ${one.name} `, h("span.muted", areaWords(one))],
  });
  kind.set("fire");
  const form = workForm(
    { name: "watch-event", label: t("watch.publish"), send: add },
    kind.element,
    h("div.roster-fields", labelled("watch.name", name), labelled("watch.until_event", until)),
    area.element,
    h("p.muted", t("watch.event_why")),
  );

  async function add() {
    const body = { kind: kind.value(), name: name.value.trim(), ...area.value(), ...expiry(until) };
    const made = await api.post("console/events", body, { key: newKey() });
    for (const field of [name, until]) field.value = "";
    area.clear();
    list.added(made);
  }

  return h("section", list.element, form);
}

function watchedList({ api, path, title, words }) {
  const list = h("ul.roster-list", { "data-testid": title });
  const fault = h("p.refusal", { role: "alert" });
  const more = h("button.button.small", { type: "button", hidden: true, onclick: () => void page() }, t("watch.more"));
  let cursor = null;

  const attempt = async (act) => {
    try {
      await act();
      say(fault, "");
    } catch (error) {
      say(fault, refusalWords(error));
    }
  };

  const page = () =>
    attempt(async () => {
      const read = await api.get(path, cursor ? { cursor } : {});
      if (cursor === null) fill(list);
      list.append(...read.items.map(line));
      if (list.childElementCount === 0) fill(list, h("li.muted", t("watch.none")));
      ({ cursor } = read);
      shown(more, cursor !== null);
    });

  function draw() {
    cursor = null;
    return page();
  }

  function line(one) {
    return h(
      "li",
      { "data-key": one.id },
      h(
        "span",
        words(one),
        h("small.muted.watch-whose", [t("watch.entered", { owner: one.owner, when: shortTime(one.created_at) }), one.expires_at ? t("watch.expires", { when: shortTime(one.expires_at) }) : t("watch.forever")].join(" · ")),
      ),
      removal(() => attempt(async () => (await api.remove(`${path}/${one.id}`), await draw()))),
    );
  }

  void draw();
  return {
    element: h("div", h("h3", t(title)), list, more, fault),
    /** Shows a new entry on top, wherever in the list it stands. */
    added(one) {
      list.querySelector(":scope > li.muted")?.remove();
      list.prepend(line(one));
      list.scrollTop = 0;
    },
  };
}

function areaWords(one) {
  return one.polygon ? t("watch.corners", { count: one.polygon.length }) : t("watch.within", { metres: Math.round(one.radius_m) });
}

const given = (fields) => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value.trim()]).filter(([, value]) => value !== ""));
const expiry = (field) => (field.value ? { expires_at: fromInput(field.value) } : {});
