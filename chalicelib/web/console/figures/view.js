/** The figures page of the console: gauges of the moment, what a span of days brought, and the sheet to take along. */

import { fill, h, say, shown } from "../../shared/dom.js";
import { clock } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { refusalWords } from "../refusals.js";
import { countRows, number, shareRows } from "./bars.js";
import { dayChart } from "./days.js";
import { saveSheet } from "./download.js";
import { gauges } from "./gauges.js";
import { spanChoice } from "./span.js";

const EVERY_MS = 60 * 1000;
const TILES = ["reports", "tips", "consults", "major_cases", "cases_solved", "people_arrested", "people_helped"];

/** Makes the page, hidden at first; answers its element, `toggle()` and `hide()`. */
export function figuresView({ api, base, session }) {
  const updated = h("span.muted");
  const fault = h("p.refusal", { role: "alert" });
  const body = h("div.figures-body");
  const span = spanChoice(() => void look());
  const element = h(
    "section.figures",
    { hidden: true, "data-testid": "figures", aria: { label: t("figures.title") } },
    h("header", h("h2", t("figures.title")), span.element, updated, tools()),
    fault,
    body,
  );
  let timer = 0;

  function tools() {
    return h(
      "div.figures-tools",
      h("button.button.small", { type: "button", onclick: () => void save() }, t("figures.save")),
      h("button.button.small", { type: "button", onclick: () => void wall() }, t("figures.wall")),
      h("button.button.small", { type: "button", onclick: hide }, t("figures.close")),
    );
  }

  async function look() {
    clearTimeout(timer);
    timer = setTimeout(look, EVERY_MS);
    if (document.hidden && body.childElementCount > 0) return;
    const asked = JSON.stringify(span.asked());
    try {
      const figures = await api.get("console/stats", JSON.parse(asked));
      if (element.hidden || asked !== JSON.stringify(span.asked())) return;
      draw(figures);
      say(fault, "");
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  function draw(figures) {
    const open = [...body.querySelectorAll("details")].map((one) => one.open);
    fill(body, parts(figures));
    body.querySelectorAll("details").forEach((one, at) => (one.open = open[at] ?? false));
    say(updated, t("figures.updated", { time: clock(figures.as_of) }));
  }

  async function save() {
    try {
      await saveSheet({ base, session, asked: span.asked() });
      say(fault, "");
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  /* Some browsers refuse it where nobody tapped; the page is as good without. */
  async function wall() {
    try {
      await (document.fullscreenElement ? document.exitFullscreen() : element.requestFullscreen());
    } catch {
      say(updated, t("figures.no_wall"));
    }
  }

  function hide() {
    clearTimeout(timer);
    shown(element, false);
    if (document.fullscreenElement === element) void document.exitFullscreen();
  }

  function toggle() {
    if (!element.hidden) return hide();
    shown(element, true);
    void look();
  }

  return { element, toggle, hide };
}

function parts(figures) {
  const { totals, answer, dispatch, feedback, consult } = figures;
  return [
    gauges(figures.live),
    h("dl.tiles", tile("registered_in_all", figures.registered_in_all), TILES.map((name) => tile(name, totals[name]))),
    card("figures.by_day", dayChart(figures.by_day), "wide"),
    card("figures.answer", [shareRows(t("figures.answer"), within(answer.live, "figures.within")), percentiles(answer)]),
    card("figures.after", [
      shareRows(t("figures.after"), [
        ...within(dispatch, "figures.dispatch_within", 60),
        ...within(feedback, "figures.feedback_within", 60),
        ...within(consult, "figures.consult_within", 60),
      ]),
      otherTotals(totals),
    ]),
    card("figures.modes", countRows(t("figures.modes"), Object.entries(figures.by_mode).map(([mode, count]) => [t(`mode.${mode}`), count]))),
    card(
      "figures.dispositions",
      countRows(t("figures.dispositions"), Object.entries(figures.by_disposition).map(([one, count]) => [t(`disposition.${one}`), count])),
    ),
    card("figures.rules", rules(figures.by_rule)),
  ];
}

function tile(name, count) {
  return h("div.tile", { "data-testid": `tile-${name}` }, h("dt", t(`figures.${name}`)), h("dd.digits", number(count)));
}

function card(word, content, ...classes) {
  return h(["section.figures-card", ...classes].join("."), h("h3", t(word)), content);
}

function within({ count, targets }, word, unit = 1) {
  return targets.map((target) => ({ words: t(word, { limit: target.within_seconds / unit }), target, whole: count }));
}

function percentiles(answer) {
  const ranks = ["p50", "p90", "p95", "p99"];
  return h(
    "table.numbers",
    h("caption.hidden-words", t("figures.percentiles")),
    h("thead", h("tr", h("th", { scope: "col" }, t("figures.queue")), ranks.map((rank) => h("th", { scope: "col" }, rank.toUpperCase())))),
    h(
      "tbody",
      Object.entries(answer).map(([queue, times]) =>
        h("tr", h("th", { scope: "row" }, t(`figures.queue.${queue}`)), ranks.map((rank) => h("td", seconds(times[rank])))),
      ),
    ),
  );
}

function seconds(taken) {
  if (taken === null) return "—";
  if (taken > 86400) return t("figures.over_a_day");
  return taken <= 120 ? t("figures.seconds", { count: taken }) : t("figures.minutes", { count: Math.round(taken / 60) });
}

function otherTotals(totals) {
  const names = ["answered", "abandoned", "dispatched", "officers_sent", "reported_back", "closed", "booked", "continued", "commander_texts", "commander_texts_acknowledged"];
  return h("dl.others", names.map((name) => h("div", h("dt", t(`figures.${name}`)), h("dd.digits", number(totals[name])))));
}

function rules(byRule) {
  return h(
    "table.numbers",
    h("thead", h("tr", h("th", { scope: "col" }, t("figures.rule")), h("th", { scope: "col" }, t("figures.hits")), h("th", { scope: "col" }, t("figures.confirmed")))),
    h(
      "tbody",
      Object.entries(byRule).map(([rule, { incidents, confirmed }]) =>
        h("tr", h("th", { scope: "row" }, t(`figures.rule.${rule}`)), h("td", number(incidents)), h("td", number(confirmed))),
      ),
    ),
  );
}
