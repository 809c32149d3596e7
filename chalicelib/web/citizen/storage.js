/** Small things kept on this device under one prefix; a device that keeps nothing is no reason to fail. */

const PREFIX = "instant110.";

/** What was kept under `name`, or null. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

/** Keeps `value` under `name`; null removes it. Says whether the device did. */
export function keepHere(name, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
