/** How a call stands, in one word: pure, from what the hub or the guest's connection tells. */

import { nowMs } from "../../shared/time.js";

export const LIVE_MODES = new Set(["video110", "fengqiao", "silent", "voice"]);

const PATIENCE_MS = 8000;
const STILL_FRESH_MS = 8000;
const PICTURE_COMES_MS = 4000;

const COMINGS = new Set(["call.ended", "incident.abandoned", "call.resumed"]);

/** The number of the entry by which the citizen ended her side, or left before the answer; 0 while she is there. */
export function endOf(timeline) {
  const last = timeline.findLast(({ kind }) => COMINGS.has(kind));
  return last === undefined || last.kind === "call.resumed" ? 0 : last.seq;
}

/** True when the citizen ended her side, or left before the answer, and has not come back. */
export function hasEnded(timeline) {
  return endOf(timeline) > 0;
}

/** True when the incident is one to be connected live now. */
export function isLive(incident) {
  return LIVE_MODES.has(incident.mode) && !incident.booked_for && incident.status !== "closed";
}

/** The files of a kind that may be looked at, the newest last. Stills come newest first; many may be checked at one moment. */
export function filesOf(media, kind) {
  const seen = media.filter((one) => one.kind === kind && one.state === "accepted" && one.url);
  if (kind === "still") return seen.reverse();
  return seen.sort((a, b) => Date.parse(a.checked_at) - Date.parse(b.checked_at));
}

/** True while stills are coming: the newest was checked a moment ago. */
export function isFresh(still) {
  return still !== null && nowMs() - Date.parse(still.checked_at) < STILL_FRESH_MS;
}

/**
 * The word: `elsewhere`, `ended`, `no_line`, `connecting`, `live`, `sound`, `broken`, `stills` or `text`.
 *
 * `other` is the state of the other side's connection (`connecting`, `connected`, `lost` or null), `picture` what is seen
 * of it (`alive`, `dead`, `blank` or null), `since` when the other side was last there or first waited for.
 */
export function standingOf({ mode, phase, channel, other, picture, since, connectedAt }, still, at = Date.now()) {
  if (phase === "elsewhere" || phase === "ended") return phase;
  const stills = isFresh(still);
  if (other === "connected") {
    if (mode === "voice") return "sound";
    if (picture === "alive") return "live";
    if (stills) return "stills";
    if (picture !== null) return "broken";
    return at - connectedAt < PICTURE_COMES_MS ? "connecting" : "sound";
  }
  if (stills) return "stills";
  if (channel?.error?.type === "no-line") return "no_line";
  if (at - since < PATIENCE_MS) return other === "lost" ? "broken" : "connecting";
  return "text";
}
