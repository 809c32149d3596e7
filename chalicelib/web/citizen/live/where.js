/**
 * Where the citizen is, asked for once the report is in and sent on while it is open.
 *
 * What could not be sent is kept and sent later, the newest point first among it: where she is matters more than the way
 * she came. It shows nothing and makes no sound.
 */

import { passes } from "../../shared/faults.js";
import { alreadyAllowed, askPosition, newestPosition, onPosition, stopWatching, watchIfAllowed } from "../position.js";
import { api } from "../session.js";

const EVERY_MS = 5_000;
const MOST_POINTS = 10;
const MOST_KEPT = 600;

/**
 * Sends what comes until stopped, or until the service says that tracking has ended.
 *
 * `mayAsk` says whether the browser may be asked for permission; without it only what is allowed already is sent.
 * `onUnknown()` is called when the answer was no, or the phone does not know where it is.
 */
export function sendWhere(incidentId, { mayAsk = true, onUnknown = () => {} } = {}) {
  let unsent = [];
  let sending = false;
  let over = false;

  async function send() {
    if (sending || over) return;
    sending = true;
    while (!over && unsent.length > 0 && (await sendBatch(nextBatch(unsent))));
    sending = false;
  }

  /* Answers whether to go on at once. */
  async function sendBatch(batch) {
    try {
      const { tracking } = await api.post(`reports/${incidentId}/positions`, { points: batch }, { tries: 1 });
      unsent = unsent.filter((point) => !batch.includes(point));
      if (!tracking) stop();
      return true;
    } catch (error) {
      if (passes(error)) return false;
      if (error.status === 422) unsent = unsent.filter((point) => !batch.includes(point));
      else stop();
      return false;
    }
  }

  function take(position) {
    if (unsent.at(-1)?.at === position.at) return;
    unsent = [...unsent, position];
    if (unsent.length > MOST_KEPT) unsent = thinned(unsent);
  }

  function stop() {
    if (over) return;
    over = true;
    forget();
    stopWatching();
    clearInterval(timer);
    globalThis.removeEventListener("online", send);
  }

  const forget = onPosition(take);
  const timer = setInterval(send, EVERY_MS);
  globalThis.addEventListener("online", send);
  if (newestPosition()) take(newestPosition());
  void watch(mayAsk, onUnknown).then(send);
  return stop;
}

/** The newest of the unsent points, and with it the oldest as far as they fit. */
export function nextBatch(unsent) {
  const newest = unsent.at(-1);
  return [...unsent.slice(0, -1).slice(0, MOST_POINTS - 1), newest];
}

/** Every second point of the older half is left out: a long way without a network keeps its shape. */
export function thinned(points) {
  const half = Math.floor(points.length / 2);
  return points.filter((_, index) => index >= half || index % 2 === 0);
}

async function watch(mayAsk, onUnknown) {
  if (!mayAsk || (await alreadyAllowed())) return watchIfAllowed();
  return askPosition().catch(() => onUnknown());
}
