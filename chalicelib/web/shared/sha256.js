/**
 * SHA-256 by the browser itself.
 *
 * `crypto.subtle` takes a whole buffer and no stream, so a file is read into memory once: 200 MB at most, one file at a time.
 */

/** The SHA-256 of a text or of a Blob as 64 lower-case hex digits. Needs a secure context (https, or loopback). */
export async function sha256Hex(content) {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : await content.arrayBuffer();
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
