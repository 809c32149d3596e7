/** How numbers, places and ages read at the console. */

import { ageSeconds } from "../shared/time.js";
import { language, t } from "../shared/words.js";

/** "138 0536 2210": a mainland mobile number in the groups people say it in; others as they are. */
export function spaced(phone) {
  const mobile = /^(?:\+?86)?(1\d{2})(\d{4})(\d{4})$/.exec(phone);
  return mobile ? mobile.slice(1).join(" ") : phone;
}

/** The best words for a place: confirmed or told first, then what the gazetteer says is near; "" when there are none. */
export function placeWords(place) {
  if (!place) return "";
  if (place.words && place.near && !place.confirmed) return `${place.words}（${place.near}）`;
  return place.words || place.near || "";
}

/** The county's name in the language shown. */
export function countyName(county) {
  return language() === "en" ? county.name_en : county.name;
}

/** "3 分钟前" for a time in RFC 3339, or that nobody said when. */
export function ago(iso) {
  if (!iso) return t("ago.unknown");
  const seconds = ageSeconds(iso);
  if (seconds < 60) return t("ago.seconds", { count: seconds });
  if (seconds < 3600) return t("ago.minutes", { count: Math.floor(seconds / 60) });
  return t("ago.hours", { count: Math.floor(seconds / 3600) });
}

/** "2.4 MB". */
export function sizeWords(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** "HEIC", "JPEG", "MOV". */
export function formatOf({ content_type: type }) {
  return type === "video/quicktime" ? "MOV" : type.split("/")[1].toUpperCase();
}
