/** One open incident as the service has it: read whole once, then only what is new. */

import { nowMs } from "../shared/time.js";

const FRESH_MS = 20 * 1000;

/**
 * Makes the record of one incident; `board` is told of every newer state that comes along.
 *
 * `data` is null until the first answer; then `{incident, caller, media, timeline, count, dispatches}` with the
 * timeline whole and in order.
 */
export function incidentRecord({ api, board, id, onChange, onFault }) {
  const record = { id, data: null, readAt: 0, refresh, freshMedia };
  let reading = null;
  let again = false;

  /** Reads what is new; calls while a read is on its way are folded into one more read after it. */
  async function refresh() {
    if (reading !== null) {
      again = true;
      return reading;
    }
    reading = readUntilCalm().finally(() => (reading = null));
    return reading;
  }

  async function readUntilCalm() {
    do {
      again = false;
      await read();
    } while (again);
  }

  async function read() {
    try {
      const known = record.data?.timeline ?? [];
      let data = await readOn(known);
      if (data.timeline.length !== data.count && known.length > 0) data = await readOn([]);
      record.data = data;
      record.readAt = nowMs();
      board.take([data.incident]);
      onChange(record.data);
    } catch (error) {
      onFault(error);
    }
  }

  /* An answer has some thousands of entries at most: as long as it brings any, and not yet the last, there may be more. */
  async function readOn(known) {
    let timeline = known;
    for (;;) {
      const answer = await ask(timeline.at(-1)?.seq ?? 0);
      timeline = merged(timeline, answer.timeline);
      if (answer.timeline.length === 0 || timeline.at(-1).seq >= answer.count) return { ...answer, timeline };
    }
  }

  /** View addresses live for minutes: reads again unless that has just been done, and says whether it has news. */
  async function freshMedia() {
    if (nowMs() - record.readAt < FRESH_MS) return false;
    await refresh();
    return true;
  }

  const ask = (after) => api.get(`console/incidents/${id}`, { after });
  return record;
}

/** Two pieces of a timeline as one, in order, each entry once. */
export function merged(old, fresh) {
  const bySeq = new Map([...old, ...fresh].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
