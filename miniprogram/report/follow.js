/**
 * Follows one own report while its page is shown: every 2 s, every 5 s when nothing has happened for two minutes.
 *
 * Only what is new is asked for, by `count`: most entries of a recorded call are not for citizens and would be read
 * again at each look. Entries are kept by their number, so a repeated answer changes nothing.
 */

const { get } = require("../api/api.js");
const { passes } = require("../api/faults.js");

const SOON_MS = 2000;
const LATER_MS = 5000;
const CALM_AFTER_MS = 120000;

/**
 * Starts following. `onNews(record)` gets `{incident, entries, media}` after each answer, `onLost(true|false)` when the
 * connection goes and comes back, `onGone(problem)` when the service refuses. Gives `{soon, stop}`.
 */
function follow(incidentId, { onNews, onLost, onGone }) {
  const record = { incident: null, entries: [], media: [] };
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
      take(await get(`reports/${incidentId}`, { after: readUpTo || null }, { tries: 1, timeoutMs: 8000 }));
    } catch (error) {
      fault(error);
    }
    asking = false;
    if (!stopped) timer = setTimeout(look, Date.now() - lastNews > CALM_AFTER_MS ? LATER_MS : SOON_MS);
  }

  function take({ incident, timeline, media, count }) {
    if (stopped) return;
    const known = new Set(record.entries.map(({ seq }) => seq));
    const fresh = timeline.filter(({ seq }) => !known.has(seq));
    if (fresh.length > 0 || !record.incident || incident.version !== record.incident.version) lastNews = Date.now();
    readUpTo = Math.max(readUpTo, count);
    const entries = [...record.entries, ...fresh].sort((one, other) => one.seq - other.seq);
    Object.assign(record, { incident, media, entries });
    onLost(false);
    onNews(record);
  }

  function fault(error) {
    if (stopped) return;
    if (passes(error)) return onLost(true);
    stop();
    return onGone(error);
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
  }

  void look();
  return { soon: () => ((lastNews = Date.now()), void look()), stop };
}

module.exports = { follow };
