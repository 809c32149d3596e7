/** The citizen's own reports, newest first, a page at a time. */

import { fill, h, say } from "../shared/dom.js";
import { shortTime } from "../shared/time.js";
import { problemWords, t } from "../shared/words.js";
import { drawTabs, drawTop } from "./frame.js";
import { icon } from "./icons.js";
import { placeWords } from "./incident_details.js";
import { api } from "./session.js";
import { citizenStatus } from "./steps.js";

/** Draws the list. */
export function showReports(view) {
  drawTop();
  drawTabs("reports");
  const list = h("ul.reports");
  const said = h("div", { aria: { live: "polite" } }, h("p.muted", t("loading")));
  const more = h("button.button", { type: "button", hidden: true, onclick: () => load() }, t("reports.more"));
  fill(view, h("h1", t("tab.reports")), list, said, more);
  let cursor = null;
  const load = async () => {
    more.disabled = true;
    let failed = false;
    try {
      for (let fresh = []; fresh.length === 0; ) {
        const page = await api.get("reports", { cursor }, { tries: 3 });
        cursor = page.cursor;
        fresh = page.items.filter(isShown);
        list.append(...fresh.map(line));
        if (!cursor) break;
      }
      fill(said, list.childElementCount === 0 ? empty() : null);
    } catch (error) {
      fill(said, h("p.notice.warn", error.facts ? problemWords(error.facts) : t("problem.network")));
      failed = true;
    }
    more.disabled = false;
    more.hidden = !cursor && !failed;
    say(more, t(failed ? "start.again" : "reports.more"));
  };
  load();
}

/* Whoever takes this phone into his hand must not find a silent report. */
function isShown({ mode }) {
  return mode !== "silent";
}

function line(incident) {
  const closed = incident.status === "closed";
  const counts = [
    [incident.photos, "reports.photos"],
    [incident.videos, "reports.videos"],
  ]
    .filter(([count]) => count > 0)
    .map(([count, key]) => t(key, { count }));
  return h(
    "li",
    h(
      "a.report-line",
      { href: `#/reports/${incident.id}` },
      h(
        "span.head",
        h("strong", t(incident.tip ? "tip" : `mode.${incident.mode}`)),
        h("span.chip", { class: closed ? "" : "accent" }, t(citizenStatus(incident))),
      ),
      h("span.start", incident.text || placeWords(incident.place) || t("reports.no.words")),
      h(
        "span.foot.muted.small",
        h("time.digits", { datetime: incident.created_at }, shortTime(incident.created_at)),
        h("span", incident.number),
        counts.map((words) => h("span", words)),
      ),
    ),
  );
}

function empty() {
  return h(
    "section.card.empty",
    icon("list"),
    h("p.muted", t("reports.none")),
    h("a.button", { href: "#/report" }, t("mode.photo_text")),
  );
}
