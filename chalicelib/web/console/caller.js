/** Who reports: the number to ring, or the warning not to; name, vehicle, standing. */

import { fill, h, say } from "../shared/dom.js";
import { clock, fullTime, shortTime } from "../shared/time.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";
import { ago, spaced } from "./shown.js";

/** Makes the block; `beat()` moves the age of the report on. */
export function callerBlock() {
  const number = h("div.caller-number");
  const facts = h("dl.facts");
  const age = h("span.muted");
  const element = h("section.caller", { aria: { label: t("caller.label") } }, number, facts);
  let createdAt = null;

  function beat() {
    if (createdAt !== null) say(age, ago(createdAt));
  }

  function show({ incident, caller }) {
    createdAt = incident.created_at;
    const drawn = JSON.stringify([incident.contact, caller, incident.phone, createdAt]);
    if (element.dataset.drawn !== drawn) {
      element.dataset.drawn = drawn;
      fill(number, ...numberOf(incident, caller));
      fill(facts, ...factsOf(incident, caller, age));
    }
    beat();
  }

  return { element, show, beat };
}

function numberOf(incident, caller) {
  const phone = caller.phone ?? incident.phone;
  const forbidden =
    incident.contact === "app_only" ? h("p.forbidden", { "data-testid": "no-call" }, t("contact.app_only")) : null;
  if (!phone) return [forbidden, h("p.phone.none", forbidden ? t("caller.hidden") : t("caller.no_phone"))];
  return [
    forbidden,
    h("p.phone.digits", { "data-testid": "phone" }, spaced(phone)),
    h(
      "span.phone-mark",
      { class: caller.phone_verified ? "verified" : null },
      caller.phone_verified ? t("caller.verified") : t("caller.unverified"),
    ),
    copyButton(phone),
  ];
}

function factsOf(incident, caller, age) {
  const other = caller.contact_phone && caller.contact_phone !== caller.phone ? caller.contact_phone : null;
  return [
    fact(
      "caller.time",
      h(
        "span",
        h(
          "time.digits",
          { datetime: incident.created_at, title: fullTime(incident.created_at) },
          dayAndClock(incident.created_at),
        ),
        " · ",
        age,
      ),
    ),
    other ? fact("caller.contact_phone", h("span.digits", spaced(other))) : null,
    caller.name ? fact("caller.name", caller.name) : null,
    caller.trade && caller.trade !== "none"
      ? fact("caller.trade", [t(`trade.${caller.trade}`), caller.plate].filter(Boolean).join(" · "))
      : null,
    caller.language === "en" ? fact("caller.language", "English") : null,
    caller.standing !== "good" ? fact("caller.standing", h("span.standing", standingWords(caller))) : null,
  ];
}

function standingWords({ standing, standing_reason: reason, standing_until: until }) {
  const grade = t(`standing.${standing}`);
  if (!until) return t("caller.limit_endless", { grade });
  return t("caller.limit", { grade, reason, until: fullTime(until).slice(0, 10) });
}

function dayAndClock(iso) {
  return `${shortTime(iso).split(" ").slice(0, -1).join(" ")} ${clock(iso)}`.trim();
}

function fact(word, value) {
  return [h("dt", t(word)), h("dd", value)];
}

/** A button that copies a text and says so; where the browser forbids it, the number beside it is selected instead. */
export function copyButton(text) {
  const button = h(
    "button.button.small.copy",
    { type: "button", title: t("copy.label"), aria: { label: t("copy.label") }, onclick: () => void copy() },
    icon("copy"),
  );
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return getSelection().selectAllChildren(button.parentElement.querySelector(".phone"));
    }
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1200);
  }
  return button;
}
