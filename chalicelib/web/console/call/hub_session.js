/**
 * One call that this console leads: the hub, the call-taker's own camera and voice, the recorder, and who is in it.
 *
 * Of the tabs of one browser only one leads a call, the others wait for it; elsewhere the service lets only the owner lead.
 */

import { Problem } from "../../shared/api.js";
import { nowMs } from "../../shared/time.js";
import { openHub } from "../../shared/call/hub.js";
import { countFrames, watchPicture } from "../../shared/call/picture.js";
import { admittedTo, keepAdmitted } from "./admitted.js";
import { recordCall } from "./recording.js";
import { playSound } from "./sound.js";

const CITIZEN = "citizen";
/* Longer than the page before a reload needs to let go. */
const ELSEWHERE_MS = 1500;
/* A way in older than this may end while the socket opens. */
const SPARE_MS = 10_000;

/**
 * Begins to lead. `media` are the desk's own (own_media.js); `link` is `{api, base, headers}` of the service, `username` who leads;
 * `first` is the way in that came with the answer, or null; `before` is the picture as it was seen until now, shown until the hub
 * has its own.
 *
 * `on` has `change()` for each change of `facts`, `open()` once the channel stands, `told(name, message)`.
 */
export function hubSession({ id, mode, username, link, media, first = null, admitted = [], before = null, on }) {
  const facts = {
    role: "hub", mode, phase: "open", channel: null, parties: [], other: null, picture: null, track: before, own: null,
    since: Date.now(), connectedAt: 0, muted: false, camera: true, held: false, reasons: [], recording: null,
  };
  const letIn = new Set([...admittedTo(id), ...admitted]);
  const voices = new Map();
  const out = new Set();
  let hub = null;
  let loud = null;
  let watch = null;
  let recorder = null;
  let devices = null;
  let leave = null;
  let over = false;
  let spare = first;
  const stop = new AbortController();

  const waiting = setTimeout(() => hub === null && change({ phase: "elsewhere" }), ELSEWHERE_MS);
  const name = `instant110.hub.${id}`;
  void navigator.locks.request(name, { signal: stop.signal }, lead).catch((error) => {
    if (error.name !== "AbortError") throw error;
  });

  /* Holds the lock for as long as this console leads. */
  function lead() {
    if (over) return undefined;
    change({ phase: "open", since: Date.now() });
    hub = openHub({
      incidentId: id, silent: mode === "silent", fetchJoin: join, admitted: [...letIn],
      on: { parties, picture, channel, told: on.told },
    });
    /* Who leads now may still be on the way out of the call as its third. */
    for (const kind of ["specialist", "commander"]) hub.drop(`${kind}.${username}`);
    for (const party of out) hub.drop(party);
    loud = playSound(hub.sound, { onTouch: () => void hub.resume() });
    loud.mute(facts.held);
    void bringOwn();
    return new Promise((done) => (leave = done));
  }

  async function join() {
    if (spare !== null && Date.parse(spare.expires_at) - nowMs() > SPARE_MS) return takeSpare();
    const { call } = await link.api.post(`console/incidents/${id}/call`, {}, { timeoutMs: 8000 });
    if (call.role !== "MASTER") throw new Problem(409, { type: "not-yours", title: "another console leads" });
    return call;
  }

  function takeSpare() {
    const given = spare;
    spare = null;
    return given;
  }

  async function bringOwn() {
    devices = await media.open(facts);
    change({ reasons: devices.reasons });
    giveOwn();
  }

  /* A call on hold is sent neither voice nor picture, and is not heard. */
  function giveOwn() {
    if (hub === null || devices === null || over) return;
    const { audio, video } = devices.tracks;
    const shown = !facts.held && facts.camera && mode !== "voice" ? video : null;
    hub.send({ audio: facts.held ? null : audio, video: shown });
    change({ own: shown });
  }

  function channel({ state, error = null }) {
    change({ channel: { state, error } });
    if (state === "open") on.open();
    if (state === "refused") change({ phase: error.type === "not-live" ? "ended" : "elsewhere" });
  }

  function parties(list) {
    const citizen = list.find((one) => one.name === CITIZEN);
    const other = citizen?.state ?? null;
    const now = Date.now();
    if (other === "connected" && facts.other !== "connected") change({ connectedAt: now });
    if (facts.other === "connected" && other !== "connected") change({ since: now });
    change({ parties: list, other });
    for (const one of list) settle(one);
    if (other === "connected") record();
  }

  /* Whom the record lets in comes in without being asked; a commander is heard only when he said that he speaks. */
  function settle({ name: party, kind, admitted: inside, muted }) {
    const voice = voices.get(party);
    if (kind === CITIZEN || voice === undefined) return;
    if (!inside && voice.admitted) hub.admit(party);
    if (kind === "commander" && muted === voice.speaks && !voice.byHand) hub.mute(party, !voice.speaks);
  }

  /* An officer who was called back is out for good, let in or not. */
  function putOut(party) {
    if (out.has(party)) return;
    out.add(party);
    letIn.delete(party);
    keepAdmitted(id, party, false);
    hub?.drop(party);
  }

  function picture(track) {
    watch?.stop();
    watch = null;
    change({ track, picture: null });
    if (track === null) return;
    const frames = async () => countFrames(await hub?.stats(CITIZEN), false);
    watch = watchPicture(track, (state) => change({ picture: state }), { frames });
  }

  function record() {
    recorder ??= recordCall({ id, ...link, stream: hub.recordMix, onState: (recording) => change({ recording }) });
  }

  function change(fresh) {
    Object.assign(facts, fresh);
    if (!over) on.change();
  }

  return {
    role: "hub",
    facts,
    /** What the record says of others: `[{name, admitted, speaks}]`, or `{name, out}` of who was called back. */
    expect(list) {
      for (const { name: party } of list.filter((one) => one.out)) putOut(party);
      for (const one of list.filter((each) => !each.out)) voices.set(one.name, { ...voices.get(one.name), ...one });
      for (const party of facts.parties) settle(party);
    },
    admit(party) {
      keepAdmitted(id, party, true);
      hub?.admit(party);
    },
    drop(party) {
      keepAdmitted(id, party, false);
      voices.delete(party);
      hub?.drop(party);
    },
    mute(party, muted) {
      voices.set(party, { ...voices.get(party), byHand: true });
      hub?.mute(party, muted);
    },
    muteOwn(muted) {
      hub?.muteOwn(muted);
      change({ muted });
    },
    showOwn(camera) {
      change({ camera });
      giveOwn();
    },
    hold(held) {
      if (facts.held === held) return;
      change({ held });
      loud?.mute(held);
      giveOwn();
    },
    tell: (party, message) => hub?.tell(party, message) ?? false,
    levels: () => hub?.levels() ?? {},
    /** Leaves; `keepParties` leaves the others to the hub that takes over, else the call ends for all. */
    async close({ keepParties = false } = {}) {
      if (over) return;
      over = true;
      stop.abort();
      clearTimeout(waiting);
      watch?.stop();
      loud?.stop();
      const recorded = recorder?.stop();
      hub?.close({ keepParties });
      media.leave(facts);
      leave?.();
      await recorded;
    },
  };
}
