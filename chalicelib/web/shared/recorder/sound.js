/** Keeps the sound of a recording without a gap on the wall clock, mono at 48 kHz, and encodes it. */

import { AudioSample, AudioSampleSource, MkvOutputFormat, NullTarget, Output, canEncodeAudio } from "../../vendor/mediabunny.js";

const RATE_HZ = 48_000;
/* At 48 kb/s the library's AAC makes a plain tone 4 dB louder here and there, at 96 it hardly does. */
const BITS_PER_SECOND = 96_000;
const SILENT_BLOCK = 960;
const LATE_MS = 400;
const AHEAD_MS = 250;
/* Silence is put in only after the worker had this many turns to read what may be waiting. */
const TURNS = 20;

/** Tells how the sound is encoded here: AAC by the browser, or by a library that is loaded only then, or else Opus. */
export async function soundCodec() {
  const wanted = { numberOfChannels: 1, sampleRate: RATE_HZ, bitrate: BITS_PER_SECOND };
  if (await canEncodeAudio("aac", wanted)) return "aac";
  try {
    const { registerAacEncoder } = await import("../../vendor/mediabunny-aac-encoder.js");
    registerAacEncoder();
    return (await canEncodeAudio("aac", wanted)) ? "aac" : "opus";
  } catch {
    return "opus";
  }
}

/**
 * Makes the sound's side of a recording that began at `startMs` (since 1970); it may be given sound at once.
 *
 * `onPacket({packet, config, codec})` gets each encoded packet, its time in seconds since 1970.
 */
export function makeSound({ startMs, onPacket, onFault }) {
  const early = [];
  let encoder = null;
  let samples = 0;
  let began = false;
  let lateTurns = 0;
  const opened = openEncoder({ onPacket, onFault }).then((made) => {
    encoder = made;
    early.splice(0).forEach(({ block, timestamp }) => encoder.add(block, timestamp));
  });
  opened.catch(onFault);

  const behindMs = (nowMs) => nowMs - startMs - (samples / RATE_HZ) * 1000;

  /** Takes a block that was heard just now. A source whose clock runs fast loses a block now and then. */
  function take(data, nowMs) {
    const block = mono(data);
    const lag = behindMs(nowMs) - (block.length / RATE_HZ) * 1000;
    if (!began) fill(lag);
    else if (lag < -AHEAD_MS) return;
    began = true;
    put(block);
  }

  /** Fills with silence what nobody gave. */
  function tick(nowMs) {
    const behind = behindMs(nowMs);
    lateTurns = behind > LATE_MS ? lateTurns + 1 : 0;
    if (lateTurns < TURNS) return;
    lateTurns = 0;
    fill(behind - LATE_MS / 4);
  }

  function fill(milliseconds) {
    let left = Math.max(0, Math.round((milliseconds / 1000) * RATE_HZ));
    for (; left > 0; left -= SILENT_BLOCK) put(new Float32Array(Math.min(SILENT_BLOCK, left)));
  }

  function put(block) {
    const timestamp = startMs / 1000 + samples / RATE_HZ;
    samples += block.length;
    if (encoder === null) early.push({ block, timestamp });
    else encoder.add(block, timestamp);
  }

  return {
    take,
    tick,
    async flush() {
      await opened;
      await encoder.flush();
    },
  };
}

/* The library encodes for a file of its own; nothing of that file is kept, only the packets on their way into it. */
async function openEncoder({ onPacket, onFault }) {
  const codec = await soundCodec();
  const output = new Output({ format: new MkvOutputFormat({ appendOnly: true }), target: new NullTarget() });
  let config = null;
  const source = new AudioSampleSource({
    codec,
    bitrate: BITS_PER_SECOND,
    onEncodedPacket(packet, about) {
      config = about?.decoderConfig ?? config;
      onPacket({ packet, config, codec });
    },
  });
  output.addAudioTrack(source);
  await output.start();
  return {
    add(data, timestamp) {
      const sample = new AudioSample({ data, format: "f32-planar", numberOfChannels: 1, sampleRate: RATE_HZ, timestamp });
      source.add(sample).then(() => sample.close(), onFault);
    },
    flush: () => output.finalize(),
  };
}

function mono(data) {
  const mixed = new Float32Array(data.numberOfFrames);
  const plane = new Float32Array(data.numberOfFrames);
  if (data.sampleRate !== RATE_HZ) {
    data.close();
    throw new RangeError("the sound to record must come at 48 kHz");
  }
  for (let channel = 0; channel < data.numberOfChannels; channel += 1) {
    data.copyTo(plane, { planeIndex: channel, format: "f32-planar" });
    plane.forEach((value, index) => (mixed[index] += value / data.numberOfChannels));
  }
  data.close();
  return mixed;
}
