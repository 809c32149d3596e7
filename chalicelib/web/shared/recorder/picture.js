/** Paints the newest picture at one fixed size on a wall-clock grid, and encodes it so that it can be cut each two seconds. */

import { clock as timeOfDay } from "../time.js";

export const FRAMES_PER_SECOND = 25;

const WIDTH = 640;
const HEIGHT = 480;
const STEP_MS = 1000 / FRAMES_PER_SECOND;
const STEPS_TO_A_KEY = 2 * FRAMES_PER_SECOND;
const STALLED_MS = 1000;
const BAND = 44;
/* More than this and the encoder cannot keep up: a left out frame is better than an ever longer delay. */
const MOST_QUEUED = 8;
const ENCODER = {
  codec: "avc1.42E01F", width: WIDTH, height: HEIGHT, bitrate: 800_000, framerate: FRAMES_PER_SECOND,
  latencyMode: "realtime", bitrateMode: "variable", avc: { format: "avc" },
};

/** Whether this browser can encode the picture as it is recorded. */
export async function canEncodePicture() {
  return (await VideoEncoder.isConfigSupported(ENCODER)).supported === true;
}

/**
 * Makes the picture's side of a recording that began at `startMs` (since 1970).
 *
 * `onChunk({chunk, asked, config})` gets each encoded frame, its time in microseconds since 1970; `asked` is true for the
 * key frames that were asked for, the only ones to cut at. `label` stands in the picture, with the time, while it stalls.
 */
export function makePicture({ startMs, label, onChunk, onFault }) {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const brush = canvas.getContext("2d", { alpha: false });
  const asked = new Set();
  const encoder = new VideoEncoder({ output: take, error: onFault });
  let config = null;
  let shown = null;
  let shownAt = startMs;
  let step = -1;
  let keyAtStep = 0;
  encoder.configure(ENCODER);

  function take(chunk, about) {
    config = about?.decoderConfig ?? config;
    onChunk({ chunk, asked: asked.delete(chunk.timestamp), config });
  }

  /** Takes a frame as the newest; it is closed when the next one comes. */
  function show(frame, nowMs) {
    shown?.close();
    shown = frame;
    shownAt = nowMs;
  }

  /** Encodes a frame if it is time for one. */
  function tick(nowMs) {
    const due = Math.floor((nowMs - startMs) / STEP_MS);
    if (due <= step) return;
    step = due;
    if (encoder.encodeQueueSize > MOST_QUEUED) return;
    paint(nowMs);
    const timestamp = (startMs + step * STEP_MS) * 1000;
    const keyFrame = step >= keyAtStep;
    if (keyFrame) {
      asked.add(timestamp);
      keyAtStep = step - (step % STEPS_TO_A_KEY) + STEPS_TO_A_KEY;
    }
    const frame = new VideoFrame(canvas, { timestamp, duration: STEP_MS * 1000 });
    encoder.encode(frame, { keyFrame });
    frame.close();
  }

  function paint(nowMs) {
    brush.fillStyle = "#000";
    brush.fillRect(0, 0, WIDTH, HEIGHT);
    if (shown !== null) paintWhole(shown);
    if (isStalled(nowMs)) paintLabel(nowMs);
  }

  /* Letterboxed, because a phone that is turned changes the size of its picture in mid-call. */
  function paintWhole(frame) {
    const scale = Math.min(WIDTH / frame.displayWidth, HEIGHT / frame.displayHeight);
    const [width, height] = [Math.round(frame.displayWidth * scale), Math.round(frame.displayHeight * scale)];
    brush.drawImage(frame, (WIDTH - width) >> 1, (HEIGHT - height) >> 1, width, height);
  }

  function paintLabel(nowMs) {
    brush.fillStyle = "#000";
    brush.fillRect(0, HEIGHT - BAND, WIDTH, BAND);
    brush.fillStyle = "#fff";
    brush.font = "22px sans-serif";
    brush.textBaseline = "middle";
    brush.fillText(`${label} ${timeOfDay(nowMs)}`, 20, HEIGHT - BAND / 2);
  }

  function isStalled(nowMs) {
    return nowMs - shownAt > STALLED_MS || shown === null;
  }

  return {
    show,
    tick,
    isStalled,
    flush: () => encoder.flush(),
    close() {
      shown?.close();
      shown = null;
      if (encoder.state !== "closed") encoder.close();
    },
  };
}
