/** What the feed has told about the incidents; the highest version of each wins, whoever brings it. */

import { nowMs } from "../shared/time.js";

const CLOSED_STAYS_MS = 10 * 60 * 1000;

/** Makes an empty board; `signedIn()` names the call-taker whose incidents are "mine". */
export function incidentBoard(signedIn) {
  const cards = new Map();
  const closedAt = new Map();
  const listeners = new Set();
  let rings = (card) => card.ringing;

  function take(incidents) {
    const changed = incidents.filter((card) => (cards.get(card.id)?.version ?? -1) <= card.version);
    for (const card of changed) {
      cards.set(card.id, { ...card, last_position: newest(cards.get(card.id)?.last_position, card.last_position) });
      if (card.status === "closed" && !closedAt.has(card.id)) closedAt.set(card.id, Date.now());
    }
    forgetClosed();
    if (changed.length > 0) for (const listener of listeners) listener(changed);
  }

  /* What is open and not in a whole list was closed while nobody listened. */
  function startOver(incidents) {
    const listed = new Set(incidents.map((card) => card.id));
    for (const id of [...cards.keys()]) if (!listed.has(id)) cards.delete(id);
    take(incidents);
  }

  function forgetClosed() {
    const before = Date.now() - CLOSED_STAYS_MS;
    for (const [id, at] of closedAt) {
      if (at < before) {
        cards.delete(id);
        closedAt.delete(id);
      }
    }
  }

  const open = () => [...cards.values()].filter((card) => card.status !== "closed");
  return {
    take,
    startOver,
    /** Calls `listener(changedCards)` after each change. */
    onChange: (listener) => listeners.add(listener),
    card: (id) => cards.get(id) ?? null,
    /** Says which cards ring at this desk; a specialist's department rings, not the queue. */
    ringsFor: (rule) => (rings = rule),
    rings: (card) => rings(card),
    /** Those that ring here, the one to answer next first. */
    ringing: () =>
      open()
        .filter((card) => rings(card))
        .sort(mostUrgent),
    /** Those this call-taker owns, with unread messages first. */
    mine: () =>
      open()
        .filter((card) => card.call_taker_id === signedIn())
        .sort(unreadThenUrgent),
    /** Those of other seats. */
    others: () =>
      open()
        .filter((card) => !rings(card) && card.call_taker_id !== signedIn())
        .sort(mostUrgent),
    /** Every open one, newest first. */
    open: () => open().sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at)),
  };
}

/** True while a report waits behind the others, by the service's clock. */
export function waitsBehind({ behind_until: until }) {
  return Boolean(until) && nowMs() < Date.parse(until);
}

/** Order of the queue: who waits behind comes last; who had to hide the phone, then priority 1 first, then who has waited longest. */
export function mostUrgent(a, b) {
  return Number(waitsBehind(a)) - Number(waitsBehind(b)) || Number(b.exited_quickly) - Number(a.exited_quickly) || a.priority - b.priority || Date.parse(a.created_at) - Date.parse(b.created_at);
}

/* The answer to a step says nothing of where the citizen went meanwhile. */
function newest(before, now) {
  return before && (!now || now.at < before.at) ? before : (now ?? null);
}

function unreadThenUrgent(a, b) {
  return Number(b.unread) - Number(a.unread) || mostUrgent(a, b);
}
