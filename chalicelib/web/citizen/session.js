/**
 * The citizen's sign-in on this device, and the calls made with it.
 *
 * The token is kept in localStorage, not sessionStorage: phones throw tabs away in the middle of an emergency, and whoever
 * reopens the page must find the report again without a new code from WeChat. It is forgotten when it expires or is refused.
 */

import { connect, newKey } from "../shared/api.js";

const SESSION_KEY = "instant110.session";
const listeners = new Set();
let session = remembered();

/** The service as the signed-in citizen sees it. */
export const api = connect({
  base: document.baseURI,
  headers: () => (session ? { Authorization: `Bearer ${session.token}` } : {}),
  renew: async () => {
    if (session) forget();
    return false;
  },
});

/* A code that is refused says nothing of a sign-in that stands. */
const anyone = connect({ base: document.baseURI });

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(SESSION_KEY));
    return kept && Date.parse(kept.expires_at) > Date.now() ? kept : null;
  } catch {
    return null;
  }
}

function remember(next) {
  session = next;
  try {
    if (next) localStorage.setItem(SESSION_KEY, JSON.stringify(next));
    else localStorage.removeItem(SESSION_KEY);
  } catch {
    // Without storage the sign-in lasts as long as the page.
  }
}

function forget() {
  remember(null);
  for (const listener of listeners) listener();
}

/** The signed-in citizen, or null. */
export function citizen() {
  return session ? session.citizen : null;
}

/** Calls back when the citizen is no longer signed in (refused, expired or signed out); gives what stops it. */
export function onSignedOut(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Signs in with a login code from WeChat. Throws `Problem` `login-code-refused` or `wechat-unavailable`. */
export async function signIn(code) {
  const answer = await anyone.post("session", { code });
  remember(answer);
  return answer.citizen;
}

/** Signs in as somebody of the demonstration: the stand-in takes each code once, so each gets a random ending. */
export function signInForDemonstration(name) {
  return signIn(`login-${name}#${newKey()}`);
}

/** Signs out on this device. */
export function signOut() {
  forget();
}

/** Reads the citizen again; the page keeps what it has when nobody answers. */
export async function refreshCitizen() {
  const { citizen: fresh } = await api.get("session");
  keepCitizen(fresh);
}

/** Gives the service a phone number: `{code}` from WeChat (verified) or `{phone}` (kept as unverified). */
export async function givePhone(given) {
  const answer = await api.post("session/phone", given);
  keepCitizen(answer.citizen);
  return answer.citizen;
}

/** Changes name, trade, plate or language. */
export async function changeProfile(changes) {
  const answer = await api.patch("session/profile", changes);
  keepCitizen(answer.citizen);
  return answer.citizen;
}

function keepCitizen(fresh) {
  if (session) remember({ ...session, citizen: fresh });
}
