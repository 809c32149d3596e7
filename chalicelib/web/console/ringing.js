/** What the ear and the browser's tab are told: which melody, which title. */

import { t } from "../shared/words.js";

/** The melody of the moment: the most urgent ringing priority at a ready seat, else "lost" without a line, else null. */
export function melodyOf({ ringing, seat, lost }) {
  if (seat === "ready" && ringing.length > 0) return ringing[0].priority;
  return lost ? "lost" : null;
}

/** The page's title of the moment; it alternates each second while something rings. */
export function titleOf({ ringing, lost, second }) {
  if (lost) return `【${t("line.short")}】${t("console.title")}`;
  if (ringing.length === 0 || second % 2 === 1) return t("console.title");
  return `🔔【${t("title.ringing", { count: ringing.length })}】`;
}
