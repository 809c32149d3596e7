/**
 * The calls of this desk: opened for what its user leads or was let into, closed when that ends, and one at a time aloud.
 *
 * A call follows the record: an incident of one's own that is live has its hub here, whatever was on the screen before.
 */

import { forgetAdmitted } from "./admitted.js";
import { guestSession } from "./guest_session.js";
import { hubSession } from "./hub_session.js";
import { ownMedia } from "./own_media.js";
import { endOf, isLive } from "./standing.js";

/** Makes them; `onChange(id)` after each change of a call, `onMoved(id)` when its record should be read again. */
export function deskCalls({ api, base, session, onChange, onMoved }) {
  const media = ownMedia();
  const link = { api, base, headers: () => ({ Authorization: session.token() }) };
  const calls = new Map();
  const listening = new Set();
  const reopened = new Map();
  const notes = new Map();
  const waysIn = new Map();
  const versions = new Map();
  let aloud = null;

  /** Brings the call of an incident in line with its record. */
  function follow({ incident, timeline }) {
    const { id } = incident;
    /* A record that was asked for before the answer may come after it. */
    if (incident.version < (versions.get(id) ?? 0)) return;
    versions.set(id, incident.version);
    const before = calls.get(id) ?? null;
    const role = roleIn(incident, timeline);
    if ((before?.role ?? null) !== role) change(incident, before, role);
    if (role === "hub") calls.get(id).expect(voicesOf(incident, timeline));
    if (before !== null && role === null) onChange(id);
  }

  function roleIn(incident, timeline) {
    const { id, call_taker_id: owner, transfer } = incident;
    if (!isLive(incident) || incident.live_withheld) return null;
    if (owner === session.username()) return endOf(timeline) > (reopened.get(id) ?? 0) ? null : "hub";
    if (owner === null) return null;
    const came = transfer?.taken_by === session.username();
    return came || listening.has(id) ? "guest" : null;
  }

  function change(incident, before, role) {
    const { id } = incident;
    calls.delete(id);
    if (role === "hub") calls.set(id, lead(incident, before));
    if (role === "guest") calls.set(id, join(incident));
    if (role !== "hub" || before === null) leave(before, incident);
    if (role !== null) speak(id);
    else if (aloud === id) speak([...calls.keys()].at(-1) ?? null);
    onChange(id);
  }

  /* What goes on elsewhere is left to those there; what is over is over for all. */
  function leave(call, incident) {
    if (call === null) return;
    const isOver = incident.status === "closed";
    void call.close({ keepParties: !isOver });
    if (isOver) forgetAdmitted(incident.id);
  }

  /* The specialist who takes over stays in the old hub until hers stands, then tells the old one to go. */
  function lead({ id, mode }, guest) {
    let old = guest;
    function open() {
      const leaving = old;
      old = null;
      leaving?.tell({ took: true });
      leaving?.close();
    }
    return hubSession({
      id, mode, username: session.username(), link, media, first: waysIn.get(id) ?? null,
      admitted: notes.get(id) ?? [], before: guest?.facts.track ?? null,
      on: { change: () => changed(id), open, told: (party, message) => hear(id, party, message) },
    });
  }

  function join({ id, mode, transfer }) {
    const isSpecialist = transfer?.taken_by === session.username();
    return guestSession({
      id, mode, api, media, party: isSpecialist ? "specialist" : "commander", speaks: isSpecialist,
      on: { change: () => changed(id), told: (message) => message.admitted && notes.set(id, message.admitted) },
    });
  }

  /* The specialist's hub stands: the sooner this one goes, the shorter the citizen's picture is away. */
  function hear(id, party, message) {
    if (!message.took || !party.startsWith("specialist.")) return;
    void calls.get(id)?.close({ keepParties: true });
    calls.delete(id);
    onMoved(id);
  }

  function changed(id) {
    const call = calls.get(id);
    if (call?.role === "hub") tellSpecialists(call);
    if (call?.facts.phase === "ended" && call.role === "guest") listening.delete(id);
    onChange(id);
  }

  /* Who leads next must know whom this console let in. */
  function tellSpecialists(call) {
    const inside = call.facts.parties.filter((one) => one.admitted).map((one) => one.name);
    for (const name of inside) if (name.startsWith("specialist.")) call.tell(name, { admitted: inside });
  }

  /* One voice, one conversation: the others are put on hold. */
  function speak(id) {
    aloud = id;
    for (const [other, call] of calls) call.hold(other !== id);
  }

  function leaveAll() {
    for (const call of calls.values()) void call.close({ keepParties: true });
    calls.clear();
  }

  addEventListener("pagehide", leaveAll);
  /* Nothing of the record says yet that the call is over: an incident that holds a line was not left. */
  function begin({ incident, call }) {
    waysIn.set(incident.id, call);
    follow({ incident, timeline: [] });
    waysIn.delete(incident.id);
  }

  return {
    follow,
    /** Leads a call that was just answered; `call` is the way in that came with the answer. */
    begin,
    /** The call of an incident, or null. */
    of: (id) => calls.get(id) ?? null,
    speak,
    /** Opens the hub again after the citizen had ended her side, until she ends it once more. */
    reopen: (data) => (reopened.set(data.incident.id, endOf(data.timeline)), follow(data)),
    /** Listens in as a commander; what he may do there is put on the record first. */
    async listen(data, speaks) {
      const { id } = data.incident;
      await api.post(`console/incidents/${id}/listen`, { speak: speaks });
      listening.add(id);
      follow(data);
      calls.get(id)?.muteOwn(!speaks);
    },
    /** Stops listening in. */
    leave(data) {
      listening.delete(data.incident.id);
      follow(data);
    },
    leaveAll,
  };
}

/* Whom the record lets into the call: the specialist who took the transfer, and commanders who said so; and whom it puts out. */
function voicesOf({ transfer }, timeline) {
  return [...letInBy(transfer, timeline), ...calledBack(timeline).map((id) => ({ name: `officer.${id}`, out: true }))];
}

function calledBack(timeline) {
  return timeline.filter(({ kind }) => kind === "dispatch.revoked").map(({ details }) => details.dispatch_id);
}

function letInBy(transfer, timeline) {
  const speaks = new Map(timeline.filter(({ kind }) => kind === "call.listened").map(({ actor, details }) => [actor.id, details.speaks]));
  const commanders = [...speaks].map(([id, may]) => ({ name: `commander.${id}`, admitted: true, speaks: may }));
  if (!transfer?.taken_by) return commanders;
  return [...commanders, { name: `specialist.${transfer.taken_by}`, admitted: true, speaks: true }];
}
