/** A recording in stretches: about a minute each, and none over a gap. */

const PIECES = 30;
const GAP_MS = 1500;

/** The stretches of a recording's fragments, `{from, to, startMs, endMs, bytes, gapMs}`; `gapMs` is what is missing before. */
export function stretchesOf(fragments) {
  const stretches = [];
  for (const fragment of [...fragments].sort((a, b) => a.seq - b.seq)) {
    const startMs = Date.parse(fragment.started_at);
    const last = stretches.at(-1);
    const gapMs = last ? startMs - last.endMs : 0;
    const lost = gapMs > GAP_MS || (last && fragment.seq !== last.to + 1);
    if (!last || lost || last.to - last.from + 1 >= PIECES) stretches.push(begun(fragment, startMs, lost ? gapMs : 0));
    else Object.assign(last, { to: fragment.seq, endMs: startMs + fragment.duration_ms, bytes: last.bytes + fragment.size_bytes });
  }
  return stretches;
}

function begun({ seq, duration_ms: long, size_bytes: bytes }, startMs, gapMs) {
  return { from: seq, to: seq, startMs, endMs: startMs + long, bytes, gapMs };
}
