/** Plays a recording over the panel, a stretch after the other, by the clock of the day it was made. */

import { fill, h, say, shown } from "../../shared/dom.js";
import { fullTime } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { icon } from "../icons.js";

const SPEEDS = [1, 2, 4];
const MATROSKA = "video/x-matroska";

/** Makes the player inside `over`; `addresses(stretch)` gives the addresses of a stretch's originals, in order. */
export function recordingPlayer({ addresses, over }) {
  const video = h("video.viewer-media", { playsinline: true, onended: () => void step(1), ontimeupdate: beat, onplay: beat, onpause: beat });
  const clock = h("p.player-clock.digits", { aria: { live: "off" } });
  const fault = h("p.refusal", { role: "alert" });
  const place = h("input.player-place", { type: "range", step: "0.1", aria: { label: t("evidence.place") }, oninput: () => (video.currentTime = place.valueAsNumber) });
  const play = h("button.button.small", { type: "button", onclick: toggle });
  const speed = h("button.button.small.digits", { type: "button", title: t("evidence.speed"), aria: { label: t("evidence.speed") }, onclick: faster });
  const element = h(
    "section.viewer.player",
    { hidden: true, tabindex: -1, role: "group", "data-testid": "player", aria: { label: t("evidence.player") }, onkeydown: keys },
    h("header.viewer-bar", clock, h("div.viewer-tools", tool("evidence.before", "left", () => step(-1)), play, tool("evidence.after", "right", () => step(1)), speed, tool("viewer.close", "close", close))),
    h("div.viewer-stage", video),
    h("footer.player-bar", fault, place),
  );
  over.append(element);
  const brought = new Map();
  let list = [];
  let at = 0;
  let rate = 0;
  let opener = null;

  function open(stretches, index) {
    list = stretches;
    opener = document.activeElement;
    shown(element, true);
    element.focus();
    void show(index);
  }

  async function show(index) {
    at = index;
    const stretch = list[index];
    say(fault, t("evidence.loading"));
    try {
      const address = await bring(stretch);
      if (list[at] !== stretch || element.hidden) return;
      video.src = address;
      await new Promise((ready, failed) => Object.assign(video, { onloadedmetadata: ready, onerror: () => failed(new Error("not playable")) }));
      Object.assign(place, { min: stretch.startMs / 1000, max: stretch.endMs / 1000 });
      Object.assign(video, { currentTime: stretch.startMs / 1000, playbackRate: SPEEDS[rate] });
      await video.play();
      say(fault, "");
      if (index + 1 < list.length) void bring(list[index + 1]).catch(() => {});
    } catch (error) {
      if (error.name !== "AbortError") say(fault, t("evidence.not_playable"));
    }
  }

  /* Its originals joined are a file; only this stretch and the next are held. */
  function bring(stretch) {
    if (!brought.has(stretch)) brought.set(stretch, joined(stretch));
    for (const other of brought.keys()) if (other !== stretch && other !== list[at] && other !== list[at + 1]) drop(other);
    return brought.get(stretch);
  }

  async function joined(stretch) {
    try {
      const parts = [];
      for (const address of await addresses(stretch)) parts.push(await fetched(address));
      return URL.createObjectURL(new Blob(parts, { type: MATROSKA }));
    } catch (error) {
      brought.delete(stretch);
      throw error;
    }
  }

  function drop(stretch) {
    const gone = brought.get(stretch);
    brought.delete(stretch);
    void gone.then((address) => URL.revokeObjectURL(address), () => {});
  }

  async function step(by) {
    if (at + by >= 0 && at + by < list.length) await show(at + by);
    else beat();
  }

  function toggle() {
    if (video.paused) void video.play().catch(() => {});
    else video.pause();
  }

  function faster() {
    rate = (rate + 1) % SPEEDS.length;
    video.playbackRate = SPEEDS[rate];
    beat();
  }

  function beat() {
    if (video.currentTime > 0) {
      say(clock, t("evidence.clock", { time: fullTime(video.currentTime * 1000), at: at + 1, of: list.length }));
      place.value = String(video.currentTime);
    }
    say(play, t(video.paused ? "evidence.play" : "evidence.pause"));
    say(speed, `${SPEEDS[rate]}×`);
  }

  function close() {
    if (element.hidden) return;
    video.pause();
    video.removeAttribute("src");
    for (const stretch of [...brought.keys()]) drop(stretch);
    shown(element, false);
    opener?.focus();
  }

  function keys(event) {
    const act = { Escape: close, " ": toggle, PageUp: () => void step(-1), PageDown: () => void step(1) }[event.key];
    if (act === undefined || event.target.tagName === "BUTTON") return;
    event.preventDefault();
    act();
  }

  beat();
  return { open, close };
}

async function fetched(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.blob();
}

function tool(word, drawn, act) {
  return h("button.button.small", { type: "button", title: t(word), aria: { label: t(word) }, onclick: act }, icon(drawn));
}
