/** Small things kept on this phone under one prefix; a phone that keeps nothing is no reason to fail. */

const PREFIX = "instant110.";

/** What was kept under `name`, or null. */
function recall(name) {
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
    return true;
  } catch (fault) {
    return false;
  }
}

module.exports = { recall, keepHere };
