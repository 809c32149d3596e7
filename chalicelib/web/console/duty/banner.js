/** The banner that says when no commander is on duty; it asks once a minute. */

import { h, say, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";

const EVERY_MS = 60 * 1000;

/** Makes the banner; `refresh()` asks at once, `draw()` says it again in another language. */
export function dutyBanner({ api }) {
  const element = h("p.banner.nobody", { role: "alert", hidden: true, "data-testid": "nobody-on-duty" });
  let roster = null;

  function draw() {
    if (roster === null) return;
    shown(element, roster.on_duty.length === 0);
    const words = roster.fallback ? t("duty.nobody", { fallback: roster.fallback.name }) : t("duty.nobody.alone");
    if (!element.hidden) say(element, words);
  }

  /* What cannot be read now is read in a minute; the line has a banner of its own. */
  async function refresh() {
    try {
      roster = await api.get("console/duty", { days: 1 });
    } catch {
      return;
    }
    draw();
  }

  void refresh();
  setInterval(() => void refresh(), EVERY_MS);
  return { element, refresh, draw };
}
