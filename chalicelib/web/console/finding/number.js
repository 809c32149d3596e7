/** Incident numbers as people type and say them. */

const ALIKE = { O: "0", I: "1", L: "1" };

/** How many signs a whole number has, its dash left out. */
export const WHOLE = 13;

/** A number as it is compared: whatever its width, case, spaces and dashes, and O, I, L as the digits they look like. */
export function spoken(text) {
  const plain = text.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "");
  return plain.replace(/[OIL]/g, (letter) => ALIKE[letter]);
}
