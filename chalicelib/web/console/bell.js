/** Rings: one melody a priority, so that the ear knows before the eye; nothing sounds until a click allowed it. */

const VOLUME = "instant110.console.volume";
const LEAST = 0.15;

/* Notes are [start s, pitch Hz, length s]; `every` is the time from one ring to the next in seconds. */
const MELODIES = {
  1: {
    every: 1,
    wave: "square",
    notes: [
      [0, 988, 0.12],
      [0.14, 1319, 0.12],
      [0.28, 988, 0.12],
      [0.42, 1319, 0.12],
      [0.56, 988, 0.12],
      [0.7, 1319, 0.12],
    ],
  },
  2: {
    every: 2,
    wave: "triangle",
    notes: [
      [0, 784, 0.16],
      [0.18, 988, 0.16],
      [0.36, 1175, 0.3],
    ],
  },
  3: {
    every: 3,
    wave: "triangle",
    notes: [
      [0, 880, 0.3],
      [0.34, 659, 0.5],
    ],
  },
  4: { every: 5, wave: "sine", notes: [[0, 587, 0.6]] },
  lost: {
    every: 10,
    wave: "sawtooth",
    notes: [
      [0, 330, 0.35],
      [0.4, 247, 0.6],
    ],
  },
  word: {
    every: 0,
    wave: "sine",
    notes: [
      [0, 784, 0.14],
      [0.16, 1047, 0.24],
    ],
  },
  try: {
    every: 0,
    wave: "triangle",
    notes: [
      [0, 659, 0.2],
      [0.22, 784, 0.2],
      [0.44, 988, 0.4],
    ],
  },
};
/* A square wave sounds louder than a sine of the same height. */
MELODIES.exited = MELODIES[1];
const LOUDNESS = { square: 0.22, sawtooth: 0.25, triangle: 0.7, sine: 0.8 };

/** Makes the bell; silent until `unlock()` is called from a click or a key. */
export function makeBell() {
  let sound = null;
  let gain = null;
  let volume = remembered();
  let ringsAgainAt = 0;
  let melody = null;
  let rung = 0;

  function play({ wave, notes }) {
    const from = sound.currentTime + 0.03;
    for (const [start, pitch, length] of notes) note(wave, from + start, pitch, length);
    rung += 1;
  }

  function note(wave, at, pitch, length) {
    const tone = new OscillatorNode(sound, { type: wave, frequency: pitch });
    const shape = new GainNode(sound, { gain: 0 });
    shape.gain.setValueAtTime(0, at);
    shape.gain.linearRampToValueAtTime(LOUDNESS[wave], at + 0.012);
    shape.gain.setValueAtTime(LOUDNESS[wave], at + length * 0.6);
    shape.gain.exponentialRampToValueAtTime(0.001, at + length);
    tone.connect(shape).connect(gain);
    tone.start(at);
    tone.stop(at + length + 0.02);
  }

  return {
    /** Lets sound out; must run in a click or key handler. */
    async unlock() {
      sound ??= new AudioContext({ latencyHint: "interactive" });
      gain ??= new GainNode(sound, { gain: volume });
      gain.connect(sound.destination);
      await sound.resume();
    },
    unlocked: () => sound !== null && sound.state === "running",
    volume: () => volume,
    /** From 0.15 to 1: a bell that can be turned off is one that is off when it matters. */
    setVolume(wanted) {
      volume = Math.min(1, Math.max(LEAST, wanted));
      localStorage.setItem(VOLUME, String(volume));
      gain?.gain.setTargetAtTime(volume, sound.currentTime, 0.02);
    },
    /** Tells once, softly of a `word`, and as the first priority rings of one who `exited` in a hurry. */
    tell: (news) => sound?.state === "running" && play(MELODIES[news]),
    /** Plays the tone of the sound check. */
    tryOut: () => play(MELODIES.try),
    /** Called each second: rings `which` (a priority, "lost" or null) when its turn has come. */
    beat(which) {
      if (which !== melody) ringsAgainAt = 0;
      melody = which;
      if (which === null || sound === null || sound.state !== "running") return;
      if (sound.currentTime + 0.3 < ringsAgainAt) return;
      ringsAgainAt = sound.currentTime + MELODIES[which].every;
      play(MELODIES[which]);
    },
    /** How often it has rung, for the page's own record and the tests. */
    rung: () => rung,
  };
}

function remembered() {
  const stored = Number(localStorage.getItem(VOLUME));
  return stored >= LEAST && stored <= 1 ? stored : 0.7;
}
