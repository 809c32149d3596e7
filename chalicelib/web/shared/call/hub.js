/**
 * The console's side of a call: the master that every party connects to.
 *
 * It mixes the sound so that nobody hears himself, shows the call-taker to the citizen and the citizen to those who were
 * admitted, and answers nobody but this incident's parties. A silent citizen is never sent sound.
 */

import { makePeer } from "./hub_peer.js";
import { makeMixer } from "./mixer.js";
import { sessionOf } from "./offer.js";
import { HUB, RECORD, isAdmittedAtOnce, mayHear, partyOf, pictureFor, soundPaths } from "./routing.js";
import { openSignaling } from "./signaling.js";

const CITIZEN = "citizen";

/**
 * Opens the hub of an incident; the newest hub of a line takes over from an earlier one.
 *
 * `fetchJoin()` resolves to the service's `call` for the master. `tracks` are the call-taker's own (`audio`, `video`,
 * each may be null or come later by `send`). `admitted` names parties let in before. `on` may have
 * `parties(list)` with `{name, kind, state, admitted, muted}` (`state` is `connecting`, `connected` or `lost`),
 * `picture(track)` with the citizen's picture or null, `channel({state, error})` of the signaling, and
 * `told(name, message)`.
 */
export function openHub({ incidentId, silent = false, fetchJoin, tracks = {}, admitted = [], on = {}, limits = {} }) {
  const own = { audio: null, video: null };
  const parties = new Map();
  const allowed = new Set(admitted);
  const dropped = new Set();
  /* The way in is asked for before all else; nothing is heard of it before what follows is made. */
  const signaling = openSignaling({ fetchJoin, limits, on: { status, offer, candidate } });
  const mixer = makeMixer();
  const recordMix = new MediaStream([mixer.ear(RECORD)]);
  let hubMuted = false;
  let picture = null;
  let closed = false;

  function status(said) {
    on.channel?.(said);
    if (said.state === "refused") close({ keepParties: said.error.type !== "not-live" });
  }

  function offer(description, clientId) {
    const named = partyOf(clientId, incidentId);
    if (named === null || typeof description?.sdp !== "string" || dropped.has(named.name) || closed) return;
    const known = parties.get(named.name);
    if (known?.peer?.session !== sessionOf(description)) meet(named, description, clientId);
    void reply(parties.get(named.name), clientId);
  }

  function meet(named, description, clientId) {
    const { name } = named;
    const before = parties.get(name);
    before?.peer?.close();
    mixer.voice(name, null);
    const party = {
      muted: false, picture: !(silent && named.kind === CITIZEN), ...before, ...named,
      admitted: isAdmittedAtOnce(named.kind) || allowed.has(name), state: "connecting", video: null,
    };
    parties.set(name, party);
    party.peer = makePeer({
      offer: description, iceServers: signaling.join()?.ice_servers ?? [], sendsSound: mayHear(party, { silent }),
      on: {
        candidate: (found) => signaling.sendCandidate(found, clientId),
        connected: () => mark(party, "connected"),
        dead: () => lose(party),
        track: (track) => take(party, track),
        told: (message) => told(party, message),
      },
    });
    route();
  }

  async function reply({ peer }, clientId) {
    const answer = (await peer?.answer()) ?? null;
    if (answer !== null && !closed) signaling.sendAnswer(answer, clientId);
  }

  function candidate(found, clientId) {
    const named = partyOf(clientId, incidentId);
    if (named !== null) void parties.get(named.name)?.peer?.link.candidate(found);
  }

  function take(party, track) {
    if (party.kind !== CITIZEN && track.kind === "video") return;
    if (track.kind === "audio") mixer.voice(party.name, track);
    else party.video = track;
    route();
  }

  function told(party, message) {
    if (typeof message.picture === "boolean") {
      party.picture = message.picture;
      route();
    }
    if (message.bye) lose(party);
    else on.told?.(party.name, message);
  }

  function mark(party, state) {
    party.state = state;
    route();
  }

  /* Whoever was there comes back by this channel; it may have died too, in silence, so it is opened anew. */
  function lose(party) {
    if (closed || parties.get(party.name) !== party) return;
    if (party.state === "connected") signaling.renew();
    party.peer?.close();
    mixer.voice(party.name, null);
    Object.assign(party, { peer: null, video: null });
    mark(party, "lost");
  }

  /* Brings everything in line with who is there; safe to call at any time. */
  function route() {
    if (closed) return;
    const list = [...parties.values()];
    showPicture(parties.get(CITIZEN)?.video ?? null);
    for (const party of list) {
      const shown = { [HUB]: own.video, [CITIZEN]: picture }[pictureFor(party)] ?? null;
      void party.peer?.give("video", shown);
      if (mayHear(party, { silent })) void party.peer?.give("audio", mixer.ear(party.name));
    }
    mixer.apply(soundPaths(list, { silent, hubMuted }));
    on.parties?.(list.map(({ name, kind, state, admitted: inside, muted }) => ({ name, kind, state, admitted: inside, muted })));
  }

  function showPicture(track) {
    if (track === picture) return;
    if (picture !== null) recordMix.removeTrack(picture);
    if (track !== null) recordMix.addTrack(track);
    picture = track;
    on.picture?.(picture);
  }

  function send(changed) {
    if ("audio" in changed) mixer.voice(HUB, changed.audio);
    Object.assign(own, changed);
    route();
  }

  function change(name, changes) {
    const party = parties.get(name);
    if (party) Object.assign(party, changes);
    route();
  }

  function close({ keepParties = false } = {}) {
    if (closed) return;
    closed = true;
    signaling.close();
    for (const { peer } of parties.values()) peer?.close({ bye: keepParties ? "moved" : "ended" });
    showPicture(null);
    void mixer.end();
  }

  send(tracks);
  return {
    /** What the call-taker hears, to be played by the page. */
    sound: new MediaStream([mixer.ear(HUB)]),
    /** The citizen's picture and what all say, for the recorder; its picture track comes and goes (`on.picture`). */
    recordMix,
    /** The call-taker's own tracks from now on: `{audio}`, `{video}` or both; null sends none. */
    send,
    /** Lets a party in, now or when it comes; until then it is given nothing and heard by nobody. */
    admit(name) {
      allowed.add(name);
      dropped.delete(name);
      change(name, { admitted: true });
    },
    /** Silences a party for everybody, or lets it be heard again. */
    mute: (name, muted) => change(name, { muted }),
    /** Silences the call-taker for everybody, or lets him be heard again. */
    muteOwn(muted) {
      hubMuted = muted;
      route();
    },
    /** Puts a party out; it stays out until it is admitted again. */
    drop(name) {
      const party = parties.get(name);
      allowed.delete(name);
      dropped.add(name);
      party?.peer?.close({ bye: "dropped" });
      mixer.close(name);
      parties.delete(name);
      route();
    },
    /** Sends a small message to a party's page; tells whether it could. */
    tell: (name, message) => parties.get(name)?.peer?.link.tell(message) ?? false,
    levels: () => mixer.levels(),
    /** Lets sound through where the browser held it back; call it from a click. */
    resume: () => mixer.resume(),
    stats: async (name) => parties.get(name)?.peer?.link.pc.getStats() ?? null,
    /** Leaves. `keepParties` sends them to the hub that takes over; else the call is ended for all. */
    close,
  };
}
