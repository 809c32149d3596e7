/** The live picture over the officer's page: he asks to join, the call-taker lets him in, every frame carries his name. */

import { openMedia } from "../shared/call/media.js";
import { countFrames, watchPicture } from "../shared/call/picture.js";
import { openViewer } from "../shared/call/viewer.js";
import { fill, h, say, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";
import { joinCall } from "./link.js";
import { newsPill } from "./news.js";
import { drawWatermark } from "./watermark.js";

const WATERMARK_MS = 1000;

/** Opens the live picture over the page and asks to join; answers how to close it. `onClose` is told when it is. */
export function openCall(task, onClose) {
  const picture = h("video.live-picture", { autoplay: true, muted: true, playsinline: true });
  const mark = h("canvas.live-mark", { aria: { hidden: "true" } });
  const words = h("div.live-words", { role: "status", "data-testid": "live-state" });
  const sound = new Audio();
  const talk = h("button.live-tool", { type: "button", aria: { pressed: "false" }, onclick: () => void switchVoice() }, icon("microphone"), h("span", t("live.talk")));
  const leave = h("button.live-tool.live-leave", { type: "button", onclick: close }, icon("close"), h("span", t("live.leave")));
  const quiet = task.incident.contact === "app_only" ? h("p.live-quiet", t("contact.app_only")) : null;
  const news = newsPill();
  const box = h("dialog.live", { aria: { label: t("live.title") }, oncancel: close }, h("div.live-stage", picture, mark, words, quiet, news.element), h("div.live-tools", talk, leave));
  const facts = { state: "signaling", why: null, seen: null };
  let media = null;
  let watch = null;
  picture.muted = true;
  document.body.append(box);
  box.showModal();
  const viewer = openViewer({ fetchJoin: joinCall, mode: task.incident.mode, party: "officer", on: { state, stream } });
  const ticking = setInterval(() => drawWatermark(mark, task), WATERMARK_MS);
  drawWatermark(mark, task);
  draw();
  return { close };

  function state(name, detail) {
    Object.assign(facts, { state: name, why: detail?.why ?? detail?.type ?? null });
    if (name !== "connected") facts.seen = null;
    draw();
  }

  function stream(remote) {
    sound.srcObject = new MediaStream(remote.getAudioTracks());
    void sound.play().catch(() => box.addEventListener("pointerdown", () => void sound.play(), { once: true }));
    watch?.stop();
    const [track = null] = remote.getVideoTracks();
    picture.srcObject = track && new MediaStream([track]);
    if (track === null) return;
    watch = watchPicture(track, (seen) => (Object.assign(facts, { seen }), draw()), { frames: async () => countFrames(await viewer.stats(), false) });
  }

  function draw() {
    const word = wordOf(facts, task.incident.mode);
    box.dataset.state = word;
    fill(words, word === "live" ? null : h("p", t(`live.state.${word}`)));
    shown(picture, word === "live");
  }

  /* The officer is heard only while he wants to be. */
  async function switchVoice() {
    const on = talk.getAttribute("aria-pressed") !== "true";
    media ??= await openMedia({ sound: true, picture: false });
    const track = on ? media.tracks.audio : null;
    await viewer.send({ audio: track });
    talk.setAttribute("aria-pressed", String(track !== null));
    say(talk.querySelector("span"), t(track !== null ? "live.hush" : on ? "live.no_voice" : "live.talk"));
  }

  function close() {
    onClose();
    clearInterval(ticking);
    news.stop();
    watch?.stop();
    viewer.close();
    media?.close();
    sound.srcObject = null;
    box.close();
    box.remove();
  }
}

function wordOf({ state, why, seen }, mode) {
  if (state === "over") return why === "dropped" ? "dropped" : "over";
  if (state === "dead") return "lost";
  if (state !== "connected") return why === "no-line" ? "no_line" : "connecting";
  if (mode === "voice") return "sound";
  if (seen === "alive") return "live";
  return seen === null ? "waiting" : "still";
}
