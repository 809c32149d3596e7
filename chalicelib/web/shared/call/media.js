/**
 * The camera and the microphone, as many of them as the browser gives.
 *
 * A refused camera leaves sound, a refused microphone leaves the picture, and with neither a call still shows and plays
 * the other side; what is missing is told in words keys, never thrown.
 */

const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 25, max: 30 } };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const FAULTS = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing" };

/**
 * Asks for what is wanted (this may prompt).
 *
 * Resolves to the media: `tracks` `{audio, video}` (each may be null), `states` `{camera, microphone}` with `ready`,
 * `refused`, `missing`, `busy` or `unwanted`, and `reasons`, the words keys of what is missing.
 * `facing` is `environment` (what happens) or `user` (who speaks).
 */
export async function openMedia({ sound = true, picture = true, facing = "environment" } = {}) {
  const wanted = { audio: sound ? SOUND : false, video: picture ? { ...PICTURE, facingMode: { ideal: facing } } : false };
  const got = await asked(wanted);
  const tracks = { audio: got.audio.track ?? null, video: got.video.track ?? null };
  const states = { camera: got.video.state, microphone: got.audio.state };
  let faces = facing;

  return {
    tracks,
    states,
    reasons: reasonsOf(states),
    /** Turns to the other camera; resolves to the new track, or to the old camera's where there is no other. */
    async switchCamera() {
      const other = faces === "environment" ? "user" : "environment";
      tracks.video?.stop(); // Phones open one camera at a time.
      const turned = await one("video", { ...PICTURE, facingMode: { exact: other } });
      if (turned.track) faces = other;
      const taken = turned.track ? turned : await one("video", { ...PICTURE, facingMode: { ideal: faces } });
      Object.assign(tracks, { video: taken.track ?? null });
      Object.assign(states, { camera: taken.state });
      return tracks.video;
    },
    /** Sends silence or a black picture of `audio` or `video`, or the real thing again; no device is closed. */
    mute(kind, muted) {
      if (tracks[kind]) tracks[kind].enabled = !muted;
    },
    /** Closes the devices. */
    close() {
      tracks.audio?.stop();
      tracks.video?.stop();
    },
  };
}

/* One prompt for both where both are given; each by itself where not. */
async function asked({ audio, video }) {
  if (audio && video) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio, video });
      return { audio: ready(stream.getAudioTracks()[0]), video: ready(stream.getVideoTracks()[0]) };
    } catch {
      // One of them is not given; which one is found out below.
    }
  }
  return { audio: await one("audio", audio), video: await one("video", video) };
}

async function one(kind, constraints) {
  if (!constraints) return { state: "unwanted" };
  if (!navigator.mediaDevices?.getUserMedia) return { state: "missing" };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: constraints });
    return ready(stream.getTracks()[0]);
  } catch (error) {
    return { state: FAULTS[error.name] ?? "busy" };
  }
}

function ready(track) {
  return { track, state: "ready" };
}

function reasonsOf(states) {
  return Object.entries(states)
    .filter(([, state]) => state !== "ready" && state !== "unwanted")
    .map(([device, state]) => `call.${device}-${state}`);
}
