/** The picture of a call, large: live, or the newest still, or words; one's own small in the corner. */

import { fill, h, say, shown } from "../../shared/dom.js";
import { clock, stopwatch } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { icon } from "../icons.js";
import { filesOf } from "./standing.js";
import { blurredStill } from "./preview.js";

/** Makes the stage; `look(mediaId)` opens a still large. */
export function callStage({ look }) {
  const picture = h("video.stage-picture", { autoplay: true, muted: true, playsinline: true, "data-testid": "citizen-picture" });
  const still = h("img.stage-still", { alt: "", hidden: true, "data-testid": "citizen-still" });
  const stillButton = h("button.stage-open", { type: "button", hidden: true, aria: { label: t("call.look") } }, still);
  const blurred = blurredStill();
  const words = h("div.stage-words");
  const own = h("video.stage-own", { autoplay: true, muted: true, playsinline: true, hidden: true, aria: { label: t("call.own") } });
  const state = h("span.call-state", { role: "status", "data-testid": "call-state" });
  const lasting = h("span.call-time.digits", { role: "timer", aria: { live: "off" } });
  const recording = h("span.call-recording", { role: "status", "data-testid": "recording" });
  const stillNote = h("p.stage-note");
  const element = h(
    "div.stage",
    picture, stillButton, blurred.element, words, own, stillNote,
    h("div.stage-top", state, lasting, recording),
  );
  picture.muted = own.muted = true;
  let since = null;
  let latest = null;
  stillButton.addEventListener("click", () => latest && look(latest.media_id));

  function beat() {
    say(lasting, since === null ? "" : stopwatch(Math.max(0, Math.floor((Date.now() - since) / 1000))));
  }

  /** Shows a call (`facts`, null without one) as `standing` says; before the answer a still is only hinted at. */
  function show({ facts, standing, media, answered, mode }) {
    const stills = filesOf(media, "still");
    latest = stills.at(-1) ?? null;
    element.dataset.standing = standing;
    give(picture, facts?.track ?? null);
    give(own, facts?.own ?? null);
    shown(own, Boolean(facts?.own));
    const isLive = facts?.track && (standing === "live" || standing === "connecting" || standing === "sound");
    const withStill = !isLive && latest !== null && answered && standing !== "others";
    shown(picture, Boolean(isLive) || (standing === "broken" && !withStill));
    shown(stillButton, withStill);
    shown(still, withStill);
    if (withStill) bring(still, latest);
    blurred.show(answered ? null : latest);
    say(stillNote, withStill ? t("call.still_at", { at: clock(latest.checked_at) }) : "");
    say(state, t(`call.state.${standing}`));
    wordsFor({ isLive, withStill, standing, mode, answered });
    since = facts?.other === "connected" ? facts.connectedAt : null;
    beat();
  }

  function wordsFor({ isLive, withStill, standing, mode, answered }) {
    const says = !isLive && !withStill && (answered || latest === null);
    shown(words, says || standing === "sound");
    const drawn = `${standing}.${mode}`;
    if (words.dataset.drawn === drawn) return;
    words.dataset.drawn = drawn;
    fill(words, icon(mode), h("p", t(`call.say.${standing}`)));
  }

  return { element, show, beat, recording, picture };
}

/** Gives a video element a track, or none, without starting anew what it shows already. */
function give(element, track) {
  if ((element.srcObject?.getVideoTracks()[0] ?? null) === track) return;
  element.srcObject = track === null ? null : new MediaStream([track]);
}

/* The newest still takes the place of the one before it only once it is there. */
function bring(image, { media_id: id, url }) {
  if (image.dataset.id === id) return;
  image.dataset.id = id;
  const next = new Image();
  next.onload = () => image.dataset.id === id && (image.src = url);
  next.onerror = () => image.dataset.id === id && delete image.dataset.id;
  next.src = url;
}
