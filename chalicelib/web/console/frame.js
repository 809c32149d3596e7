/** The frame of the console: top bar, the red banners, the queue at the left and the incidents at the right. */

import { h, say, shown } from "../shared/dom.js";
import { clock, nowIso } from "../shared/time.js";
import { otherLanguage, setLanguage, t } from "../shared/words.js";
import { icon } from "./icons.js";
import { countyName } from "./shown.js";

/** Builds the frame; answers its parts and `beat()` for what changes each second. */
export function consoleFrame({ county, session, bell, seat, left, workspace, duty, onHelp, onSignOut, onRoster, onDuty, onReviews, onWatch, onFigures }) {
  const time = h("time.digits.clock", { aria: { hidden: "true" } });
  const lost = h("p.banner.lost", { role: "alert", hidden: true, "data-testid": "lost" });
  const mute = banner("sound.locked", "sound.unlock", () => void bell.unlock().then(() => shown(mute, false)));
  const resting = h("p.banner.resting", { hidden: true, role: "status" });
  const notice = h("p.notice", { role: "status", hidden: true });
  let noticeTimer = 0;
  const volume = volumeControl(bell);
  const bar = h(
    "header.bar",
    h("div.brand", h("strong", t("console.title")), h("span.muted", t("console.of", { county: countyName(county) }))),
    time,
    h(
      "div.bar-tools",
      volume,
      seat.element,
      h("span.who", { title: t("bar.signed_in") }, session.username()),
      session.commands() ? h("button.button.small", { type: "button", onclick: onReviews }, t("reviews.open")) : null,
      session.leads() ? h("button.button.small", { type: "button", onclick: onDuty }, t("bar.duty")) : null,
      session.leads() ? h("button.button.small", { type: "button", onclick: onWatch }, t("bar.watch")) : null,
      session.leads() ? h("button.button.small", { type: "button", onclick: onRoster }, t("bar.roster")) : null,
      session.counts() ? h("button.button.small", { type: "button", onclick: onFigures }, t("figures.open")) : null,
      h("button.button.small", { type: "button", onclick: () => setLanguage(otherLanguage()) }, t("language.switch")),
      h("button.button.small", { type: "button", onclick: onHelp }, t("bar.help"), h("kbd", "F1")),
      h("button.button.small", { type: "button", onclick: onSignOut }, t("bar.sign_out")),
    ),
  );
  const element = h("div.console", bar, h("div.banners", lost, mute, duty, resting), h("div.desk", h("div.left", left), workspace), notice);
  say(time, clock(nowIso()));

  return {
    element,
    /** Says something for a few seconds. */
    notice(words) {
      say(notice, words);
      shown(notice, true);
      clearTimeout(noticeTimer);
      noticeTimer = setTimeout(() => shown(notice, false), 6000);
    },
    /** Brings clock and banners up to date; `seconds` is null while the line is good. */
    beat({ seconds, silentRing }) {
      say(time, clock(nowIso()));
      shown(lost, seconds !== null);
      if (seconds !== null) say(lost, t("line.lost", { seconds }));
      shown(mute, !bell.unlocked());
      shown(resting, silentRing > 0);
      if (silentRing > 0) say(resting, t("seat.silent_ring", { count: silentRing }));
      volume.dataset.rung = String(bell.rung());
    },
  };
}

function banner(word, action, act) {
  return h(
    "p.banner.mute",
    { role: "alert", hidden: true, "data-testid": "locked" },
    t(word),
    h("button.button.small", { type: "button", onclick: act }, t(action)),
  );
}

function volumeControl(bell) {
  const slider = h("input", {
    type: "range",
    min: "0.15",
    max: "1",
    step: "0.05",
    value: String(bell.volume()),
    title: t("sound.volume"),
    aria: { label: t("sound.volume") },
    oninput: () => bell.setVolume(Number(slider.value)),
    onchange: () => bell.unlocked() && bell.tryOut(),
  });
  return h("label.bar-volume", { "data-testid": "bell" }, icon("bell"), slider);
}
