/** Makes idempotency keys. */

/**
 * A key nobody used before: 128 bits, half of them of the clock and a count. It is no secret; the service ties it to
 * the citizen who sends it.
 */
function newKey() {
  count += 1;
  const parts = [Date.now(), count, Math.random() * 2 ** 32, Math.random() * 2 ** 32];
  return parts.map((part) => Math.floor(part).toString(16).padStart(8, "0")).join("-");
}

let count = 0;

module.exports = { newKey };
