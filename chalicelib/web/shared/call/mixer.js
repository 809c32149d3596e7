/** Mixes the sound of a call: each listener gets the sum of those he is to hear, and never himself (mix-minus). */

import { HUB, RECORD } from "./routing.js";

/* Recorders want 48 kHz, or their timing breaks. */
const RATE_HZ = 48_000;
const SILENCE_DB = -100;

/** Makes a mixer; what the hub hears is `ear(HUB)` and what is recorded is `ear(RECORD)`. */
export function makeMixer() {
  const context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: "interactive" });
  const voices = new Map();
  const ears = new Map();
  let paths = new Map();
  void context.resume();

  function apply(wanted) {
    const next = new Map(wanted.filter(([from, to]) => voices.has(from) && ears.has(to)).map((path) => [path.join(">"), path]));
    for (const [key, [from, to]] of paths) if (!next.has(key)) voices.get(from)?.out.disconnect(ears.get(to));
    for (const [key, [from, to]] of next) if (!paths.has(key)) voices.get(from).out.connect(ears.get(to));
    paths = next;
  }

  function forget(name) {
    for (const [key, [from, to]] of paths) {
      if (from !== name) continue;
      voices.get(from).out.disconnect(ears.get(to));
      paths.delete(key);
    }
    voices.get(name)?.end();
    voices.delete(name);
  }

  function makeEar(name) {
    if (!ears.has(name)) ears.set(name, context.createMediaStreamDestination());
    return ears.get(name).stream.getAudioTracks()[0];
  }

  makeEar(HUB);
  makeEar(RECORD);
  return {
    /** Takes a track as somebody's voice, in the place of an earlier one; null takes the voice away. */
    voice(name, track) {
      forget(name);
      if (track) voices.set(name, makeVoice(context, track));
    },
    /** The track of what somebody hears; the same one for as long as he is there. */
    ear: makeEar,
    /** Takes a listener away. */
    close(name) {
      forget(name);
      for (const [key, [from, to]] of paths) {
        if (to !== name) continue;
        voices.get(from).out.disconnect(ears.get(to));
        paths.delete(key);
      }
      ears.get(name)?.stream.getTracks().forEach((track) => track.stop());
      ears.delete(name);
    },
    /** Connects exactly these `[speaker, listener]` pairs, touching only what changes. */
    apply,
    /** How loud each voice is now, in dB below full scale, by name. */
    levels: () => Object.fromEntries([...voices].map(([name, voice]) => [name, voice.level()])),
    /** Lets sound through again where the browser held it back; call it from a click. */
    resume: () => context.resume(),
    end: () => context.close(),
  };
}

function makeVoice(context, track) {
  const stream = new MediaStream([track]);
  /* Chromium gives WebAudio the sound of a remote track only while an element plays it, if muted. */
  const pull = new Audio();
  pull.muted = true;
  pull.srcObject = stream;
  void pull.play().catch(() => {});
  const source = context.createMediaStreamSource(stream);
  const out = context.createGain();
  const meter = context.createAnalyser();
  source.connect(out);
  source.connect(meter);
  const samples = new Float32Array(meter.fftSize);
  return {
    out,
    level() {
      meter.getFloatTimeDomainData(samples);
      const mean = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
      return Math.max(SILENCE_DB, 10 * Math.log10(mean || Number.MIN_VALUE));
    },
    end() {
      source.disconnect();
      out.disconnect();
      pull.srcObject = null;
    },
  };
}
