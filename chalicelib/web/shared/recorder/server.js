/** The service's side of a recording: how far it is, and the PUT of one fragment. */

import { isProblem, Problem, Unreachable } from "../api.js";

/* A fragment of 200 KB needs 7 s at 256 kb/s, and the service's own copy may take 4 s. */
const PATIENCE_MS = 20_000;

/**
 * Gives what the recorder needs of the service for an incident: `progress()` and `send(seq, startedAt, durationMs, bytes)`.
 *
 * `base` is the page's address, `headers()` gives the headers of the moment, such as the token. Each is tried once: trying again
 * is the recorder's. They throw `Problem` or `Unreachable`.
 */
export function recordingOf({ base, incidentId, headers = () => ({}) }) {
  const address = new URL(`console/incidents/${encodeURIComponent(incidentId)}/recording`, base).href;
  return {
    progress: async () => (await ask(address, { headers: headers() })).recording,
    async send(seq, startedAt, durationMs, bytes) {
      const when = new URLSearchParams({ started_at: startedAt, duration_ms: durationMs });
      const told = { ...headers(), "Content-Type": "video/x-matroska" };
      const kept = await ask(`${address}/${seq}?${when}`, { method: "PUT", headers: told, body: bytes });
      if (kept.seq !== seq) throw new Unreachable(new Error("something else answered"));
      return kept;
    },
  };
}

async function ask(address, options) {
  let text;
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS), ...options });
    text = await answer.text();
  } catch (error) {
    throw new Unreachable(error);
  }
  const facts = read(text);
  if (answer.ok && facts !== null) return facts;
  if (answer.ok) throw new Unreachable(new Error("something else answered"));
  throw new Problem(answer.status, isProblem(facts) ? facts : { title: `HTTP ${answer.status}`, type: `http-${answer.status}` });
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
