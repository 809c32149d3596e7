/** Which faults pass by themselves, so that trying again is worth it. */

const { Unreachable } = require("./http.js");

/** True for no answer, an overloaded or failing service, and for others having stored first; false for a refusal. */
function passes(error) {
  if (error instanceof Unreachable) return true;
  return error.status >= 500 || error.status === 429 || error.type === "incident-changed";
}

module.exports = { passes };
