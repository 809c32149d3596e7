/** Reports of one event: the oldest open one near by, and one tap to link to it. */

import { fill, h, say, shown } from "../../shared/dom.js";
import { nowMs } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { refusalWords } from "../refusals.js";
import { ago, placeWords } from "../shown.js";

const LOOK_AGAIN_MS = 15 * 1000;
const SHOWN = 2;

/** Makes the bar; `read()` asks for the suggestions, `send(verb, body)` links, `open(id)` shows another incident. */
export function clusterBar({ read, send, open }) {
  const list = h("ul.cluster-list");
  const around = h("span.muted");
  const fault = h("p.refusal", { role: "alert" });
  const element = h(
    "section.cluster",
    { hidden: true, "data-testid": "cluster", aria: { label: t("cluster.title") } },
    h("p.cluster-head", h("strong", t("cluster.title")), " ", around),
    list,
    fault,
  );
  let incident = null;
  let steps = {};
  let found = { items: [], reports: 0 };
  let readAt = 0;
  let looked = "";

  async function look() {
    readAt = nowMs();
    try {
      found = await read();
      draw();
    } catch (error) {
      /* Suggestions are a help and never in the way: without them the work goes on, and they are asked for again. */
      if (error.status === undefined) readAt = 0;
    }
  }

  async function link(id) {
    say(fault, "");
    try {
      await send("link", { to: id });
      await look();
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  function draw() {
    fill(list, found.items.slice(0, SHOWN).map(line));
    say(around, found.reports > 0 ? t("cluster.around", { count: found.reports }) : "");
    shown(element, found.items.length > 0 && incident !== null && incident.status !== "closed");
  }

  function line(one) {
    return h(
      "li.cluster-line",
      h(
        "span",
        h("span.digits", one.number),
        ` ${[placeWords(one.place), one.said_same ? t("cluster.said_same") : t("cluster.apart", { metres: Math.round(one.apart_m) }), ago(one.created_at)].filter(Boolean).join(" · ")}`,
      ),
      h("button.button.small", { type: "button", onclick: () => open(one.incident_id) }, t("cluster.open")),
      steps.link ? h("button.button.small.primary", { type: "button", onclick: () => void link(one.incident_id) }, t("cluster.link")) : null,
    );
  }

  return {
    element,
    show(data, allowed) {
      const state = JSON.stringify([data.incident.place?.point, data.incident.position, data.incident.type_code, data.incident.event_asked, data.incident.linked_to]);
      incident = data.incident;
      steps = allowed;
      if (incident.status !== "closed" && state !== looked) {
        looked = state;
        void look();
      } else draw();
    },
    beat() {
      if (incident?.status !== "closed" && readAt > 0 && nowMs() - readAt > LOOK_AGAIN_MS) void look();
    },
  };
}
