/**
 * Tells whether a picture lives: frames keep coming, and they are not all black.
 *
 * Some phones grant a camera and then give nothing, or black; a picture that stops at either end looks like a calm room.
 */

const LOOK_MS = 500;
const PATIENCE_MS = 3000;
const SIZE = { width: 32, height: 24 };
/* Video black may come out as 16; a lens in the dark still has noise, a camera that gives nothing has none. */
const BLACK = 16;
const NOISE = 2;

/**
 * Watches a track until `stop()`; `onChange` gets `alive`, `dead` (no new frame for 3 s) or `blank` (black for 3 s), the
 * first time as soon as it is known.
 *
 * `frames()` may resolve to a growing count, such as frames encoded or decoded, where the browser has one (it counts in a
 * hidden tab too); without it, or while it gives null, the frames shown in an element of our own are counted. A track
 * that was muted on purpose (`enabled` false) is in no trouble.
 */
export function watchPicture(track, onChange, { frames = async () => null, patienceMs = PATIENCE_MS } = {}) {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  void video.play().catch(() => {});
  const canvas = Object.assign(document.createElement("canvas"), SIZE);
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  let seen = null;
  let told = null;
  let movedAt = performance.now();
  let lookedAt = movedAt;
  let blackSince = null;

  async function look() {
    const count = (await frames()) ?? video.getVideoPlaybackQuality().totalVideoFrames;
    const at = performance.now();
    const asleep = at - lookedAt > patienceMs / 2 || !track.enabled;
    lookedAt = at;
    const moved = count !== seen && count > 0;
    if (moved || asleep) movedAt = at;
    seen = count;
    blackSince = moved && isBlack() ? (blackSince ?? at) : moved ? null : blackSince;
    if (at - movedAt > patienceMs) tell("dead");
    else if (blackSince !== null && at - blackSince > patienceMs) tell("blank");
    else if (moved && blackSince === null) tell("alive");
  }

  function isBlack() {
    if (document.hidden || !track.enabled || video.videoWidth === 0) return false;
    brush.drawImage(video, 0, 0, SIZE.width, SIZE.height);
    const { data } = brush.getImageData(0, 0, SIZE.width, SIZE.height);
    const bright = data.filter((_, index) => index % 4 !== 3);
    const most = bright.reduce((a, b) => Math.max(a, b), 0);
    const least = bright.reduce((a, b) => Math.min(a, b), 255);
    return most <= BLACK && most - least <= NOISE;
  }

  function tell(state) {
    if (state === told) return;
    told = state;
    onChange(state);
  }

  const timer = setInterval(look, LOOK_MS);
  return {
    state: () => told,
    stop() {
      clearInterval(timer);
      video.srcObject = null;
    },
  };
}

/** The frames of a connection's picture so far, `sent` or received, from its figures; null while there are none. */
export function countFrames(stats, sent) {
  for (const report of stats?.values() ?? []) {
    if (report.kind !== "video") continue;
    if (sent && report.type === "outbound-rtp") return report.framesEncoded ?? null;
    if (!sent && report.type === "inbound-rtp") return report.framesDecoded ?? null;
  }
  return null;
}

/** Watches both pictures of a connection (`{sent, received}` tracks, either may be null) by the figures `stats()` gives. */
export function watchPictures(tracks, stats, onChange) {
  const watches = Object.entries(tracks).filter(([, track]) => track !== null).map(([side, track]) =>
    watchPicture(track, (state) => onChange(side, state), { frames: async () => countFrames(await stats(), side === "sent") }));
  return { stop: () => watches.forEach((watch) => watch.stop()) };
}
