/**
 * Small things kept on this phone under one prefix. What it does not keep is kept for as long as the mini-program lives: on a phone
 * that is full a report that waits must go all the same.
 */

const PREFIX = "instant110.";
const unkept = new Map();

/** What was kept under `name`, or null. */
function recall(name) {
  if (unkept.has(name)) return JSON.parse(unkept.get(name));
  try {
    const kept = wx.getStorageSync(PREFIX + name);
    return kept === "" || kept === undefined ? null : kept;
  } catch (fault) {
    return null;
  }
}

/** Keeps `value` under `name`; null removes it. Says whether the phone did. */
function keepHere(name, value) {
  try {
    if (value === null) wx.removeStorageSync(PREFIX + name);
    else wx.setStorageSync(PREFIX + name, value);
    unkept.delete(name);
    return true;
  } catch (fault) {
    unkept.set(name, JSON.stringify(value));
    return false;
  }
}

module.exports = { recall, keepHere };
