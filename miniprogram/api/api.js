/** The service as the signed-in citizen calls it: signs in by itself, tries again where a retry is safe. */

const { passes } = require("./faults.js");
const { queryOf, send } = require("./http.js");
const { forgetSession, keepCitizen, session, signedIn } = require("./session.js");

const WAITS_MS = [400, 1200, 3000];

/** Gets a path ("reports/…"), tried `tries` times. */
function get(path, query = {}, { tries = 3, timeoutMs = undefined } = {}) {
  return call({ method: "GET", path: path + queryOf(query), timeoutMs }, tries);
}

/** Posts; with a `key` it is tried again, without one it is sent once. */
function post(path, body = {}, { key = "", tries = key ? 3 : 1 } = {}) {
  return call({ method: "POST", path, body, key }, tries);
}

/** Puts; a repeat changes nothing. */
function put(path, body = {}, { tries = 3 } = {}) {
  return call({ method: "PUT", path, body }, tries);
}

/* A token that is refused is renewed once, with a fresh code of WeChat's. */
async function call(request, tries) {
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send({ ...request, token: await signedIn() });
    } catch (error) {
      if (error.status === 401 && !renewed && session()) {
        renewed = true;
        forgetSession();
      } else if (attempt >= tries || !passes(error)) throw error;
      else await pause(WAITS_MS[Math.min(attempt, WAITS_MS.length) - 1]);
    }
  }
}

/** Waits; a little more or less each time, so that many phones do not come at once. */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds * (0.8 + Math.random() * 0.4)));
}

/** Gives the service a number: `{code}` from WeChat (verified) or `{phone}` (kept as unverified). */
async function givePhone(given) {
  const answer = await post("session/phone", given);
  keepCitizen(answer.citizen);
  return answer.citizen;
}

/** Changes name, trade, plate or language; by PUT, because `wx.request` knows no PATCH. */
async function changeProfile(changes) {
  const answer = await put("session/profile", changes);
  keepCitizen(answer.citizen);
  return answer.citizen;
}

module.exports = { changeProfile, get, givePhone, pause, post, put };
