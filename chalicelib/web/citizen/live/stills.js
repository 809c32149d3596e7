/** Sends one picture of the camera every two seconds, at most one on its way: what is left of a call without video. */

import { newKey } from "../../shared/api.js";
import { sha256Hex } from "../../shared/sha256.js";
import { sendFile } from "../../shared/upload.js";
import { api } from "../session.js";

const EVERY_MS = 2_000;
const PATIENCE_MS = 8_000;
/* A camera that gives no new frame for so long gives nothing. */
const BLANK_AFTER_MS = 4_000;
const WIDTH = 640;
const MOST_BYTES = 1024 * 1024;
const QUALITIES = [0.72, 0.5, 0.3];

/** Makes the sender of a report's stills; `onState` gets `ok`, `blank` (the camera gives nothing) or `failing`. */
export function makeStills({ incidentId, onState }) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true });
  const canvas = document.createElement("canvas");
  let timer = null;
  let busy = false;
  let frames = 0;
  let freshAt = performance.now();

  async function tick() {
    if (busy || document.hidden || !video.srcObject) return;
    busy = true;
    try {
      const picture = await grab();
      if (picture) await send(picture);
      if (picture) onState("ok");
      else if (performance.now() - freshAt > BLANK_AFTER_MS) onState("blank");
    } catch {
      onState("failing");
    }
    busy = false;
  }

  async function grab() {
    const { totalVideoFrames: now } = video.getVideoPlaybackQuality();
    if (video.videoWidth === 0 || now === frames) return null;
    frames = now;
    freshAt = performance.now();
    canvas.width = Math.min(WIDTH, video.videoWidth);
    canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return smallEnough(canvas);
  }

  async function send(picture) {
    const signal = endsAfter(PATIENCE_MS);
    const wanted = { kind: "still", content_type: "image/jpeg", size_bytes: picture.size, sha256: await sha256Hex(picture) };
    const signed = await api.post(`reports/${incidentId}/media`, wanted, { key: newKey(), tries: 1, signal });
    if (signed.incident_id !== incidentId) return stop(); // The report was closed meanwhile.
    await sendFile(signed, picture, { signal });
  }

  function stop() {
    clearInterval(timer);
    timer = null;
  }

  return {
    /** Takes the pictures from this track from now on; null has none. */
    source(track) {
      video.srcObject = track ? new MediaStream([track]) : null;
      frames = 0;
      freshAt = performance.now();
      if (track) video.play().catch(() => {});
    },
    /** Sends from now on, or no more. */
    send(wanted) {
      if (!wanted) return stop();
      if (timer !== null) return;
      freshAt = performance.now();
      timer = setInterval(tick, EVERY_MS);
      tick();
    },
    end() {
      stop();
      video.srcObject = null;
    },
  };
}

async function smallEnough(canvas) {
  for (const quality of QUALITIES) {
    const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (picture && picture.size <= MOST_BYTES) return picture;
  }
  return null;
}

function endsAfter(milliseconds) {
  const control = new AbortController();
  setTimeout(() => control.abort(), milliseconds);
  return control.signal;
}
