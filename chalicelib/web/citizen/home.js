/** Home: the entries, the number to ring, and at once the notice when this phone is outside the county. */

import { fill, h } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { bureauName, jurisdictionOf } from "./county.js";
import { drawTabs, drawTop, ringLink } from "./frame.js";
import { icon } from "./icons.js";
import { warmUp } from "./live/begin.js";
import { liveAddress } from "./live/modes.js";
import { waitingReport } from "./outbox.js";
import { phoneCard } from "./phone.js";
import { alreadyAllowed, askPosition, onPosition, watchIfAllowed, newestPosition } from "./position.js";
import { api, citizen } from "./session.js";
import { citizenStatus } from "./steps.js";

/** Draws home; `live(mode)` is called with the live mode tapped. Gives back what stops it. */
export function showHome(view, { live }) {
  drawTop();
  drawTabs("home");
  const going = h("div");
  const where = h("div", { aria: { live: "polite" } });
  fill(
    view,
    h("h1.hidden-words", t("tab.home")),
    where,
    going,
    entries(live),
    h("p.recorded", icon("record"), t("recorded")),
    ringLink("a.button.call.huge"),
    citizen()?.phone ? null : phoneCard(),
    h("p.muted.small.county", t("home.county", { bureau: bureauName() })),
  );
  showGoing(going);
  warmUp();
  return watchWhere(where);
}

function entries(live) {
  return h(
    "div.entries",
    entry(live, "video110", "video", t("home.video110")),
    h(
      "a.entry",
      { href: "#/report", dataset: { mode: "photo_text" } },
      h("span.disc", icon("picture")),
      h("strong", t("mode.photo_text")),
      h("span.hint", t("home.photo_text")),
    ),
    entry(live, "fengqiao", "talk", t("home.fengqiao")),
    h(
      "div.entry.traditional",
      { role: "group", aria: { label: t("home.traditional") } },
      h("span.disc", icon("bell")),
      h("strong", t("home.traditional")),
      h("span.pair", direct(live, "silent", "mute"), direct(live, "voice", "mic")),
    ),
  );
}

function entry(live, mode, drawn, hint) {
  return h(
    "button.entry",
    { type: "button", class: mode === "video110" ? "open" : "", dataset: { mode }, onclick: () => live(mode) },
    h("span.disc", icon(drawn)),
    h("strong", t(`mode.${mode}`)),
    h("span.hint", hint),
  );
}

function direct(live, mode, drawn) {
  return h(
    "button.button",
    { type: "button", dataset: { mode }, aria: { label: t(`mode.${mode}`) }, onclick: () => live(mode) },
    icon(drawn),
    t(`home.${mode}`),
  );
}

/* What is under way stands on home: a report still being sent, or the newest one not closed. A silent one never does. */
async function showGoing(going) {
  if (waitingReport()) return fill(going, banner("#/report", t("home.outbox"), ""));
  try {
    const { items } = await api.get("reports", {}, { tries: 1 });
    const open = items.find((one) => one.status !== "closed" && one.mode !== "silent");
    const address = open && (liveAddress(open) ?? `#/reports/${open.id}`);
    if (open) fill(going, banner(address, t("home.going"), `${t(citizenStatus(open))} · ${open.number}`));
  } catch {
    // Home is useful without it; the list tells what is wrong.
  }
}

function banner(href, title, line) {
  return h("a.going", { href }, h("span.pulse"), h("span.words", h("strong", title), h("span", line)), icon("right"));
}

function watchWhere(where) {
  let asked = false;
  const check = async (position) => {
    if (asked || !position) return;
    asked = true;
    showVerdict(where, await jurisdictionOf(position));
  };
  const stop = onPosition(check);
  check(newestPosition());
  alreadyAllowed().then((allowed) => (allowed ? watchIfAllowed() : !asked && offerCheck(where, check)));
  return stop;
}

function offerCheck(where, check) {
  const button = h(
    "button.button.quiet.small",
    {
      type: "button",
      onclick: async () => {
        button.disabled = true;
        try {
          await check(await askPosition());
        } catch (fault) {
          fill(where, h("p.notice.warn", icon("info"), t(`position.${fault.message}`)));
        }
      },
    },
    icon("place"),
    t("home.check"),
  );
  fill(where, button);
}

function showVerdict(where, answer) {
  if (!answer) return fill(where, h("p.chip", icon("place"), t("home.unknown")));
  if (answer.verdict !== "outside") return fill(where, h("p.chip.good", icon("place"), t(`home.${answer.verdict}`)));
  const links = [
    ringLink("a.button.call"),
    answer.text_number
      ? h("a.button", { href: `sms:${answer.text_number}` }, t("text.number", { number: answer.text_number }))
      : null,
  ];
  fill(
    where,
    h(
      "section.card.outside",
      { role: "alert" },
      h("h2", icon("warning"), t("outside.title")),
      h("p", answer.notice || t("outside.title")),
      h("div.row", links),
    ),
  );
}
