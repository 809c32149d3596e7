/** Rows of bars: counts beside one another, and shares beside the target they are held to. */

import { h } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { canvas, svg } from "./svg.js";

const WIDTH = 300;
const HEIGHT = 26;

/** Makes a table of counts, each with its bar; `rows` are `[words, count]`. The numbers are the table, the bars decoration. */
export function countRows(caption, rows) {
  const most = Math.max(1, ...rows.map(([, count]) => count));
  return rowsOf(
    caption,
    rows.map(([words, count]) => [words, bar(count / most, "plain"), number(count)]),
  );
}

/** Makes a table of shares within a time; `rows` are `{words, target, whole}` with a target as the service gives it. */
export function shareRows(caption, rows) {
  return rowsOf(
    caption,
    rows.map(({ words, target, whole }) => [
      h("span", words, goal(target)),
      bar((target.percent ?? 0) / 100, standing(target), target.target_percent),
      h("span", h("strong.digits", percentWords(target.percent)), h("span.muted.digits", ` ${number(target.count)}/${number(whole)}`)),
    ]),
  );
}

/** "92.3%", or a dash while there is nothing to take a share of. */
export function percentWords(percent) {
  return percent === null ? "—" : `${percent}%`;
}

/** "1,700". */
export function number(count) {
  return count.toLocaleString("en-US");
}

/** How a share stands to its target: `met`, `below`, or `plain` where there is no target or nothing yet. */
export function standing({ percent, target_percent: target }) {
  if (percent === null || target === null) return "plain";
  return percent >= target ? "met" : "below";
}

function goal({ target_percent: target }) {
  return target === null ? null : h("span.goal", t("figures.goal", { percent: target }));
}

function rowsOf(caption, rows) {
  return h(
    "table.bars",
    h("caption.hidden-words", caption),
    h("tbody", rows.map(([words, drawn, said]) => h("tr", h("th", { scope: "row" }, words), h("td.bar-cell", drawn), h("td.said", said)))),
  );
}

function bar(share, kind, target = null) {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
  const drawn = canvas(
    WIDTH,
    HEIGHT,
    "",
    svg("rect", { class: "track", x: 0, y: 5, width: WIDTH, height: HEIGHT - 10, rx: 3 }),
    svg("rect", { class: `fill ${kind}`, x: 0, y: 5, width: filled, height: HEIGHT - 10, rx: 3 }),
  );
  drawn.setAttribute("preserveAspectRatio", "none");
  if (target !== null) {
    const x = (target / 100) * WIDTH;
    drawn.append(svg("line", { class: "mark", x1: x, x2: x, y1: 0, y2: HEIGHT }));
  }
  return drawn;
}
