/**
 * Which live report this tab is in.
 *
 * Kept in sessionStorage: a reload goes on with the call, a page opened anew knows nothing of it. A silent report's id
 * stands nowhere else, least of all in the address.
 */

import { citizen } from "../session.js";

const KEY = "instant110.live";
let active = remembered();
let first = null;

/** Enters a report just filed; `call` is the way in that came with it, or null. */
export function enterLive({ id, mode }, call = null) {
  first = call ? { id, call } : null;
  remember({ id, mode, citizenId: citizen()?.id ?? null });
}

/** The live report of this tab, `{id, mode}`, or null. */
export function activeLive() {
  return active && active.citizenId === citizen()?.id ? active : null;
}

/** The way in that came with the filing, once; null for any other report and ever after. */
export function takeFirstJoin(incidentId) {
  const call = first?.id === incidentId ? first.call : null;
  first = null;
  return call;
}

/** This tab is in no live report any more. */
export function leaveLive() {
  first = null;
  remember(null);
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function remember(next) {
  active = next;
  try {
    if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage a reload finds nothing; the report itself stays.
  }
}
