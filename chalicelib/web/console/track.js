/** Where the caller went since the report, read each second while the incident is looked at and open. */

const OLDEST_LEFT_OUT = 3000;

/** Makes the track of one incident; `onMove()` is called when there is something new. */
export function callerTrack({ id, api, onMove }) {
  const byTime = new Map();
  let seen = 0;
  let asking = false;
  let over = false;
  let latest = null;

  /** Reads what is new, unless it is being read or nothing more can come. */
  async function beat() {
    if (asking || over) return;
    asking = true;
    try {
      let answer = null;
      let came = false;
      do {
        answer = await api.get(`console/incidents/${id}/positions`, { after: answer?.cursor ?? seen }, { tries: 1 });
        came = keep(answer) || came;
      } while (answer.cursor !== null);
      over = !answer.tracking;
      if (came) onMove();
    } catch {
      /* The line to the service is shown as lost elsewhere; the next beat asks again. */
    } finally {
      asking = false;
    }
  }

  function keep(answer) {
    const known = byTime.size;
    for (const point of answer.items) byTime.set(point.at, point);
    for (const at of [...byTime.keys()].slice(0, Math.max(0, byTime.size - OLDEST_LEFT_OUT))) byTime.delete(at);
    seen = answer.seen;
    if (answer.latest && (latest === null || latest.at < answer.latest.at)) latest = answer.latest;
    return byTime.size !== known;
  }

  return {
    beat,
    /** Where she was last seen, with her speed, or null before her phone said. */
    latest: () => latest,
    /** The points by time. */
    points: () => [...byTime.values()].sort((a, b) => (a.at < b.at ? -1 : 1)),
  };
}
