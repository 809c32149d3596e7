/**
 * One party's side of a call: the citizen's, an officer's, a specialist's or a commander's.
 *
 * It offers at once and again until the hub answers, and afresh whenever the hub is gone, changed or silent, so a call
 * survives a reload of either side, a hand-over and a closed channel. A silent citizen receives no sound at all.
 */

import { makeAttempt } from "./attempt.js";
import { linesOf } from "./offer.js";
import { watchPictures } from "./picture.js";
import { openSignaling } from "./signaling.js";

/* Offers that nobody answers may be lost in a channel that died without a word; sooner where a hub was there before. */
const RENEW_AFTER_MS = 20_000;
const RENEW_SOONER_MS = 5_000;

/**
 * Enters the call and stays in it until `close()`.
 *
 * `mode` is the incident's, `party` the kind of party; `tracks` are what it sends (`audio`, `video`, each may be null).
 * `on` may have `state(name, detail)`, `stream(stream)`, `told(message)` and `picture(side, state)` with side `sent` or
 * `received` and the state as `watchPicture` tells it. States: `signaling` (no answer yet;
 * `detail` is the error when the service gave no join), `connecting`, `connected`, `dead` (trying again by itself;
 * `detail` says why) and, for good, `over` with `{why, error?}`: `ended` or `dropped` by the hub, `refused` by the service.
 */
export function openViewer({ fetchJoin, mode, party = "citizen", tracks = {}, on = {}, limits = {} }) {
  const lines = linesOf({ mode, party });
  const sent = { audio: tracks.audio ?? null, video: tracks.video ?? null };
  let attempt = null;
  let doubt = null;
  let hadHub = false;
  let wantsPicture = !(mode === "silent" && party === "citizen");
  let state = null;
  let watch = null;
  let received = null;
  const signaling = openSignaling({ fetchJoin, limits, on: { status, answer, candidate } });

  function enter(name, detail = null) {
    if (state === "over" || (state === name && detail === null)) return;
    state = name;
    on.state?.(name, detail);
  }

  function status({ state: channel, error }) {
    if (channel === "refused") finish({ why: "refused", error });
    else if (channel === "open" && attempt === null) begin();
    else if (channel === "open") attempt.send();
    else if (attempt === null) enter("signaling", error ?? null);
  }

  function begin() {
    leave();
    const join = signaling.join();
    if (state === "over" || join === null) return;
    enter("signaling");
    doubt = setTimeout(() => attempt?.isAnswered() || signaling.renew(), hadHub ? RENEW_SOONER_MS : RENEW_AFTER_MS);
    attempt = makeAttempt({
      iceServers: join.ice_servers, lines, sent,
      on: {
        offer: signaling.sendOffer, candidate: signaling.sendCandidate, answered: () => enter("connecting"),
        connected, dead, told, open: () => attempt?.link.tell({ picture: wantsPicture }),
      },
    });
  }

  function leave(message) {
    clearTimeout(doubt);
    watch?.stop();
    attempt?.end(message);
    attempt = null;
  }

  function connected(stream) {
    hadHub = true;
    received = stream;
    enter("connected");
    on.stream?.(stream);
    watchNow();
  }

  function watchNow() {
    watch?.stop();
    const tracks = { sent: lines.video === "sendrecv" ? sent.video : null, received: received.getVideoTracks()[0] ?? null };
    watch = on.picture ? watchPictures(tracks, stats, on.picture) : null;
  }

  async function stats() {
    return attempt?.link.pc.getStats() ?? null;
  }

  function dead(why) {
    if (why !== "old") enter("dead", why);
    begin();
  }

  function told(message) {
    if (message.bye === "moved") dead("moved");
    else if (message.bye) finish({ why: message.bye });
    else on.told?.(message);
  }

  function answer(description) {
    void attempt?.answer(description);
  }

  function candidate(found) {
    void attempt?.link.candidate(found);
  }

  function finish(detail) {
    enter("over", detail);
    leave();
    signaling.close();
  }

  return {
    state: () => state,
    /** Sends other tracks from now on (`{audio}`, `{video}` or both; null sends none) without a new offer. */
    async send(changed) {
      Object.assign(sent, changed);
      await attempt?.resend();
      if (state === "connected") watchNow();
    },
    /** Asks for the picture, or to be spared it; a silent report's citizen starts without (我听不见 turns it on). */
    wantPicture(wanted) {
      wantsPicture = wanted;
      attempt?.link.tell({ picture: wanted });
    },
    /** Sends the hub's page a small message; tells whether it could. */
    tell: (message) => attempt?.link.tell(message) ?? false,
    /** Offers afresh now, as after a change of network. */
    again: begin,
    /** The browser's own figures of the present connection, or null. */
    stats,
    close() {
      state = "over";
      leave({ bye: "left" });
      signaling.close();
    },
  };
}
