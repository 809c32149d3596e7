/** Where the citizen is, asked for once the report is in and sent on while the call lasts. */

import { alreadyAllowed, askPosition, newestPosition, onPosition, stopWatching, watchIfAllowed } from "../position.js";
import { api } from "../session.js";

const EVERY_MS = 5_000;
const MOST_POINTS = 10;

/** Asks for the position (this may prompt) and sends what comes until stopped; a service that takes none is left alone. */
export function sendWhere(incidentId) {
  let points = [];
  let sending = false;
  let refused = false;

  async function send() {
    if (sending || refused || points.length === 0) return;
    sending = true;
    const batch = points.slice(-MOST_POINTS);
    try {
      await api.post(`reports/${incidentId}/positions`, { points: batch }, { tries: 1 });
      points = points.filter((point) => !batch.includes(point));
    } catch (error) {
      refused = error.status === 404 || error.status === 405;
    }
    sending = false;
  }

  const stop = onPosition((position) => {
    points = [...points, position].slice(-MOST_POINTS);
  });
  const timer = setInterval(send, EVERY_MS);
  void ask().then(send);
  if (newestPosition()) points.push(newestPosition());
  return () => {
    stop();
    stopWatching();
    clearInterval(timer);
  };
}

async function ask() {
  if (await alreadyAllowed()) return watchIfAllowed();
  return askPosition().catch(() => {});
}
