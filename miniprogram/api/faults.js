/** Which faults pass by themselves, so that trying again is worth it. */

const { Unreachable } = require("./http.js");

/* Among them a sign-in that was refused: WeChat gives another code. */
const COME_AGAIN = [401, 408, 425, 429];
/* What the gateway and the firewall before it say for themselves: in a crowd they turn away whom the service would take. */
const IN_ITS_STEAD = ["forbidden", "request-refused"];

/** True for no answer, an overloaded or failing service, a closed gateway, and for others having stored first; false for a refusal. */
function passes(error) {
  if (error instanceof Unreachable) return true;
  return error.status >= 500 || COME_AGAIN.includes(error.status) || [...IN_ITS_STEAD, "incident-changed"].includes(error.type);
}

module.exports = { passes };
