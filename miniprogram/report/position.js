/**
 * Where this phone is, as far as the citizen lets us know.
 *
 * WeChat gives the moving position in GCJ-02 only; it is sent as that, and the service turns it into WGS-84. Nothing
 * here delays a report.
 */

const { listeners } = require("./listeners.js");
const { isAllowed, mayNot } = require("./permission.js");

const USEFUL_FOR_MS = 120000;
const heard = listeners();
let newest = null;
let running = false;

/** Calls back with each new position; gives back what stops it. */
function onPosition(listener) {
  return heard.add(listener);
}

/** The newest position of the last two minutes as the service takes it, or null. */
function newestPosition() {
  return newest && Date.now() - Date.parse(newest.at) < USEFUL_FOR_MS ? newest : null;
}

/** Starts when the permission stands already; never asks. */
async function watchIfAllowed() {
  if (await isAllowed("scope.userLocation")) await askPosition().catch(() => {});
}

/** Starts, which may ask the citizen. Throws `Refused`. */
function askPosition() {
  if (running) return Promise.resolve();
  return new Promise((resolve, reject) => {
    wx.startLocationUpdate({
      type: "gcj02",
      success: () => {
        if (!running) wx.onLocationChange(take);
        running = true;
        resolve();
      },
      fail: ({ errMsg }) => reject(mayNot("position", errMsg)),
    });
  });
}

/** Stops; what is known stays known until it is too old. */
function stopWatching() {
  if (!running) return;
  running = false;
  wx.offLocationChange(take);
  wx.stopLocationUpdate({ fail: () => {} });
}

function take({ latitude, longitude, accuracy }) {
  newest = {
    lat: latitude,
    lng: longitude,
    accuracy_m: Math.round(accuracy * 10) / 10,
    crs: "gcj02",
    at: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
  };
  heard.tell(newest);
}

module.exports = { askPosition, newestPosition, onPosition, stopWatching, watchIfAllowed };
