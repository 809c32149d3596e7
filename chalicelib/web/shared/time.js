/** Shows times of day as the bureau's clocks do and ages by the service's clock, not the device's. */

const ZONE = "Asia/Shanghai";
const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

const EXACT_MS = 2000;

let aheadMs = 0;

/** Learns from the `Date` header of an answer how far the service's clock is ahead; it is exact to the second only. */
export function learnNow(header) {
  const told = Date.parse(header);
  if (!Number.isFinite(told)) return;
  const ahead = told + 500 - Date.now();
  aheadMs = Math.abs(ahead) > EXACT_MS ? ahead : 0;
}

/** The service's time, in milliseconds since 1970. */
export function nowMs() {
  return Date.now() + aheadMs;
}

/** Seconds since a time; never below 0. */
export function ageSeconds(iso) {
  return Math.max(0, Math.floor((nowMs() - Date.parse(iso)) / 1000));
}

/** "16:08:31", Beijing time. */
export function clock(iso) {
  const at = parts(iso);
  return `${at.hour}:${at.minute}:${at.second}`;
}

/** "16:08" today, "11-21 16:08" on another day, "2025-11-21 16:08" in another year; Beijing time. */
export function shortTime(iso) {
  const at = parts(iso);
  const today = parts(nowMs());
  const day = at.year === today.year ? `${at.month}-${at.day}` : `${at.year}-${at.month}-${at.day}`;
  const same = at.year === today.year && at.month === today.month && at.day === today.day;
  return `${same ? "" : `${day} `}${at.hour}:${at.minute}`;
}

/** "2026-11-22 16:08:31", Beijing time. */
export function fullTime(iso) {
  const at = parts(iso);
  return `${at.year}-${at.month}-${at.day} ${at.hour}:${at.minute}:${at.second}`;
}

/** "2:05" or "1:02:05": how long something waits. */
export function stopwatch(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** The value for a `datetime-local` input, Beijing time. */
export function toInput(iso) {
  const at = parts(iso);
  return `${at.year}-${at.month}-${at.day}T${at.hour}:${at.minute}`;
}

/** RFC 3339 in UTC of what a `datetime-local` input holds as Beijing time; China has had no summer time since 1991. */
export function fromInput(value) {
  return new Date(`${value}${value.length === 16 ? ":00" : ""}+08:00`).toISOString().replace(/\.\d+Z$/, "Z");
}

/** RFC 3339 in UTC, to the second, of the service's present. */
export function nowIso() {
  return new Date(nowMs()).toISOString().replace(/\.\d+Z$/, "Z");
}

function parts(time) {
  const made = PARTS.formatToParts(typeof time === "number" ? time : Date.parse(time));
  return Object.fromEntries(made.map(({ type, value }) => [type, value]));
}
