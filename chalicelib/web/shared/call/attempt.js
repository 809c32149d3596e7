/**
 * One attempt of a viewer to connect: one offer, sent again until it is answered, and what comes of it.
 *
 * An attempt ends once: connected and later lost, failed, or given up because its offer grew old.
 */

import { makeLink } from "./link.js";
import { fitted, keepCodecs, sessionOf, withoutSound } from "./offer.js";

const OFFER_AGAIN_MS = 2000;
const CONNECT_WITHIN_MS = 6000;
/* Addresses change and relays' credentials end while a citizen waits, so an unanswered offer is made anew. */
const OFFER_LIVES_MS = 30_000;

/**
 * Begins an attempt: `lines` as `linesOf` gives them, `sent` the tracks by kind.
 *
 * `on`: `offer(description)` and `candidate(candidate)` are to be sent; `answered()`, `connected(stream)` and
 * `dead(why)` tell how it goes (`old` when nobody answered in time); `open()` and `told(message)` are the control
 * channel's.
 */
export function makeAttempt({ iceServers, lines, sent, on }) {
  const stream = new MediaStream();
  const timers = [];
  let answered = false;
  const link = makeLink({ iceServers, on: { candidate: on.candidate, connected, dead, track, open: on.open, told: on.told } });

  function end(message = null) {
    timers.forEach(clearTimeout);
    if (message === null) link.close();
    else link.leave(message);
  }

  function dead(why) {
    end();
    on.dead(why);
  }

  function connected() {
    timers.forEach(clearTimeout);
    on.connected(stream);
  }

  function track(one) {
    if (one.kind === "audio" && lines.audio === "sendonly") one.stop();
    else stream.addTrack(one);
  }

  function isMine({ offer: session }) {
    return link.pc.localDescription !== null && (session ?? sessionOf(link.pc.localDescription)) === sessionOf(link.pc.localDescription);
  }

  function send() {
    const description = link.pc.localDescription;
    if (!answered && description !== null) on.offer(fitted(description));
  }

  async function offer() {
    for (const [kind, direction] of Object.entries(lines)) {
      if (direction === null) continue;
      const track = direction === "recvonly" ? null : sent[kind];
      keepCodecs(link.pc.addTransceiver(track ?? kind, { direction }));
    }
    try {
      await link.pc.setLocalDescription(await link.pc.createOffer());
      send();
    } catch (error) {
      if (link.pc.signalingState !== "closed") throw error; // Closed: another attempt took its place.
    }
  }

  timers.push(setInterval(send, OFFER_AGAIN_MS));
  timers.push(setTimeout(() => answered || dead("old"), OFFER_LIVES_MS));
  void offer();
  return {
    link,
    end,
    isAnswered: () => answered,
    /** Sends the offer once more, if nobody answered it yet. */
    send,
    /** Takes the hub's answer; a second one, or one to an earlier offer, is for nobody. */
    async answer(description) {
      if (answered || !isMine(description)) return;
      answered = true;
      on.answered();
      timers.push(setTimeout(() => link.isConnected() || dead("failed"), CONNECT_WITHIN_MS));
      await link.describe(lines.audio === "sendonly" ? withoutSound(description) : description);
    },
    /** Sends the tracks of `sent` from now on, without a new offer. */
    async resend() {
      for (const { sender, receiver } of link.pc.getTransceivers()) {
        const { kind } = receiver.track;
        if (lines[kind] !== "recvonly" && sender.track !== sent[kind]) await sender.replaceTrack(sent[kind]);
      }
    },
  };
}
