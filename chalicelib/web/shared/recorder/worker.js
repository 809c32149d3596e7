/**
 * Records in a worker, because a hidden page's own timers are slowed down.
 *
 * In: `{kind: "start", label, aheadMs}`, `{kind: "picture", readable}` and `{kind: "sound", readable}` (or null), `{kind: "stop"}`.
 * Out: `fragment` (startedAtMs since 1970, durationMs, bytes), `beat` four times a second (stalled), `fault` (why), `stopped`.
 */

import { EncodedPacket } from "../../vendor/mediabunny.js";
import { makeCutter } from "./cutter.js";
import { writeMatroska } from "./matroska.js";
import { canEncodePicture, makePicture } from "./picture.js";
import { makeSound } from "./sound.js";

const TICK_MS = 10;
const BEAT_MS = 250;
const LOST_SOUND_SECONDS = 15;

let aheadMs = 0;
let session = null;
const reading = { picture: null, sound: null };

self.onmessage = ({ data }) => {
  if (data.kind === "start") void start(data).catch(fail);
  else if (data.kind === "stop") void stop().catch(fail);
  else void read(data.kind, data.readable).catch(fail);
};

/* Runs evenly even when the computer's clock is set in mid-call. */
function nowMs() {
  return performance.timeOrigin + performance.now() + aheadMs;
}

async function start(told) {
  if (!(await canEncodePicture())) throw new TypeError("no encoder for the picture");
  aheadMs = told.aheadMs;
  const startMs = Math.ceil(nowMs());
  let written = Promise.resolve();
  const cutter = makeCutter((fragment) => {
    written = written.then(() => post(fragment)).catch(fail);
  });
  const picture = makePicture({
    startMs,
    label: told.label,
    onFault: fail,
    onChunk: ({ chunk, asked, config }) => cutter.addVideo({ packet: EncodedPacket.fromEncodedChunk(chunk), asked, config }),
  });
  const sound = makeSound({ startMs, onFault: fail, onPacket: cutter.addSound });
  session = { picture, sound, cutter, written: () => written };
  session.timers = [setInterval(tick, TICK_MS), setInterval(beat, BEAT_MS)];
}

function tick() {
  const at = nowMs();
  session.picture.tick(at);
  session.sound.tick(at);
}

function beat() {
  self.postMessage({ kind: "beat", stalled: session.picture.isStalled(nowMs()) });
  if (session.cutter.behind() > LOST_SOUND_SECONDS) fail(new Error("the sound's encoder gives nothing"));
}

async function post(fragment) {
  const bytes = await writeMatroska(fragment);
  const durationMs = Math.round((fragment.until - fragment.from) * 1000);
  self.postMessage({ kind: "fragment", startedAtMs: Math.round(fragment.from * 1000), durationMs, bytes }, [bytes.buffer]);
}

async function read(kind, readable) {
  void reading[kind]?.cancel().catch(() => {});
  const reader = (reading[kind] = readable?.getReader() ?? null);
  while (reader !== null) {
    const { value, done } = await reader.read();
    if (done) return;
    if (session === null || reader !== reading[kind]) value.close();
    else if (kind === "picture") session.picture.show(value, nowMs());
    else session.sound.take(value, nowMs());
  }
}

async function stop() {
  const { picture, sound, cutter, written, timers } = session;
  session = null;
  timers.forEach(clearInterval);
  await Promise.all([picture.flush(), sound.flush()]);
  cutter.finish();
  await written();
  picture.close();
  self.postMessage({ kind: "stopped" });
}

function fail(error) {
  self.postMessage({ kind: "fault", why: String(error?.message ?? error) });
}
