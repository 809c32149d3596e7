/** Times of day as the bureau's clocks show them. China has had no summer time since 1991, so Beijing is UTC+8. */

const BEIJING_MS = 8 * 3600 * 1000;

/** "16:08" today, "11-21 16:08" on another day, "2025-11-21 16:08" in another year; Beijing time. */
function shortTime(iso) {
  const [day, time] = parts(Date.parse(iso));
  const [today] = parts(Date.now());
  if (day === today) return time;
  return `${day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day} ${time}`;
}

/** "2026-11-22 16:08"; Beijing time. */
function fullTime(iso) {
  return parts(Date.parse(iso)).join(" ");
}

function parts(milliseconds) {
  const text = new Date(milliseconds + BEIJING_MS).toISOString();
  return [text.slice(0, 10), text.slice(11, 16)];
}

module.exports = { fullTime, shortTime };
