/** 使用我的位置 in the form: asks on a tap only, shows how exact it is and where on the county's map, and says at once when it is outside. */

import { fill, h } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { jurisdictionOf, theCounty } from "./county.js";
import { icon } from "./icons.js";
import { askPosition, newestPosition, onPosition } from "./position.js";

/** The field, as `{element, stop}`. */
export function positionField() {
  const said = h("div.where-said", { aria: { live: "polite" } });
  const sketch = h("div.sketch", { hidden: true });
  const button = h("button.button", { type: "button" }, icon("place"), h("span", t("position.use")));
  const shown = { map: null, verdict: null, asked: false, gone: false };
  const show = (position) => showPosition(position, { said, sketch, button, shown });
  button.addEventListener("click", async () => {
    button.disabled = true;
    fill(said, h("p.muted.small", t("position.asking")));
    try {
      show(await askPosition());
    } catch (fault) {
      fill(said, h("p.notice.warn", icon("info"), h("span", t(`position.${fault.message}`))));
    }
    button.disabled = false;
  });
  const stop = onPosition(show);
  if (newestPosition()) show(newestPosition());
  const leave = () => {
    stop();
    shown.gone = true;
    shown.map?.remove();
  };
  return { element: h("div.where", button, said, sketch), stop: leave };
}

async function showPosition(position, { said, sketch, button, shown }) {
  button.hidden = true;
  const line = h(
    "p.have",
    icon("check"),
    h("span", t("position.have", { metres: Math.max(1, Math.round(position.accuracy_m)) })),
  );
  fill(said, line, shown.verdict?.verdict === "outside" ? outside(shown.verdict) : null);
  drawOn(sketch, position, shown);
  if (shown.asked) return;
  shown.asked = true;
  shown.verdict = await jurisdictionOf(position);
  if (shown.verdict?.verdict === "outside") fill(said, line, outside(shown.verdict));
}

function outside({ notice }) {
  return h("p.notice.warn", icon("warning"), h("span", notice || t("outside.title")));
}

/* The map comes late and by itself: the form never waits for it. */
async function drawOn(sketch, position, shown) {
  if (!theCounty()?.outline) return;
  const loaded = await import("../shared/map.js").catch(() => null);
  if (loaded === null) return; // No network: the position is sent without a picture of it.
  if (shown.gone) return;
  sketch.hidden = false;
  shown.map ??= loaded.countyMap(sketch, theCounty(), { label: t("position.map") });
  shown.map.position(position, t("position.me"));
  shown.map.fit();
}
