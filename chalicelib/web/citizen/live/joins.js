/**
 * The ways into one call: the one that came with the report, then a fresh one for each opening, and the signs of life
 * that keep the line. While no line is free it asks again every 5 s.
 */

import { nowMs } from "../../shared/time.js";
import { api } from "../session.js";

const ASK_AGAIN_MS = 5_000;
const SIGN_MS = 25_000;
/* No line is free, or a call-taker has to open the call first. */
const LATER = new Set(["no-line", "live-withheld"]);
/* A way in older than this may end while the socket opens. */
const SPARE_MS = 10_000;

/**
 * Keeps the joins of a report until `stop()`.
 *
 * `on.line({line, withheld})` tells whether a line is held, and whether a call-taker has to open the call first; `on.moved()` that it is another one than before, so that the call must be
 * entered anew.
 */
export function keepJoins({ incidentId, first, on }) {
  let spare = first;
  let channel = first?.channel_arn ?? null;
  let pending = null;
  let stopped = false;
  let wake = () => {};

  async function ask() {
    for (;;) {
      try {
        const { call } = await api.post(`reports/${incidentId}/call`, {}, { tries: 1, timeoutMs: 8000 });
        on.line({ line: true, withheld: false });
        return call;
      } catch (error) {
        if (!LATER.has(error.type) || stopped) throw error;
        on.line({ line: false, withheld: error.type === "live-withheld" });
      }
      await new Promise((done) => {
        wake = done;
        setTimeout(done, ASK_AGAIN_MS);
      });
      if (stopped) throw new Error("left");
    }
  }

  async function fetchJoin() {
    if (spare && Date.parse(spare.expires_at) - nowMs() > SPARE_MS) {
      const given = spare;
      spare = null;
      return given;
    }
    pending ??= ask().finally(() => (pending = null));
    const join = await pending;
    channel = join.channel_arn;
    return join;
  }

  async function sign() {
    try {
      await api.put(`reports/${incidentId}/call`, {}, { tries: 2, timeoutMs: 8000 });
    } catch (error) {
      if (error.type === "no-line") await leaseAgain();
    }
  }

  async function leaseAgain() {
    if (pending || stopped) return;
    const before = channel;
    try {
      spare = await fetchJoin();
      if (!stopped && spare.channel_arn !== before) on.moved();
    } catch {
      // The report is closed, or nobody answers; whoever enters the call is told.
    }
  }

  const timer = setInterval(sign, SIGN_MS);
  return {
    fetchJoin,
    stop() {
      stopped = true;
      clearInterval(timer);
      wake();
    },
  };
}
