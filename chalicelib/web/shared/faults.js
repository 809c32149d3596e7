/** Which faults pass by themselves, so that trying again is worth it. */

import { isHeldOff, Unreachable } from "./api.js";

/** True for no answer, an overloaded or failing service, a closed gateway, and for others having stored first; false for a refusal. */
export function passes(error) {
  if (error instanceof Unreachable) return true;
  return error.status >= 500 || isHeldOff(error) || error.type === "incident-changed";
}
