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
      let answer = await ask(lastSeq());
      let timeline = merged(record.data?.timeline ?? [], answer.timeline);
      if (timeline.length !== answer.count && lastSeq() > 0) {
        answer = await ask(0);
        timeline = merged([], answer.timeline);
      }
      record.data = { ...answer, timeline };
      record.readAt = nowMs();
      board.take([answer.incident]);
      onChange(record.data);
    } catch (error) {
      onFault(error);
    }
  }

  /** View addresses live for minutes: reads again unless that has just been done, and says whether it has news. */
  async function freshMedia() {
    if (nowMs() - record.readAt < FRESH_MS) return false;
    await refresh();
    return true;
  }

  const ask = (after) => api.get(`console/incidents/${id}`, { after });
  const lastSeq = () => record.data?.timeline.at(-1)?.seq ?? 0;
  return record;
}

/** Two pieces of a timeline as one, in order, each entry once. */
export function merged(old, fresh) {
  const bySeq = new Map([...old, ...fresh].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
