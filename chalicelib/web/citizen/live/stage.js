/** The pictures of a call: the call-taker's large and one's own small, or one's own large while nobody is there. */

import { h, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { icon } from "../icons.js";

/** Makes the stage of a call; `voice` has no pictures, and its sound comes from the same element. */
export function makeStage({ mode }) {
  const theirs = h("video.theirs", { playsinline: true, autoplay: true, aria: { label: t("live.theirs") } });
  const own = h("video.own", { playsinline: true, autoplay: true, muted: true, aria: { label: t("live.own") } });
  const tap = h("button.tap", { type: "button", hidden: true, onclick: () => playAloud() }, icon("sound"), t("live.tap"));
  const disc = h("span.seat", icon(mode === "voice" ? "mic" : "shield"));
  const element = h("div.stage", { dataset: { mode } }, disc, theirs, own, tap);
  own.muted = true;
  let connected = false;

  /* A phone may refuse to begin sound without a tap; then the picture goes on without it, and a button stands there. */
  async function play() {
    try {
      await theirs.play();
      shown(tap, theirs.muted);
    } catch (error) {
      if (error.name !== "NotAllowedError") return;
      theirs.muted = true;
      shown(tap, true);
      theirs.play().catch(() => {});
    }
  }

  function playAloud() {
    theirs.muted = false;
    own.play().catch(() => {});
    void play();
  }

  function draw() {
    const picture = theirs.srcObject?.getVideoTracks()[0];
    const seen = connected && picture !== undefined && !picture.muted;
    element.classList.toggle("connected", connected);
    element.classList.toggle("seen", seen);
    element.classList.toggle("with-own", own.srcObject !== null);
  }

  return {
    element,
    /** Shows and plays what the hub sends. */
    theirs(stream) {
      theirs.srcObject = stream;
      for (const track of stream.getVideoTracks()) for (const change of ["mute", "unmute"]) track.addEventListener(change, draw);
      draw();
      void play();
    },
    /** Shows the own picture, or none. */
    own(track) {
      own.srcObject = track ? new MediaStream([track]) : null;
      own.classList.toggle("mirror", track?.getSettings().facingMode === "user");
      if (track) own.play().catch(() => {});
      draw();
    },
    /** Whether somebody is at the other end now. */
    connected(now) {
      connected = now;
      draw();
    },
    stop() {
      theirs.srcObject = null;
      own.srcObject = null;
    },
  };
}
