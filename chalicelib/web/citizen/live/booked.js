/** 枫桥在线 out of hours: when the office calls back, and the way to 视频110 for what cannot wait. */

import { fill, h } from "../../shared/dom.js";
import { language, t } from "../../shared/words.js";
import { follow } from "../follow.js";
import { drawTabs, drawTop, ringLink } from "../frame.js";
import { icon } from "../icons.js";

/** Draws the booked call-back; `live(mode)` for 视频110, `ready()` when its hour has come and the citizen goes in. Gives what stops it. */
export function showBooked(view, incident, { live, ready }) {
  drawTop({ title: t("mode.fengqiao"), back: "#/" });
  drawTabs(null);
  const now = h("div");
  fill(
    view,
    h(
      "section.card.booked",
      h("span.disc", icon("clock")),
      h("h1", t("booked.title")),
      h("p.when", h("time", { datetime: incident.booked_for }, bookedWords(incident.booked_for))),
      h("p.muted", t("booked.means", { number: incident.number })),
      now,
      h("a.button", { href: `#/reports/${incident.id}` }, t("booked.add")),
    ),
    h(
      "section.card",
      h("h2", t("booked.urgent")),
      h("button.button.alarm", { type: "button", onclick: () => live("video110") }, icon("video"), t("mode.video110")),
      ringLink(),
    ),
  );
  const following = follow(incident.id, {
    onNews: (record) => !record.incident.booked_for && fill(now, h("button.button.primary.huge", { type: "button", onclick: ready }, t("booked.now"))),
    onLost: () => {},
    onGone: () => {},
  });
  return following.stop;
}

/** "11月23日星期一 09:00", Beijing time. */
function bookedWords(iso) {
  const format = new Intl.DateTimeFormat(language(), {
    timeZone: "Asia/Shanghai",
    month: "long",
    day: "numeric",
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return format.format(new Date(iso));
}
