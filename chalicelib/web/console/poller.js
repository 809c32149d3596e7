/**
 * Asks for the feed each second and says the seat when it changes, in a worker, because a hidden page's own timers
 * are slowed to one a minute and a hidden console must still ring.
 *
 * In: `{kind: "start", base, token, seat}`, `{kind: "token", token}`, `{kind: "seat", seat}` (`{state, department_id?}`), `{kind: "stop"}`.
 * Out: `feed` (incidents; `whole` when they are all that are open), `seat` (seat), `refused` (the token was), `trouble` (any other refusal), `beat` (each second).
 */

import { connect, Unreachable } from "../shared/api.js";

const FEED_MS = 1000;
const SEAT_AGAIN_MS = 3000;
const PATIENCE_MS = 4000;

let service = null;
let token = "";
let refused = false;
let cursor = null;
let seat = null;
let saidSeat = null;
let running = 0;

self.onmessage = ({ data }) => {
  if (data.kind === "start") start(data);
  else if (data.kind === "token") takeToken(data.token);
  else if (data.kind === "seat") takeSeat(data.seat);
  else if (data.kind === "stop") running += 1;
};

setInterval(() => self.postMessage({ kind: "beat" }), 1000);

function start({ base, token: first, seat: held }) {
  service = connect({ base, headers: () => ({ Authorization: token }) });
  takeToken(first);
  cursor = null;
  saidSeat = null;
  running += 1;
  takeSeat(held);
  void repeat(running, FEED_MS, askFeed);
  void repeat(running, SEAT_AGAIN_MS, sendSeat);
}

function takeToken(fresh) {
  token = fresh;
  refused = false;
}

function takeSeat(held) {
  seat = held;
  void sendSeat();
}

/* By a clock that nobody sets: one set back by hours would have the next look wait as long. */
async function repeat(mine, every, step) {
  while (mine === running) {
    const began = performance.now();
    if (!refused) await step(mine);
    await pause(Math.max(0, every - (performance.now() - began)));
  }
}

async function askFeed(mine) {
  try {
    const whole = cursor === null;
    const incidents = [];
    let answer = null;
    do {
      answer = await service.get(
        "console/feed",
        { cursor: answer?.cursor ?? cursor },
        { tries: 1, timeoutMs: PATIENCE_MS },
      );
      if (mine !== running) return;
      incidents.push(...answer.incidents);
    } while (answer.more);
    cursor = answer.cursor;
    self.postMessage({ kind: "feed", incidents, whole });
  } catch (error) {
    if (error.type === "cursor-invalid") cursor = null;
    told(error);
  }
}

/* A poll of one who holds incidents is her sign of life; the seat is said only until it was heard. */
async function sendSeat() {
  if (seat === null || seat === saidSeat) return;
  const sent = seat;
  try {
    const answer = await service.put("console/seat", sent, { tries: 1, timeoutMs: PATIENCE_MS });
    saidSeat = sent;
    if (sent === seat) self.postMessage({ kind: "seat", seat: answer.seat });
  } catch (error) {
    told(error);
  }
}

/* A refused token waits for the page to bring another; no answer is the page's to notice; the rest is shown. */
function told(error) {
  if (error.status === 401) {
    if (!refused) self.postMessage({ kind: "refused" });
    refused = true;
  } else if (!(error instanceof Unreachable)) {
    self.postMessage({ kind: "trouble", status: error.status, type: error.type });
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
