/**
 * What a chosen file really is, told from its first bytes as the service will tell it.
 *
 * Phones and WeChat name files wrongly often enough (a WebP called .jpg) that the name and the claimed type are not asked.
 */

const MEGABYTE = 1024 * 1024;
const HEAD_BYTES = 64;
const HEIC_BRANDS = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]);
const HEIF_BRANDS = new Set(["mif1", "mif2", "msf1"]);
const AVIF_BRANDS = new Set(["avif", "avis", "avio"]);
const MP4_BRANDS = new Set([
  "isom",
  "iso2",
  "iso3",
  "iso4",
  "iso5",
  "iso6",
  "mp41",
  "mp42",
  "avc1",
  "M4V ",
  "M4VH",
  "M4VP",
]);

/** How large and how many of each kind the service takes. */
export const LIMITS = {
  photo: { mostBytes: 15 * MEGABYTE, most: 9 },
  video: { mostBytes: 200 * MEGABYTE, most: 3 },
};

/** What to name in a file input so that phones offer the right things. */
export const ACCEPT =
  "image/jpeg,image/png,image/webp,image/heic,image/heif,video/mp4,video/quicktime,.heic,.heif,.mov,.mp4";

/** `{kind, contentType}` of a file, or null when the service would not take it. */
export async function kindOf(file) {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const letters = String.fromCharCode(...head);
  if (letters.startsWith("\xff\xd8\xff")) return photo("image/jpeg");
  if (letters.startsWith("\x89PNG\r\n\x1a\n")) return photo("image/png");
  if (letters.startsWith("RIFF") && letters.slice(8, 12) === "WEBP") return photo("image/webp");
  return letters.slice(4, 8) === "ftyp" ? kindOfBrands(letters, head) : null;
}

/* The major brand decides, the compatible ones where it is not known; AVIF shares HEIF's container and brands. */
function kindOfBrands(letters, head) {
  const end = Math.min(new DataView(head.buffer).getUint32(0), letters.length);
  const brands = [letters.slice(8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(letters.slice(at, at + 4));
  if (brands.some((brand) => AVIF_BRANDS.has(brand)) && !HEIC_BRANDS.has(brands[0])) return null;
  for (const brand of brands) {
    if (HEIC_BRANDS.has(brand) || HEIF_BRANDS.has(brand)) return photo("image/heic");
    if (brand === "qt  ") return video("video/quicktime");
    if (MP4_BRANDS.has(brand)) return video("video/mp4");
  }
  return null;
}

function photo(contentType) {
  return { kind: "photo", contentType };
}

function video(contentType) {
  return { kind: "video", contentType };
}
