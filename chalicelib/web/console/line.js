/** The line to the service: runs the worker, notices when it has gone quiet, and brings it fresh tokens. */

const QUIET_MS = 5000;

/**
 * Makes the line.
 *
 * `onBeat()` is called about once a second whatever happens, from the worker's clock, so that a hidden page keeps
 * time too; `onSeat(seat)` when the service confirmed the seat; `onTrouble({status, type})` for a refusal.
 */
export function feedLine({ base, session, board, onBeat, onSeat, onTrouble }) {
  let worker = null;
  let heardAt = 0;
  let beatAt = 0;
  let needsToken = false;
  let renewing = false;

  function hear({ data }) {
    if (data.kind === "feed") heard(data);
    else if (data.kind === "seat") onSeat(data.seat);
    else if (data.kind === "refused") needsToken = true;
    else if (data.kind === "trouble") onTrouble(data);
    if (data.kind === "beat" || needsToken) beat();
  }

  function heard({ incidents, whole }) {
    heardAt = performance.now();
    if (whole) board.startOver(incidents);
    else board.take(incidents);
  }

  function beat() {
    beatAt = performance.now();
    if ((needsToken || session.endsSoon()) && !renewing) void bringToken();
    onBeat();
  }

  async function bringToken() {
    renewing = true;
    try {
      if (await session.renew()) passToken();
    } finally {
      renewing = false;
    }
  }

  function passToken() {
    needsToken = false;
    worker?.postMessage({ kind: "token", token: session.token() });
  }

  /* If the worker itself dies, the page's own clock still finds out. */
  setInterval(() => worker !== null && performance.now() - beatAt > 2 * QUIET_MS && onBeat(), 1000);

  return {
    start(seat) {
      worker ??= new Worker(new URL("./poller.js", import.meta.url), { type: "module" });
      worker.onmessage = hear;
      heardAt = performance.now();
      worker.postMessage({ kind: "start", base, token: session.token(), seat });
    },
    seat: (seat) => worker?.postMessage({ kind: "seat", seat }),
    /** Says that a new sign-in brought a token. */
    passToken,
    stop() {
      worker?.terminate();
      worker = null;
    },
    /** True when the last good answer of the feed is 5 s old. */
    lost: () => worker !== null && performance.now() - heardAt >= QUIET_MS,
    quietSeconds: () => Math.floor((performance.now() - heardAt) / 1000),
  };
}
