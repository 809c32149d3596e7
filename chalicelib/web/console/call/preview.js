/**
 * A hint of what a waiting citizen's camera shows: never clear before somebody has answered.
 *
 * The still is drawn down to a handful of pixels before it is put on the page, so there is nothing to sharpen.
 */

import { h, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";

const SIZE = { width: 20, height: 15 };

/** Makes the hint; `show(still)` draws one, null hides it. */
export function blurredStill() {
  const canvas = h("canvas.blurred", { ...SIZE, hidden: true, role: "img", "data-testid": "blurred", aria: { label: t("call.blurred") } });
  const brush = canvas.getContext("2d");
  let shownId = null;

  function show(still) {
    if (still === null) {
      shownId = null;
      return shown(canvas, false);
    }
    if (still.media_id === shownId) return canvas;
    shownId = still.media_id;
    const image = new Image();
    image.onload = () => {
      if (shownId !== still.media_id) return;
      brush.imageSmoothingQuality = "high";
      brush.drawImage(image, 0, 0, SIZE.width, SIZE.height);
      shown(canvas, true);
    };
    image.onerror = () => shownId === still.media_id && (shownId = null);
    image.src = still.url;
    return canvas;
  }

  return { element: canvas, show };
}
