/**
 * Follows one own report while the page is visible: every 2 s, every 5 s when nothing has happened for two minutes.
 *
 * Only what is new is asked for, by `count`: most entries of a recorded call are not for citizens and would be read
 * again at each look. Entries are kept by their number, so a repeated answer changes nothing.
 */

import { passes } from "../shared/faults.js";
import { api } from "./session.js";

const SOON_MS = 2_000;
const LATER_MS = 5_000;
const CALM_AFTER_MS = 120_000;

/**
 * Starts following. `onNews(record)` gets `{incident, ahead, entries, media}` after each answer (`ahead` is null unless it rings), `onLost(true|false)` when the
 * connection goes and comes back, `onGone(problem)` when the service refuses. Gives `{soon, stop}`.
 */
export function follow(incidentId, { onNews, onLost, onGone }) {
  const record = { incident: null, ahead: null, entries: [], media: [] };
  let readUpTo = 0;
  let lastNews = Date.now();
  let timer = null;
  let stopped = false;
  let asking = false;

  async function look() {
    if (asking || stopped) return;
    clearTimeout(timer);
    asking = true;
    try {
      take(await api.get(`reports/${incidentId}`, { after: readUpTo || null }, { tries: 1, timeoutMs: 8000 }));
      onLost(false);
    } catch (error) {
      fault(error);
    }
    asking = false;
    if (!stopped && !document.hidden)
      timer = setTimeout(look, Date.now() - lastNews > CALM_AFTER_MS ? LATER_MS : SOON_MS);
  }

  function take({ incident, ahead = null, timeline, media, count }) {
    if (stopped) return;
    const known = new Set(record.entries.map(({ seq }) => seq));
    const fresh = timeline.filter(({ seq }) => !known.has(seq));
    if (fresh.length > 0 || incident.version !== record.incident?.version) lastNews = Date.now();
    readUpTo = Math.max(readUpTo, count);
    const entries = [...record.entries, ...fresh].sort((one, other) => one.seq - other.seq);
    Object.assign(record, { incident, ahead, media, entries });
    onNews(record);
  }

  function fault(error) {
    if (stopped) return;
    if (passes(error)) return onLost(true);
    stop();
    onGone(error);
  }

  function visible() {
    if (document.hidden) clearTimeout(timer);
    else look();
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", visible);
    globalThis.removeEventListener("online", look);
  }

  document.addEventListener("visibilitychange", visible);
  globalThis.addEventListener("online", look);
  look();
  return { soon: () => ((lastNews = Date.now()), look()), stop };
}
