/** SHA-256 in plain JavaScript (FIPS 180-4), for WeChat versions that cannot digest a file by themselves. */

const ROUNDS = firstPrimes(64).map((prime) => fraction(Math.cbrt(prime)));
const START = firstPrimes(8).map((prime) => fraction(Math.sqrt(prime)));
const BLOCK = 64;

/**
 * The SHA-256 in hex of `size` bytes that `read(from, length)` brings piece by piece, `pieceBytes` (a multiple of 64) at a time.
 */
async function sha256Of(size, pieceBytes, read) {
  const state = Int32Array.from(START);
  for (let from = 0; from + pieceBytes <= size; from += pieceBytes) {
    absorb(state, new Uint8Array(await read(from, pieceBytes)));
  }
  const rest = size % pieceBytes;
  absorb(state, padded(rest ? new Uint8Array(await read(size - rest, rest)) : new Uint8Array(0), size));
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function padded(bytes, size) {
  const whole = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor((size * 8) / 2 ** 32));
  view.setUint32(whole.length - 4, (size * 8) >>> 0);
  return whole;
}

function absorb(state, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Int32Array(64);
  for (let at = 0; at < bytes.length; at += BLOCK) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 64; i += 1) words[i] = spread(words, i);
    mix(state, words);
  }
}

function spread(words, i) {
  const [early, late] = [words[i - 15], words[i - 2]];
  const first = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
  const second = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
  return (words[i - 16] + first + words[i - 7] + second) | 0;
}

/* Turned in one array of eight that is read from another start each round: iPhones run this without a compiler. */
function mix(state, words) {
  const v = Int32Array.from(state);
  for (let i = 0; i < 64; i += 1) {
    const at = 64 - i;
    const h = (at + 7) & 7;
    const a = v[at & 7];
    const b = v[(at + 1) & 7];
    const c = v[(at + 2) & 7];
    const e = v[(at + 4) & 7];
    const choice = (e & v[(at + 5) & 7]) ^ (~e & v[(at + 6) & 7]);
    const first = (v[h] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + ROUNDS[i] + words[i]) | 0;
    v[(at + 3) & 7] += first;
    v[h] = first + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
  }
  for (let i = 0; i < 8; i += 1) state[i] += v[i];
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

function fraction(number) {
  return Math.floor((number % 1) * 2 ** 32) | 0;
}

function firstPrimes(count) {
  const primes = [];
  for (let n = 2; primes.length < count; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
  return primes;
}

module.exports = { sha256Of };
