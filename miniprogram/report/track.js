/** Sends where the citizen is to a report, in batches of at most ten, until it is over or the service wants no more. */

const { post } = require("../api/api.js");
const { passes } = require("../api/faults.js");
const { newestPosition, onPosition, stopWatching, watchIfAllowed } = require("./position.js");

const EVERY_MS = 10000;
const MOST_POINTS = 10;
const MOST_KEPT = 60;

/** Starts; asks for no permission. Gives back what stops it. */
function sendWhere(incidentId) {
  let points = [];
  let sending = false;
  let over = false;

  async function send() {
    if (sending || over || points.length === 0) return;
    sending = true;
    const batch = points.slice(0, MOST_POINTS);
    try {
      const { tracking } = await post(`reports/${incidentId}/positions`, { points: batch });
      points = points.slice(batch.length);
      if (tracking === false) stop();
    } catch (error) {
      if (!passes(error)) stop();
    }
    sending = false;
  }

  /* Of what could not be sent the oldest go first. The service knows a point by its time: one a second is enough. */
  function take(position) {
    if (points.some((point) => point.at === position.at)) return;
    points = [...points, position].slice(-MOST_KEPT);
    if (points.length >= MOST_POINTS) void send();
  }

  function stop() {
    if (over) return;
    over = true;
    deaf();
    clearInterval(timer);
    stopWatching();
  }

  const deaf = onPosition(take);
  const timer = setInterval(send, EVERY_MS);
  const known = newestPosition();
  if (known) take(known);
  void watchIfAllowed().then(send);
  return stop;
}

module.exports = { sendWhere };
