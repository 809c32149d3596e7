/** Calls the service: JSON both ways, problem documents as errors, retries only where a retry is safe. */

import { learnNow } from "./time.js";

const WAITS_MS = [400, 1200, 3000];
const WORTH_TRYING_AGAIN = new Set([408, 425, 429, 502, 503, 504]);
/* What the gateway and the firewall before it say for themselves: in a crowd they turn away whom the service would take. */
const IN_ITS_STEAD = new Set(["forbidden", "request-refused"]);
const SLUG = /^[a-z][a-z0-9-]*$/;

/** The service's own refusal; `type` is its stable slug and `facts` the whole document. */
export class Problem extends Error {
  constructor(status, facts) {
    super(facts.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.type = facts.type;
    this.detail = facts.detail || "";
    this.facts = facts;
  }
}

/** No answer came: no network, a timeout, or something between that is not the service. */
export class Unreachable extends Error {
  constructor(cause) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

/** True for a problem document as the service writes them. */
export function isProblem(facts) {
  return SLUG.test(facts?.type ?? "");
}

/** What an answer that is no success comes to: the service's own refusal, or nothing it ever said. */
export function refusal(status, facts) {
  return isProblem(facts) ? new Problem(status, facts) : new Unreachable(new Error(`HTTP ${status}`));
}

/** True for a refusal that says to come again, or that was spoken in the service's stead. */
export function isHeldOff({ status, type }) {
  return WORTH_TRYING_AGAIN.has(status) || IN_ITS_STEAD.has(type);
}

/** A fresh idempotency key: 128 random bits, also where `crypto.randomUUID` is missing. */
export function newKey() {
  if (globalThis.crypto.randomUUID) return globalThis.crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Gives the calls of one page.
 *
 * `base` is the page's address (a worker is told it); `headers()` gives the headers of the moment, such as the token;
 * `renew()` is asked once after a 401 and answers whether to try again.
 *
 * Paths are relative ("reports/…"). `query` leaves out empty values. GET, PUT and DELETE, and a POST with a `key`, are
 * tried up to `tries` times; a POST without one is sent once. `keepalive` has a small one leave even when the page is left.
 * Throws `Problem` or `Unreachable`.
 */
export function connect({ base, headers = () => ({}), renew = async () => false }) {
  async function call(method, path, { body, query = {}, key, tries, timeoutMs = 12000, signal, keepalive } = {}) {
    const address = addressOf(base, path, query);
    const safe = method !== "POST" && method !== "PATCH" ? true : Boolean(key);
    const most = tries ?? (safe ? WAITS_MS.length + 1 : 1);
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(method, address, { body, key, timeoutMs, signal, keepalive, headers: headers() });
      } catch (error) {
        if (signal?.aborted) throw error;
        if (error.status === 401 && !renewed && (await renew())) renewed = true;
        else if (attempt >= most || !passing(error)) throw error;
        else await pause(WAITS_MS[Math.min(attempt, WAITS_MS.length) - 1]);
      }
    }
  }
  return {
    get: (path, query, options) => call("GET", path, { query, ...options }),
    post: (path, body = {}, options) => call("POST", path, { body, ...options }),
    put: (path, body = {}, options) => call("PUT", path, { body, ...options }),
    patch: (path, body = {}, options) => call("PATCH", path, { body, ...options }),
    remove: (path, options) => call("DELETE", path, { ...options }),
  };
}

async function once(method, address, { body, key, timeoutMs, signal, keepalive = false, headers }) {
  const stop = new AbortController();
  const forward = () => stop.abort();
  signal?.addEventListener("abort", forward);
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  try {
    const answer = await fetch(address, {
      method,
      cache: "no-store",
      keepalive,
      signal: stop.signal,
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(key ? { "Idempotency-Key": key } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return await read(answer);
  } catch (error) {
    throw error instanceof Problem ? error : new Unreachable(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", forward);
  }
}

async function read(answer) {
  learnNow(answer.headers.get("Date"));
  const text = await answer.text();
  const json = /json/.test(answer.headers.get("Content-Type") || "");
  if (answer.ok) return text === "" ? null : JSON.parse(text);
  throw refusal(answer.status, json ? JSON.parse(text) : null);
}

function addressOf(base, path, query) {
  const address = new URL(path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") address.searchParams.set(name, String(value));
  }
  return address;
}

function passing(error) {
  return error instanceof Unreachable || isHeldOff(error);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds * (0.8 + Math.random() * 0.4)));
}
