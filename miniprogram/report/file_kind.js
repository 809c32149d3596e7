/**
 * What a chosen file really is, told from its first bytes as the service will tell it.
 *
 * WeChat names its temporary files as it likes, so neither the name nor the claimed type is asked.
 */

const MEGABYTE = 1024 * 1024;
const HEIC_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1"];
const AVIF_BRANDS = ["avif", "avis", "avio"];
const MP4_BRANDS = ["isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "M4VH", "M4VP"];

/** How large and how many of each kind the service takes. */
const LIMITS = {
  photo: { mostBytes: 15 * MEGABYTE, most: 9 },
  video: { mostBytes: 200 * MEGABYTE, most: 3 },
};

/** How many of a file's first bytes `kindOf` wants to see. */
const HEAD_BYTES = 64;

/** `{kind, contentType}` by the first bytes of a file, or null when the service would not take it. */
function kindOf(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  if (letters.startsWith("\xff\xd8\xff")) return { kind: "photo", contentType: "image/jpeg" };
  if (letters.startsWith("\x89PNG\r\n\x1a\n")) return { kind: "photo", contentType: "image/png" };
  if (letters.startsWith("RIFF") && letters.slice(8, 12) === "WEBP") return { kind: "photo", contentType: "image/webp" };
  return letters.slice(4, 8) === "ftyp" ? kindOfBrands(letters, new DataView(buffer).getUint32(0)) : null;
}

/* The major brand decides, the compatible ones where it is not known; AVIF shares HEIF's container and brands. */
function kindOfBrands(letters, end) {
  const brands = [letters.slice(8, 12)];
  for (let at = 16; at + 4 <= Math.min(end, letters.length); at += 4) brands.push(letters.slice(at, at + 4));
  if (brands.some((brand) => AVIF_BRANDS.includes(brand)) && !brands[0].startsWith("he")) return null;
  for (const brand of brands) {
    if (HEIC_BRANDS.includes(brand)) return { kind: "photo", contentType: "image/heic" };
    if (brand === "qt  ") return { kind: "video", contentType: "video/quicktime" };
    if (MP4_BRANDS.includes(brand)) return { kind: "video", contentType: "video/mp4" };
  }
  return null;
}

module.exports = { HEAD_BYTES, LIMITS, kindOf };
