/** The county this page serves, and whether a position lies in it. */

import { language, t } from "../shared/words.js";
import { api } from "./session.js";
import { keepHere, recall } from "./storage.js";

let county = recall("county");

/** Loads the county; the copy of last time stands in while nobody answers. Throws only when there is neither. */
export async function loadCounty() {
  try {
    county = await api.get("county", {}, { tries: county ? 1 : 4, timeoutMs: county ? 4000 : 12000 });
    keepHere("county", county);
  } catch (error) {
    if (!county) throw error;
  }
  return county;
}

/** The county as loaded, or null before. */
export function theCounty() {
  return county;
}

/** The bureau's name in the language shown. */
export function bureauName() {
  if (!county) return t("bureau.unknown");
  return t("bureau.name", { county: language() === "en" ? county.name_en : county.name });
}

/** The number to ring. */
export function emergencyNumber() {
  return county?.emergency_number || "110";
}

/** The number to text, or null. */
export function textNumber() {
  return county?.text_number || null;
}

/** Asks where a position lies: `{verdict, notice, …}`, the notice in the language shown, or null when nobody answers. A notice never stops a report. */
export async function jurisdictionOf({ lat, lng, accuracy_m, crs }) {
  try {
    const found = await api.get("jurisdiction", { lat, lng, accuracy_m, crs }, { tries: 2, timeoutMs: 6000 });
    return { ...found, notice: (language() === "en" && found.notice_en) || found.notice };
  } catch {
    return null;
  }
}
