/**
 * Where this phone is, as far as the citizen lets us know.
 *
 * Nothing here ever delays a report: a watch runs when permission stands already, and the report takes the newest fix there is.
 */

import { nowMs } from "../shared/time.js";

const USEFUL_FOR_MS = 120_000;
let newest = null;
let watch = null;
const listeners = new Set();

/** Calls back with each new position; returns a function that stops it. */
export function onPosition(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** True when asking would not open a permission prompt. False too where the browser cannot tell. */
export async function alreadyAllowed() {
  try {
    return (await navigator.permissions.query({ name: "geolocation" })).state === "granted";
  } catch {
    return false;
  }
}

/** Starts watching when permission stands already; never prompts. */
export async function watchIfAllowed() {
  if (await alreadyAllowed()) startWatch();
}

/** Asks for the position now (this may prompt). Resolves to a position, or rejects with `denied`, `unavailable` or `slow`. */
export function askPosition() {
  if (!navigator.geolocation) return Promise.reject(new Error("unavailable"));
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      (fix) => {
        take(fix);
        startWatch();
        resolve(newest);
      },
      (fault) => reject(new Error(["unavailable", "denied", "unavailable", "slow"][fault.code] || "unavailable")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 10_000 },
    );
  });
}

/** The newest position of the last two minutes as the service takes it, or null. */
export function newestPosition() {
  return newest && nowMs() - Date.parse(newest.at) < USEFUL_FOR_MS ? newest : null;
}

/** Stops watching; what is known stays known until it is too old. */
export function stopWatching() {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
}

function startWatch() {
  if (watch !== null || !navigator.geolocation) return;
  watch = navigator.geolocation.watchPosition(take, () => {}, { enableHighAccuracy: true, maximumAge: 5_000 });
}

function take({ coords, timestamp }) {
  newest = {
    lat: coords.latitude,
    lng: coords.longitude,
    accuracy_m: Math.round(coords.accuracy * 10) / 10,
    crs: "wgs84",
    at: new Date(nowMs() - Math.max(0, Date.now() - timestamp)).toISOString().replace(/\.\d+Z$/, "Z"),
    ...(coords.speed >= 0 && coords.speed !== null ? { speed_mps: Math.round(coords.speed * 100) / 100 } : {}),
  };
  for (const listener of listeners) listener(newest);
}
