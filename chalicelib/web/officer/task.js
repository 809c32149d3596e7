/** The task as the officer needs it: where, how sure, what, whom to ask, and what to watch out for. */

import { fill, h, say } from "../shared/dom.js";
import { ageSeconds, shortTime } from "../shared/time.js";
import { known, t } from "../shared/words.js";
import { drawChat } from "./chat.js";
import { drawTop } from "./frame.js";
import { icon } from "./icons.js";
import { isLive, liveButton } from "./live.js";
import { openNavigation, targetOf } from "./navigate.js";
import { tellNews } from "./news.js";
import { drawPictures } from "./pictures.js";
import { drawWork } from "./steps.js";

const STALE_AFTER_SECONDS = 300;

/** Draws the task, changing only what changed; `ends` are called by the buttons below it. */
export function showTask(view, task, ends) {
  drawTop(task);
  if (!view.querySelector(".place")) fill(view, skeleton());
  const part = (name) => view.querySelector(`.${name}`);
  const { incident } = task;
  draw(part("quiet"), incident.contact, () => (incident.contact === "app_only" ? quiet() : []));
  draw(part("heading"), [incident.priority, incident.type_code, incident.created_at, incident.status], () =>
    heading(incident),
  );
  draw(part("live-section"), [isLive(incident), incident.mode], () => liveButton(task));
  draw(part("place"), [incident.place, incident.position], () => place(incident));
  showAge(view, task);
  draw(part("note"), task.note, () =>
    task.note ? [h("h2", icon("note"), t("task.note")), h("p.text", task.note)] : [],
  );
  draw(part("what"), [incident.summary, incident.text], () => what(incident));
  draw(part("caller"), [incident.phone, incident.contact], () => caller(incident));
  drawPictures(part("pictures"), task.media);
  drawChat(part("chat"), task, ends);
  const work = document.getElementById("work");
  drawWork(work, task, ends);
  tellNews(work, part("chat-lines"), task.messages);
}

/** Says how old the citizen's position is and marks an old one on the map; it grows old also while nothing comes. */
export function showAge(view, { incident }) {
  say(view.querySelector(".age"), age(incident.position));
  taskMap.show(view.querySelector(".map"), incident);
}

function skeleton() {
  return [
    h("div.quiet"),
    h("section.card", h("div.heading"), h("div.place"), h("p.age", { role: "status" })),
    h("section.live-section"),
    h("section.note"),
    h("section.what.card"),
    h("section.chat.card"),
    h("section.caller.card"),
    h("div.map", { hidden: true }),
    h("section.pictures.card"),
  ];
}

/* Draws a part again only when what it shows has changed, so that nothing jumps under a thumb. */
function draw(element, shownFacts, make) {
  const stamp = JSON.stringify([document.documentElement.lang, shownFacts]);
  if (element.dataset.stamp === stamp) return;
  element.dataset.stamp = stamp;
  const parts = make();
  fill(element, parts);
  element.hidden = parts.length === 0;
}

function quiet() {
  return [
    h("p.quiet-band", { role: "alert" }, icon("mute"), h("strong", t("contact.app_only")), h("span", t("task.quiet"))),
  ];
}

function heading({ priority, type_code: type, type: named, created_at: at }) {
  const words = named?.name ?? (known(`type.${type}`) ? t(`type.${type}`) : type);
  return [
    h("span.priority", { dataset: { priority } }, t(`priority.${priority}`)),
    words ? h("strong.type", words) : null,
    h("time.muted", { datetime: at }, t("task.at", { time: shortTime(at) })),
  ].filter(Boolean);
}

function place(incident) {
  const { place: where } = incident;
  const words = where?.words || where?.near || t("place.unknown");
  const near = where?.near && where.near !== words ? where.near : null;
  const target = targetOf(incident);
  const led = target === null ? t("place.words.only") : target.ofPlace ? null : t("place.of.citizen");
  return [
    h("h1.where", words),
    near ? h("p.near", near) : null,
    h(
      "p.sure",
      { class: where?.confirmed ? "good" : "" },
      t(where?.confirmed ? "place.confirmed" : "place.unconfirmed"),
    ),
    led ? h("p.led", led) : null,
    h(
      "button.button.primary.go",
      { type: "button", onclick: () => openNavigation(words, target) },
      icon("navigate"),
      t("go.button"),
    ),
  ].filter(Boolean);
}

function age(position) {
  if (!position) return t("position.none");
  const when = position.at ? ago(Math.floor(ageSeconds(position.at) / 60)) : t("position.undated");
  const exact = position.accuracy_m > 0 ? t("position.exact", { metres: Math.round(position.accuracy_m) }) : "";
  return `${when}${exact}`;
}

function ago(minutes) {
  if (minutes < 1) return t("position.now");
  if (minutes < 120) return t("position.minutes", { minutes });
  return t("position.hours", { hours: Math.floor(minutes / 60) });
}

function isStale({ at }) {
  return !at || ageSeconds(at) > STALE_AFTER_SECONDS;
}

function what({ summary, text }) {
  const told = [
    summary ? [h("h2", t("task.summary")), h("p.text", summary)] : [],
    text ? [h("h2", t("task.text")), h("p.text", text)] : [],
  ].flat();
  return told;
}

function caller({ phone, contact }) {
  if (contact === "app_only") return [h("h2", t("caller.title")), h("p", t("caller.hidden"))];
  if (!phone) return [h("h2", t("caller.title")), h("p.muted", t("caller.none"))];
  return [
    h("h2", t("caller.title")),
    h(
      "a.button.ring",
      { href: `tel:${phone}` },
      icon("phone"),
      h("span.digits", phone.replace(/^\+86(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3")),
    ),
  ];
}

/** The map of the task; it appears when the county is known and has something to show. */
export const taskMap = {
  county: null,
  drawn: null,
  know(county) {
    taskMap.county = county;
  },
  async show(element, { place: where, position }) {
    const stale = position ? isStale(position) : false;
    const stamp = JSON.stringify([document.documentElement.lang, where?.point, position, stale]);
    if (!taskMap.county || element.dataset.stamp === stamp) return;
    element.dataset.stamp = stamp;
    if (!where?.point && !position) return void (element.hidden = true);
    const loaded = await import("../shared/map.js").catch(() => null);
    if (loaded === null) delete element.dataset.stamp; // No network: the next look at the task tries again.
    if (loaded === null || !element.isConnected) return;
    element.hidden = false;
    if (taskMap.drawn?.element !== element)
      taskMap.drawn = { element, map: loaded.countyMap(element, taskMap.county, { label: t("map.label") }) };
    const { map } = taskMap.drawn;
    map.position(position, t(where?.point && !stale ? "map.citizen" : "map.last"), stale);
    map.place(where?.point ?? null, t("map.place"));
    const fitted = JSON.stringify([document.documentElement.lang, where?.point, Boolean(position)]);
    if (taskMap.drawn.fitted === fitted) return map.keep();
    taskMap.drawn.fitted = fitted;
    map.fit(Boolean(taskMap.county.tiles));
  },
};
