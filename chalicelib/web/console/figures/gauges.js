/** The gauges of the moment: how many emergencies were answered in time, with the target drawn in. */

import { h } from "../../shared/dom.js";
import { shortTime } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { number, percentWords, standing } from "./bars.js";
import { canvas, svg } from "./svg.js";

const SHOWN = [15, 20];
const WIDTH = 400;
const HEIGHT = 56;

/** Makes the gauges: for each limit the last hour large, and today below it. */
export function gauges({ last_hour: hour, today }) {
  return h(
    "div.gauges",
    SHOWN.map((seconds) => gauge(seconds, hour, today)),
  );
}

function gauge(seconds, hour, today) {
  const now = targetOf(hour, seconds);
  const day = targetOf(today, seconds);
  return h(
    "section.gauge",
    { "data-testid": `gauge-${seconds}`, "data-standing": standing(now) },
    h("h3", t("figures.gauge", { seconds, percent: now.target_percent })),
    h("p.gauge-now", h("strong.digits", percentWords(now.percent)), h("span.gauge-word", t(`figures.standing.${standing(now)}`))),
    meter(now, seconds),
    h("p.gauge-said", t("figures.gauge.hour", { count: number(now.count), whole: number(hour.answered), left: number(hour.abandoned) })),
    h(
      "p.gauge-said",
      t("figures.gauge.today", {
        percent: percentWords(day.percent),
        count: number(day.count),
        whole: number(today.answered),
        left: number(today.abandoned),
        since: shortTime(today.since),
      }),
    ),
  );
}

function targetOf({ targets }, seconds) {
  return targets.find((target) => target.within_seconds === seconds);
}

function meter(target, seconds) {
  const share = (target.percent ?? 0) / 100;
  const x = (target.target_percent / 100) * WIDTH;
  return canvas(
    WIDTH,
    HEIGHT,
    t("figures.gauge.label", { seconds, percent: percentWords(target.percent), target: target.target_percent }),
    svg("rect", { class: "track", x: 0, y: 2, width: WIDTH, height: 30, rx: 4 }),
    svg("rect", { class: `fill ${standing(target)}`, x: 0, y: 2, width: Math.round(share * WIDTH), height: 30, rx: 4 }),
    svg("line", { class: "mark", x1: x, x2: x, y1: 0, y2: 36 }),
    svg("text", { class: "mark-word", x: x - 4, y: 52, "text-anchor": "end" }, t("figures.goal", { percent: target.target_percent })),
  );
}
