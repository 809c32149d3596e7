/** One incident in the queue: the least a call-taker needs to choose it. */

import { fill, h, say, shown } from "../shared/dom.js";
import { ageSeconds, clock, fullTime, stopwatch } from "../shared/time.js";
import { t } from "../shared/words.js";
import { waitsBehind } from "./board.js";
import { blurredStill } from "./call/preview.js";
import { alertChip } from "./duty/strip.js";
import { flagChips } from "./flags.js";
import { icon } from "./icons.js";
import { placeWords, spaced } from "./shown.js";

/* The field's own aims: answered in 15 s; a minute is far too long. */
const LATE_SECONDS = 15;
const OVERDUE_SECONDS = 60;

/** Makes a card; `show(card, {ringing, first, current})` fills it, `beat()` moves its age on. */
export function incidentCard({ id, open, answer }) {
  let shownCard = null;
  let ringsHere = false;
  const head = h("span.card-head");
  const age = h("span.card-age.digits", { role: "timer", aria: { live: "off" } });
  const lines = h("span.card-lines");
  const blurred = blurredStill();
  const key = h("kbd", "F2");
  const word = h("span");
  const take = h("button.button.card-answer", { type: "button", onclick: () => answer(id) }, word, key);
  const element = h(
    "li.card",
    { "data-testid": "card", "data-id": id },
    h("button.card-open", { type: "button", onclick: () => open(id) }, h("span.card-top", head, age), blurred.element, lines),
    take,
  );

  function beat() {
    const since = ringsHere ? (shownCard.ringing ? shownCard.rings_at : shownCard.transfer.asked_at) : shownCard.created_at;
    const seconds = ageSeconds(since);
    say(age, stopwatch(seconds));
    if (!ringsHere) return void delete element.dataset.late;
    element.dataset.late = seconds >= OVERDUE_SECONDS ? "overdue" : seconds >= LATE_SECONDS ? "late" : "fresh";
  }

  function show(card, { ringing, first, current }) {
    if (shownCard !== card) fill(head, ...headOf(card));
    if (shownCard !== card) fill(lines, ...linesOf(card));
    shownCard = card;
    ringsHere = ringing;
    say(word, t(card.ringing ? "work.answer" : "transfer.take"));
    element.dataset.priority = String(card.priority);
    element.classList.toggle("current", current);
    element.classList.toggle("unread", card.unread);
    element.querySelector(".card-open").setAttribute("aria-current", String(current));
    shown(take, ringing);
    shown(key, first);
    take.classList.toggle("primary", first);
    beat();
  }

  return {
    element,
    show,
    beat,
    /** Hints at what the citizen's camera shows; null hides it. */
    hint: blurred.show,
  };
}

function headOf(card) {
  return [
    h(`span.priority.p${card.priority}`, { title: t(`priority.${card.priority}`) }, String(card.priority)),
    h("span.card-mode", icon(card.mode), card.tip ? t("tip") : t(`mode.${card.mode}`)),
    card.unread ? h("span.card-unread", icon("message"), t("card.unread")) : null,
    card.status === "waiting" ? null : h("span.card-status", t(`status.${card.status}`)),
    card.hurt ? h("span.card-sensitive", t("card.hurt")) : null,
    sensitiveMark(card),
    card.exited_quickly ? h("span.card-exited", t("card.exited")) : null,
    card.escalated ? h("span.card-again", t("card.escalated")) : null,
    card.transfer ? h("span.card-again", t("card.transfer", { department: card.transfer.department_name })) : null,
    alertChip(card),
    waitsBehind(card) ? h("span.card-behind", t("queue.behind")) : null,
    ringsAgain(card) ? h("span.card-again", t("card.again")) : null,
  ];
}

/* A card that was put in the feed before there were hits has none. */
function sensitiveMark({ hits = [] }) {
  if (hits.length === 0) return null;
  return h("span.card-sensitive", { title: hits.map((rule) => t(`rule.${rule}`)).join("、") }, t("card.sensitive"));
}

/* Put back by its owner, or by the service because the owner's console went silent. */
function ringsAgain(card) {
  return card.ringing && Date.parse(card.rings_at) - Date.parse(card.created_at) > 1000;
}

function linesOf(card) {
  const where = placeWords(card.place);
  const phone =
    card.contact === "app_only"
      ? h("span.no-call", t("contact.app_only"))
      : h("span.digits", card.phone ? spaced(card.phone) : t("caller.no_phone"));
  return [
    h(
      "span.card-line.strong",
      phone,
      h("time.digits.muted", { datetime: card.created_at, title: fullTime(card.created_at) }, clock(card.created_at)),
    ),
    where ? h("span.card-line.card-place", where) : null,
    card.text_start ? h("span.card-line.card-text", card.text_start) : null,
    h(
      "span.card-line.card-foot",
      h("span.digits.muted", card.number),
      ...counts(card),
      ...flagChips(card.flags),
      ownerOf(card),
    ),
  ];
}

function counts(card) {
  return [
    card.photos > 0 ? h("span.card-count", icon("picture"), String(card.photos)) : null,
    card.videos > 0 ? h("span.card-count", icon("film"), String(card.videos)) : null,
    card.linked_to ? h("span.card-count", icon("link"), t("card.linked")) : null,
  ];
}

function ownerOf(card) {
  const units = card.units.length > 0 ? h("span.card-units", card.units.join("、")) : null;
  return [units, card.call_taker_id ? h("span.card-owner", card.call_taker_id) : null];
}
