/**
 * The citizen's sign-in. WeChat's login code asks for no permission, so nobody is shown a form before reporting.
 *
 * The token is kept on the phone: who reopens the mini-program in an emergency must not wait for a new one.
 */

const { Unreachable, send } = require("./http.js");
const { keepHere, recall } = require("./storage.js");

const NAME = "session";
let signingIn = null;
let current = null;

/** The session, `{token, expires_at, citizen}`, or null when there is none or it has expired. */
function session() {
  const kept = current || recall(NAME);
  return kept && Date.parse(kept.expires_at) > Date.now() ? kept : null;
}

/** The signed-in citizen, or null. */
function citizen() {
  const kept = session();
  return kept ? kept.citizen : null;
}

/** A code of WeChat's: taken once, for five minutes. Throws `Unreachable`. */
function loginCode() {
  return new Promise((resolve, reject) => {
    wx.login({
      success: ({ code }) => (code ? resolve(code) : reject(new Unreachable("login: no code"))),
      fail: ({ errMsg }) => reject(new Unreachable(errMsg)),
    });
  });
}

/** Signs in unless it is done; all who ask at once wait for the same sign-in. Resolves to the token. */
function signedIn() {
  const kept = session();
  if (kept) return Promise.resolve(kept.token);
  if (!signingIn) signingIn = signIn().finally(() => (signingIn = null));
  return signingIn;
}

async function signIn() {
  const answer = await send({ method: "POST", path: "session", body: { code: await loginCode() } });
  keep(answer);
  return answer.token;
}

/** Forgets the token (it was refused, or the citizen signs out). */
function forgetSession() {
  keep(null);
}

/* On a phone that keeps nothing the sign-in lasts as long as the mini-program. */
function keep(session) {
  current = session;
  keepHere(NAME, session);
}

/** Keeps what the service says of the citizen now. */
function keepCitizen(fresh) {
  const kept = session();
  if (kept) keep({ ...kept, citizen: fresh });
}

module.exports = { citizen, forgetSession, keepCitizen, loginCode, session, signedIn };
