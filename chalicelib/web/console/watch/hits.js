/** What makes an incident sensitive: each hit with its evidence in words, and the call-taker's verdict on it. */

import { h, keep, say, shown } from "../../shared/dom.js";
import { shortTime } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { refusalWords } from "../refusals.js";

/** Makes the block; `send(verb, body)` does the call. Hidden while there is nothing to say. */
export function hitBlock({ send }) {
  const list = h("ul.hits-list");
  const asked = h("p.event-said");
  const fault = h("p.refusal", { role: "alert" });
  const element = h("section.hits", { hidden: true, "data-testid": "hits", aria: { label: t("hits.title") } }, list, asked, fault);

  async function judge(hit, verdict) {
    say(fault, "");
    try {
      await send("verdict", { hit: hit.id, verdict });
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  return {
    element,
    show({ hits, incident }, steps) {
      keep(list, hits, {
        keyOf: (hit) => `${hit.id} ${hit.verdict} ${steps.link}`,
        make: (hit) => hitLine(hit, steps.link, (verdict) => void judge(hit, verdict)),
      });
      const question = incident.event_asked;
      say(asked, incident.hurt ? t("event.hurt") : question ? t(`event.${question.answer ?? "asked"}`, { name: question.name }) : "");
      asked.classList.toggle("hurt", incident.hurt);
      shown(asked, asked.textContent !== "");
      shown(element, hits.length > 0 || !asked.hidden);
    },
  };
}

function hitLine(hit, mayJudge, judge) {
  return h(
    "li.hit",
    { "data-rule": hit.rule, "data-verdict": hit.verdict ?? "none" },
    h("p.hit-head", h("strong.hit-rule", t(`rule.${hit.rule}`)), h("span.hit-reason", hit.evidence.name ? `${hit.evidence.name} · ${hit.reason}` : hit.reason)),
    h("p.hit-evidence", evidenceWords(hit)),
    h(
      "div.hit-verdict",
      hit.verdict ? h("span.hit-judged", t(`hits.${hit.verdict}`), " ", h("span.muted", t("hits.judged", { who: hit.judged_by, when: shortTime(hit.judged_at) }))) : null,
      mayJudge ? verdictButton(hit, "confirmed", "hits.confirm", judge) : null,
      mayJudge ? verdictButton(hit, "dismissed", "hits.dismiss", judge) : null,
      mayJudge || hit.verdict ? null : h("span.muted", t("hits.take_first")),
    ),
  );
}

function verdictButton(hit, verdict, word, judge) {
  return hit.verdict === verdict ? null : h("button.button.small", { type: "button", onclick: () => judge(verdict) }, t(word));
}

function evidenceWords({ rule, evidence }) {
  return WORDS[rule](evidence).filter(Boolean).join("，");
}

const WORDS = {
  key_person: ({ by, owner }) => [...by.map((name) => t(`hits.by.${name}`)), t("hits.entered", { owner })],
  key_place: ({ distance_m: metres, accuracy_m: accuracy, of, owner }) => [
    metres > 0 ? t("hits.away", { metres: Math.round(metres) }) : t("hits.inside"),
    of === "place" ? null : accuracy > 0 ? t("hits.accuracy", { metres: Math.round(accuracy) }) : t("hits.accuracy_unknown"),
    t(`hits.of.${of}`),
    t("hits.entered", { owner }),
  ],
  repeat: ({ by, count, window_minutes: minutes, radius_m: radius, incidents }) => [
    t(`hits.count.${by}`, { count, minutes: Math.round(minutes), radius: Math.round(radius ?? 0) }),
    t("hits.earlier", { numbers: incidents.slice(-3).join("、") }),
  ],
};
