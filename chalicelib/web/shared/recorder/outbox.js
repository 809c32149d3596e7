/**
 * Brings fragments to the service one at a time and in order, holds them while it cannot, and numbers them.
 *
 * Nothing waits longer than the bound: what falls out keeps its number, so that the service tells what never came.
 */

import { passes } from "../faults.js";

/* The pace, because Kinesis Video takes five fragments a second and after a lost network there are many to bring. */
const LIMITS = {
  heldMs: 60_000, paceMs: 250, waitsMs: [500, 1000, 2000, 4000], triesBeforeAside: 3, asideMs: 10_000, remembered: 5,
};
/* The service has others' fragments under our numbers, or counts too many missing before them. */
const NUMBERED_WRONG = new Set(["fragment-differs", "step-refused"]);
const NEVER_TAKEN = new Set([400, 413, 415, 422]);

/**
 * Opens an outbox.
 *
 * `progress()` resolves to the service's `{highest, missing}`; `send(seq, startedAt, durationMs, bytes)` keeps a fragment and
 * resolves to `{recording: {highest, missing}}`. Both reject with the answer's `status` and `type`, or with no status
 * when there was no answer. `onChange` gets `{kept, waiting, missing, lost, fault}`: how many the service has, how many are
 * held here, the numbers it lacks, how many were given up here, and the slug of what keeps the rest waiting, or null.
 */
export function openOutbox({ send, progress, onChange = () => {}, limits = {} }) {
  const most = { ...LIMITS, ...limits };
  const held = [];
  const sent = [];
  let next = null;
  let known = { highest: 0, missing: [] };
  let lost = 0;
  let fault = null;
  let failures = 0;
  let busy = null;
  let wake = () => {};
  let closing = false;

  function add(fragment) {
    held.push({ ...fragment, seq: next === null ? null : next++, tries: 0, notBefore: 0 });
    let waitingMs = held.reduce((sum, one) => sum + one.durationMs, 0);
    for (let index = 0; waitingMs > most.heldMs && index < held.length; index += 1) {
      if (held[index] === busy) continue;
      waitingMs -= held[index].durationMs;
      giveUp(held[index]);
      index -= 1;
    }
    changed();
    void work();
  }

  async function work() {
    if (busy !== null) return;
    while (held.length > 0) {
      busy = pick();
      const due = performance.now() + most.paceMs;
      if (busy === null) await pause(most.waitsMs[0]);
      else await bring(busy);
      changed();
      if (held.length > 0 && performance.now() < due) await pause(due - performance.now());
      busy = null;
    }
  }

  function pick() {
    const due = held.filter((one) => one.notBefore <= performance.now());
    return due.find((one) => known.missing.includes(one.seq)) ?? due[0] ?? null;
  }

  async function bring(one) {
    try {
      if (next === null) await number();
      learn((await send(one.seq, one.startedAt, one.durationMs, one.bytes)).recording);
      remember(one);
      failures = 0;
      fault = null;
    } catch (error) {
      await failed(one, error);
    }
  }

  async function number() {
    learn(await progress());
    next = known.highest + 1;
    for (const one of held) one.seq = next++;
  }

  function learn(recording) {
    known = recording;
    for (const one of sent.filter(({ seq }) => known.missing.includes(seq))) {
      sent.splice(sent.indexOf(one), 1);
      held.unshift(one);
    }
  }

  function remember(one) {
    held.splice(held.indexOf(one), 1);
    sent.push(one);
    if (sent.length > most.remembered) sent.shift();
  }

  async function failed(one, error) {
    fault = error.type ?? (error.status ? `http-${error.status}` : "unreachable");
    one.tries += 1;
    if (NEVER_TAKEN.has(error.status)) return giveUp(one);
    if (NUMBERED_WRONG.has(error.type)) next = null;
    else if (closing && isRefusal(error)) return [...held].forEach(giveUp);
    if (error.status >= 500 && one.tries >= most.triesBeforeAside) one.notBefore = performance.now() + most.asideMs;
    const wait = most.waitsMs[Math.min(failures, most.waitsMs.length - 1)];
    failures += 1;
    changed();
    return pause(wait);
  }

  function giveUp(one) {
    held.splice(held.indexOf(one), 1);
    lost += 1;
  }

  function pause(milliseconds) {
    return new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  function state() {
    const { highest, missing } = known;
    return { kept: highest - missing.length, waiting: held.length, missing: [...missing], lost, fault };
  }

  function changed() {
    onChange(state());
  }

  return {
    /** Takes a fragment `{startedAt, durationMs, bytes}`. */
    add,
    state,
    /** Tries again at once, for instance because the network is back. */
    retry: () => wake(),
    /** Resolves when nothing is held any more: sent, refused for good, or given up after that long. */
    async drained(withinMs) {
      closing = true;
      const until = performance.now() + withinMs;
      wake();
      while (held.length > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
      [...held].forEach(giveUp);
      changed();
    },
  };
}

/* The service's own word; a token is renewed, and what a firewall or something else in between says (`http-403`) passes. */
function isRefusal(error) {
  return error.status < 500 && error.status !== 401 && !passes(error) && !error.type?.startsWith("http-");
}
