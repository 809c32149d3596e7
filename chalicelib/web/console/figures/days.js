/** What was filed on each day: columns, and the same numbers as a table. */

import { h } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { number } from "./bars.js";
import { canvas, svg } from "./svg.js";

const PARTS = ["reports", "tips", "consults"];
const WIDTH = 1000;
const HEIGHT = 200;
const LEFT = 52;
const RIGHT = 24;
const BOTTOM = 30;
const TOP = 12;
const LABELS = 12;
const COLUMNS = ["registered", "reports", "tips", "consults", "answered", "abandoned", "closed"];

/** Makes the chart with its legend and its table. */
export function dayChart(days) {
  return h(
    "div.days",
    h("p.legend", PARTS.map((part) => h("span", { class: `key ${part}` }, t(`figures.${part}`)))),
    columns(days),
    h("details", h("summary", t("figures.table")), table(days)),
  );
}

function columns(days) {
  const most = niceTop(Math.max(1, ...days.map(({ totals }) => sum(totals))));
  const step = (WIDTH - LEFT - RIGHT) / days.length;
  const high = (count) => (count / most) * (HEIGHT - BOTTOM - TOP);
  const every = Math.ceil(days.length / LABELS);
  return canvas(
    WIDTH,
    HEIGHT,
    t("figures.days.label", { count: days.length }),
    [0, 0.5, 1].map((share) => gridLine(most * share, HEIGHT - BOTTOM - high(most * share))),
    days.flatMap(({ totals }, at) => column(totals, { x: LEFT + at * step, width: step, high })),
    days
      .map(({ day }, at) => ({ day, x: LEFT + (at + 0.5) * step, last: days.length - 1 - at }))
      .filter(({ last }) => last % every === 0)
      .map(({ day, x }) => svg("text", { class: "axis", x, y: HEIGHT - 8, "text-anchor": "middle" }, day.slice(5))),
  );
}

function column(totals, { x, width, high }) {
  const gap = Math.min(width * 0.25, 8);
  let y = HEIGHT - BOTTOM;
  return PARTS.filter((part) => totals[part] > 0).map((part) => {
    const height = high(totals[part]);
    y -= height;
    return svg("rect", { class: `part ${part}`, x: x + gap / 2, y, width: Math.max(1, width - gap), height });
  });
}

function gridLine(count, y) {
  return [
    svg("line", { class: "grid", x1: LEFT, x2: WIDTH, y1: y, y2: y }),
    svg("text", { class: "axis", x: LEFT - 8, y: y + 6, "text-anchor": "end" }, number(count)),
  ];
}

/* The next of 2, 4, 6, 8, 10, 12, 16, 20, …: half of it is a whole number too. */
function niceTop(most) {
  for (let ten = 1; ; ten *= 10) for (const step of [1.2, 1.6, 2, 4, 6, 8, 10]) if (most <= step * ten && (step * ten) % 2 === 0) return step * ten;
}

function sum(totals) {
  return PARTS.reduce((whole, part) => whole + totals[part], 0);
}

function table(days) {
  return h(
    "div.scroll",
    h(
      "table.numbers",
      h("thead", h("tr", h("th", { scope: "col" }, t("figures.day")), COLUMNS.map((name) => h("th", { scope: "col" }, t(`figures.${name}`))))),
      h(
        "tbody",
        days
          .toReversed()
          .map(({ day, totals }) => h("tr", h("th", { scope: "row" }, day), COLUMNS.map((name) => h("td", number(totals[name]))))),
      ),
    ),
  );
}
