/** Why WeChat or the phone did not let us: the one place that reads the texts of such faults. */

/** `what` ("position", "camera") may not be used, for `reason` "denied", "system", "off" or "unavailable". */
class Refused extends Error {
  constructor(what, reason) {
    super(`${what}: ${reason}`);
    this.what = what;
    this.reason = reason;
  }
}

/* Source: the texts WeChat's pages and its forum give for `auth deny`, the phone's own switch, and the privacy notice. */
const REASONS = {
  denied: /auth den|authorize no response|privacy/i,
  system: /system permission/i,
  off: /SWITCHOFF|system location.*off|GPS/i,
};

/** The refusal that stands behind an `errMsg`. */
function mayNot(what, errMsg) {
  const known = Object.keys(REASONS).find((reason) => REASONS[reason].test(errMsg || ""));
  return new Refused(what, known || "unavailable");
}

/** True when a permission of WeChat's was granted already; asking this opens no question. */
function isAllowed(scope) {
  return new Promise((resolve) => {
    wx.getSetting({
      success: ({ authSetting }) => resolve(authSetting[scope] === true),
      fail: () => resolve(false),
    });
  });
}

module.exports = { Refused, isAllowed, mayNot };
