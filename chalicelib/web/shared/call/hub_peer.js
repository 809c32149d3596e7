/** The hub's end of one party's connection: answers offers, and attaches what the party is given. */

import { makeLink } from "./link.js";
import { sessionOf } from "./offer.js";

const PATIENCE_MS = 4000;
const CONNECT_WITHIN_MS = 10_000;

/**
 * Makes the peer for one offer.
 *
 * `sendsSound` false leaves no way for sound to this party: its line is answered `recvonly`. `on` is the link's, with
 * `dead` also when no connection came in time.
 */
export function makePeer({ offer, iceServers, sendsSound, on }) {
  const given = { audio: null, video: null };
  const link = makeLink({ iceServers, patienceMs: PATIENCE_MS, on });
  const giveUp = setTimeout(() => link.isConnected() || abandon("failed"), CONNECT_WITHIN_MS);
  const answered = answer().then(() => true, () => abandon("failed"));
  void answered.then((well) => well && attachAll());

  function abandon(why) {
    clearTimeout(giveUp);
    link.close();
    on.dead(why);
    return false;
  }

  /* The answer goes first: the tracks are attached while the connection is made. */
  async function answer() {
    await link.describe(offer, () => {
      for (const transceiver of link.pc.getTransceivers()) {
        const { kind } = transceiver.receiver.track;
        transceiver.direction = kind === "audio" && !sendsSound ? "recvonly" : "sendrecv";
      }
      return link.pc.setLocalDescription();
    });
  }

  function attachAll() {
    if (link.pc.signalingState !== "closed") void Promise.all(Object.keys(given).map(attach));
  }

  async function attach(kind) {
    if (kind === "audio" && !sendsSound) return;
    const line = link.pc.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
    if (line && line.sender.track !== given[kind]) await line.sender.replaceTrack(given[kind]);
  }

  return {
    session: sessionOf(offer),
    link,
    /** The answer to the offer, with the session it answers; to the same offer again, the same one. Null when it failed. */
    async answer() {
      if (!(await answered) || link.pc.localDescription === null) return null;
      const { type, sdp } = link.pc.localDescription;
      return { type, sdp, offer: sessionOf(offer) };
    },
    /** Gives the party a track of a kind (`audio`, `video`), or none. */
    async give(kind, track) {
      if (given[kind] === track) return;
      given[kind] = track;
      if ((await answered) && link.pc.signalingState !== "closed") await attach(kind);
    },
    /** Ends it; with a message, the party's page is told first. */
    close(message = null) {
      clearTimeout(giveUp);
      if (message === null) link.close();
      else link.leave(message);
    },
  };
}
