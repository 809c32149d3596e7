/**
 * Records a call: the picture and sound of a stream, in fragments of two seconds that the service keeps one by one.
 *
 * A stall, a turned phone, a lost network or a lost encoder leave their mark in the recording and do not end it.
 */

import { nowMs } from "../time.js";
import { t } from "../words.js";
import { openOutbox } from "./outbox.js";
import "./words.js";

const AGAIN_MS = 2000;
const FLUSH_MS = 5000;
const DRAIN_MS = 20_000;
/* Two seconds of blocks of 10 ms, for a worker that is kept from reading. */
const SOUND_BLOCKS = 200;

/** Whether this browser can record; Chromium and what is made from it can. */
export function canRecord() {
  return ["MediaStreamTrackProcessor", "VideoEncoder", "OffscreenCanvas"].every((name) => name in globalThis);
}

/**
 * Records `stream` until `stop()`; its picture and sound may come, go and change (of each kind the first track counts). The
 * sound must come at 48 kHz.
 *
 * `progress` and `send` are `recordingOf(…)` of server.js. `onState` gets `{recording, stalled, kept, waiting, missing, lost, fault}`
 * at each change: whether it is being recorded, whether the picture stands still, and the outbox's state; `fault` is a slug or
 * what the browser said. `stop()` resolves to the last state when everything is with the service, or given up.
 */
export function startRecorder({ stream, send, progress, onState = () => {}, limits = {} }) {
  const state = { recording: false, stalled: false };
  let session = null;
  let broken = null;
  let stopped = null;
  let told = "";
  const outbox = openOutbox({ send, progress, limits, onChange: tell });

  function tell() {
    const whole = { ...state, ...outbox.state() };
    whole.fault ??= broken;
    const text = JSON.stringify(whole);
    if (text !== told) onState(whole);
    told = text;
    return whole;
  }

  function open() {
    if (stopped !== null) return;
    session = openSession(stream, { fragment: outbox.add, beat, fault });
  }

  function beat({ stalled }) {
    broken = null;
    Object.assign(state, { recording: stopped === null, stalled });
    tell();
  }

  function fault(why) {
    session.close();
    broken = why;
    state.recording = false;
    tell();
    setTimeout(open, AGAIN_MS);
  }

  async function stop() {
    await session?.flush();
    session?.close();
    state.recording = false;
    await outbox.drained(DRAIN_MS);
    globalThis.removeEventListener("online", outbox.retry);
    return tell();
  }

  globalThis.addEventListener("online", outbox.retry);
  if (canRecord()) open();
  else broken = "not-supported";
  tell();
  return { stop: () => (stopped ??= stop()) };
}

/* One worker with its encoders; after a fault another takes its place, and the numbers go on. */
function openSession(stream, on) {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const tracks = { picture: null, sound: null };
  let flushed = () => {};
  let closed = false;
  worker.onerror = (event) => hear({ kind: "fault", why: event.message || "the recorder's worker did not start" });
  worker.onmessage = ({ data }) => hear(data);
  worker.postMessage({ kind: "start", label: t("recorder.stalled"), aheadMs: nowMs() - Date.now() });
  look();

  function hear(said) {
    if (closed) return;
    if (said.kind === "beat") look();
    if (said.kind === "stopped") flushed();
    if (said.kind === "beat") on.beat(said);
    if (said.kind === "fault") on.fault(said.why);
    if (said.kind === "fragment") {
      const { startedAtMs, durationMs, bytes } = said;
      on.fragment({ startedAt: new Date(startedAtMs).toISOString(), durationMs, bytes });
    }
  }

  /* A stream tells nobody when its own page changes its tracks, so the worker's beat is the time to look. */
  function look() {
    follow("picture", stream.getVideoTracks()[0] ?? null);
    follow("sound", stream.getAudioTracks()[0] ?? null, { maxBufferSize: SOUND_BLOCKS });
  }

  function follow(kind, found, options = {}) {
    const track = found?.readyState === "live" ? found : null;
    if (track === tracks[kind]) return;
    tracks[kind] = track;
    const readable = track && new MediaStreamTrackProcessor({ track, ...options }).readable;
    worker.postMessage({ kind, readable }, readable ? [readable] : []);
  }

  return {
    flush() {
      worker.postMessage({ kind: "stop" });
      return new Promise((resolve) => {
        flushed = resolve;
        setTimeout(resolve, FLUSH_MS);
      });
    },
    close() {
      closed = true;
      worker.terminate();
    },
  };
}
