/**
 * Keeps one party on its line's signaling channel with the official client.
 *
 * Every opening has a fresh join, because its address lives a minute; every closing is followed by another opening,
 * because the service ends connections when it likes and the client hides its warning. Media does not depend on it.
 */

import "../../vendor/kvs-webrtc.min.js";
import { passes } from "../faults.js";

/* The service ends a connection after an hour, and after ten minutes in which nothing was said. */
const LIMITS = { ageMs: 55 * 60_000, idleMs: 9 * 60_000, openingMs: 8_000, probeMs: 15_000 };
const NOBODY = "nobody";
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 8_000;
const STEADY_MS = 10_000;

/**
 * Opens the channel and keeps it open until `close()`.
 *
 * `fetchJoin()` resolves to a `call` of the service, or rejects: a `Problem` that trying again cannot mend ends it.
 * `on` may have `status({state, error})` with `connecting`, `open`, `closed` (it will try again) or `refused` (it will
 * not), `offer(description, clientId)`, `answer(description)` and `candidate(candidate, clientId)`.
 */
export function openSignaling({ fetchJoin, on, limits = {} }) {
  const most = { ...LIMITS, ...limits };
  let turn = 0;
  let live = null;
  let failures = 0;
  let timer = null;
  let usedAt = 0;
  let probe = null;

  async function open() {
    const mine = (turn += 1);
    clearTimeout(timer);
    if (live === null) on.status?.({ state: "connecting" });
    try {
      const join = await fetchJoin();
      if (mine === turn) enter(join, mine);
    } catch (error) {
      if (mine === turn) failed(error);
    }
  }

  function enter(join, mine) {
    const client = clientOf(join);
    const connection = { client, join, openedAt: 0 };
    timer = setTimeout(() => client.close(), most.openingMs);
    client.on("open", () => (mine === turn ? opened(connection) : client.close()));
    client.on("error", () => client.close());
    client.on("close", () => closed(connection, mine));
    client.on("sdpOffer", (description, sender) => heard(connection, () => on.offer?.(description, sender)));
    client.on("sdpAnswer", (description) => heard(connection, () => on.answer?.(description)));
    client.on("iceCandidate", (candidate, sender) => heard(connection, () => on.candidate?.(candidate, sender)));
    client.on("statusResponse", () => probe?.answered());
    client.open();
  }

  function opened(connection) {
    clearTimeout(timer);
    const before = live;
    const { join } = connection;
    live = connection;
    live.openedAt = usedAt = performance.now();
    before?.client.close();
    probe?.stop();
    probe = join.role === "MASTER" ? startProbe(live.client, most.probeMs, renew) : null;
    timer = setTimeout(lookAtAge, Math.min(most.ageMs, most.idleMs));
    on.status?.({ state: "open" });
  }

  /* A new connection opens before the old one goes, so that no message falls between them. */
  function lookAtAge() {
    const left = Math.min(live.openedAt + most.ageMs, usedAt + most.idleMs) - performance.now();
    if (left <= 0) void open();
    else timer = setTimeout(lookAtAge, left);
  }

  function closed(connection, mine) {
    if (connection !== live && (connection.openedAt > 0 || mine !== turn)) return;
    const steady = connection.openedAt > 0 && performance.now() - connection.openedAt > STEADY_MS;
    if (steady) failures = 0;
    if (connection === live) live = null;
    if (mine === turn) failed(null);
  }

  function failed(error) {
    clearTimeout(timer);
    if (error !== null && isFinal(error)) {
      turn += 1;
      on.status?.({ state: "refused", error });
      return;
    }
    on.status?.({ state: "closed", error });
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    failures += 1;
    timer = setTimeout(open, wait * (0.5 + Math.random() / 2));
  }

  function heard(connection, deliver) {
    if (connection !== live) return;
    usedAt = performance.now();
    deliver();
  }

  function say(send) {
    if (live === null) return false;
    usedAt = performance.now();
    try {
      send(live.client);
      return true;
    } catch {
      return false; // The socket is closing; its `close` event follows and says so.
    }
  }

  function renew() {
    void open();
  }

  globalThis.addEventListener("online", renew);
  renew();
  return {
    /** The join of the open connection, or null. */
    join: () => live?.join ?? null,
    /** Each tells whether it was sent; nothing is kept for later. */
    sendOffer: (description) => say((client) => client.sendSdpOffer(description)),
    sendAnswer: (description, to) => say((client) => client.sendSdpAnswer(description, to)),
    sendCandidate: (candidate, to) => say((client) => client.sendIceCandidate(candidate, to)),
    /** Opens another connection with a fresh join and then leaves the present one. */
    renew,
    close() {
      turn += 1;
      clearTimeout(timer);
      globalThis.removeEventListener("online", renew);
      probe?.stop();
      live?.client.close();
      live = null;
    },
  };
}

function clientOf(join) {
  const { Role, SignalingClient } = globalThis.KVSWebRTC;
  return new SignalingClient({
    role: Role[join.role],
    clientId: join.client_id ?? undefined,
    channelARN: join.channel_arn,
    channelEndpoint: join.signaling_url.split("?")[0],
    region: join.region,
    requestSigner: { getSignedURL: async () => join.signaling_url },
  });
}

/*
 * A connection can die without a word. A viewer notices by offers that nobody answers; the master, who only listens, asks
 * to reach a client that is not there, which the service answers with a refusal. Only a service that ever did is held to it.
 */
function startProbe(client, everyMs, onSilent) {
  let isAnswered = null;
  const timer = setInterval(() => {
    if (isAnswered === false) onSilent();
    else ask();
  }, everyMs);
  function ask() {
    if (isAnswered) isAnswered = false;
    try {
      client.sendIceCandidate({}, NOBODY, "probe");
    } catch {
      // The socket is closing; its `close` event follows.
    }
  }
  ask();
  return { answered: () => (isAnswered = true), stop: () => clearInterval(timer) };
}

/* No line is free for now, the token is being renewed, the service is busy, a firewall is in the way: all these pass. */
function isFinal(error) {
  if (error.type === "no-line" || !error.status) return false;
  return error.status !== 401 && !passes(error);
}
