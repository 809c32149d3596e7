/**
 * Small things kept on this device under one prefix. What it does not keep is kept by the page for as long as it is open: on a
 * phone that allows no storage a report that waits must go all the same.
 */

const PREFIX = "instant110.";
const unkept = new Map();

/** What was kept under `name`, or null. */
export function recall(name) {
  if (unkept.has(name)) return JSON.parse(unkept.get(name));
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

/** Keeps `value` under `name`; null removes it. Says whether the device did. */
export function keepHere(name, value) {
  unkept.delete(name);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    if (value !== null) unkept.set(name, JSON.stringify(value));
    return false;
  }
}
