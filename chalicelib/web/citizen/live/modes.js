/** What the pages need to know of the live modes without loading a call. */

import { activeLive } from "./active.js";

const LIVE = new Set(["video110", "fengqiao", "voice"]);

/** Where a report's call is to be entered again; null when it has none, or is a silent one, which has no address. */
export function callAddress({ id, mode, status }) {
  return LIVE.has(mode) && status !== "closed" ? `#/call/${id}` : null;
}

/** The same, when this tab was in that call already. */
export function liveAddress(incident) {
  return activeLive()?.id === incident.id ? callAddress(incident) : null;
}
