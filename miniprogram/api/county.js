/** The county this client serves, and whether a position lies in it. */

const config = require("../config.js");
const { get } = require("./api.js");
const { send } = require("./http.js");
const { keepHere, recall } = require("./storage.js");
const { language, t } = require("../words/words.js");

/** Loads the county and keeps the little of it that is shown; throws when nobody answers. */
async function loadCounty() {
  const { name, name_en: nameEn, emergency_number: number, text_number: textNumber } = await send({
    method: "GET",
    path: "county",
    timeoutMs: 6000,
  });
  keepHere("county", { name, nameEn, number, textNumber });
}

/** What is known of the county: `{name, nameEn, number, textNumber}`, each perhaps missing. */
function theCounty() {
  return recall("county") || {};
}

/** The bureau's name in the language shown. */
function bureauName() {
  const { name, nameEn } = theCounty();
  if (!name) return t("all.bureau.unknown");
  return t("all.bureau", { county: language() === "en" ? nameEn : name });
}

/** The number to ring; known even before anything was ever loaded. */
function emergencyNumber() {
  return theCounty().number || config.emergencyNumber;
}

/** Asks where a position lies: `{verdict, notice, …}`, the notice in the language shown; null when nobody answers. */
async function jurisdictionOf({ lat, lng, accuracy_m, crs }) {
  try {
    const found = await get("jurisdiction", { lat, lng, accuracy_m, crs }, { tries: 2, timeoutMs: 6000 });
    return { ...found, notice: (language() === "en" && found.notice_en) || found.notice };
  } catch (fault) {
    return null;
  }
}

module.exports = { bureauName, emergencyNumber, jurisdictionOf, loadCounty, theCounty };
