/**
 * The way from here into the citizen's page, where the live modes are.
 *
 * No token ever stands in an address: the page signs in by a WeChat code of its own, which is taken once and lives five minutes. It
 * stands in the fragment, which no server and no referrer sees (docs/decisions/0022).
 */

const config = require("../config.js");
const { loginCode } = require("../api/session.js");
const { language } = require("../words/words.js");

const LIVE = ["video110", "fengqiao", "voice"];

/** The address of a report's call. Throws `Unreachable` when WeChat gives no code. */
async function callSource({ id, mode }) {
  return source({ call: id, mode });
}

/** The address of a silent report. Nothing on the phone keeps it. */
async function quietSource(id) {
  return source({ quiet: id });
}

async function source(handed) {
  const facts = { ...handed, language: language(), code: await loginCode() };
  const pairs = Object.entries(facts).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${config.service}/#${pairs.join("&")}`;
}

/** The page that shows a report that was just filed, or goes on. */
function pageOf({ id, mode, status, booked_for: booked }) {
  if (LIVE.includes(mode) && status !== "closed" && !booked) return `/pages/live/live?id=${id}&mode=${mode}`;
  return `/pages/incident/incident?id=${id}`;
}

/** True when a report has a call to go back to. */
function hasCall({ mode, status, booked_for: booked }) {
  return LIVE.includes(mode) && status !== "closed" && !booked;
}

module.exports = { callSource, hasCall, pageOf, quietSource };
