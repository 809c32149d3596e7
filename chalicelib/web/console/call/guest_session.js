/** One call that this console takes part in as a third: a commander who listens in, or the specialist of a department. */

import { openViewer } from "../../shared/call/viewer.js";
import { Problem } from "../../shared/api.js";
import { countFrames, watchPicture } from "../../shared/call/picture.js";
import { playSound } from "./sound.js";

const STATES = { signaling: "connecting", connecting: "connecting", connected: "connected", dead: "lost", over: "lost" };

/**
 * Joins the call that another console leads; `party` is `commander` or `specialist`, and `speaks` whether it is heard.
 *
 * `on` has `change()` for each change of `facts` and `told(message)`.
 */
export function guestSession({ id, mode, party, api, media, speaks, on }) {
  const facts = {
    role: "guest", party, mode, phase: "open", channel: null, parties: [], other: null, picture: null, track: null, own: null,
    since: Date.now(), connectedAt: 0, muted: !speaks, camera: false, held: false, reasons: [], recording: null,
  };
  let loud = null;
  let watch = null;
  let voice = null;
  let over = false;
  const viewer = openViewer({ fetchJoin: join, mode, party, on: { state, stream, told: on.told } });
  if (speaks) void bringOwn();

  async function join() {
    const { call } = await api.post(`console/incidents/${id}/call`, {}, { timeoutMs: 8000 });
    if (call.role !== "VIEWER") throw new Problem(409, { type: "not-live", title: "this console leads the call itself" });
    return call;
  }

  async function bringOwn() {
    const devices = await media.open(facts);
    voice = devices.tracks.audio;
    change({ reasons: devices.reasons.filter((word) => word.includes("microphone")) });
    if (!over) await viewer.send({ audio: facts.muted || facts.held ? null : voice });
  }

  function state(name, detail) {
    const now = Date.now();
    if (name === "connected") change({ connectedAt: now });
    else if (facts.other === "connected") change({ since: now });
    change({ other: STATES[name], channel: { state: name, error: detail?.error ?? (detail?.type ? detail : null) } });
    if (name === "over") change({ phase: "ended", why: detail?.why ?? null });
  }

  function stream(remote) {
    loud?.stop();
    watch?.stop();
    loud = playSound(new MediaStream(remote.getAudioTracks()));
    loud.mute(facts.held);
    const [track = null] = remote.getVideoTracks();
    change({ track, picture: null });
    if (track === null) return;
    const frames = async () => countFrames(await viewer.stats(), false);
    watch = watchPicture(track, (seen) => change({ picture: seen }), { frames });
  }

  function change(fresh) {
    Object.assign(facts, fresh);
    if (!over) on.change();
  }

  return {
    role: "guest",
    facts,
    muteOwn(muted) {
      change({ muted });
      if (voice === null && !muted) void bringOwn();
      else void viewer.send({ audio: muted || facts.held ? null : voice });
    },
    hold(held) {
      if (facts.held === held) return;
      change({ held });
      loud?.mute(held);
      void viewer.send({ audio: held || facts.muted ? null : voice });
    },
    tell: (message) => viewer.tell(message),
    levels: () => ({}),
    close() {
      if (over) return;
      over = true;
      watch?.stop();
      loud?.stop();
      viewer.close();
      media.leave(facts);
    },
  };
}
