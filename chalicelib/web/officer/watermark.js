/** Writes over the picture who looks at it, and when, so that a photograph of the screen names its taker. */

import { fullTime, nowIso } from "../shared/time.js";
import { t } from "../shared/words.js";

const TILT = -0.42;
const STEP = { x: 300, y: 92 };

/** Draws unit, officer, number and the time of the moment over the whole canvas. */
export function drawWatermark(canvas, { unit_name: unit, officer_name: officer, incident }) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio;
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  const brush = canvas.getContext("2d");
  brush.scale(ratio, ratio);
  brush.font = `13px ${getComputedStyle(canvas).fontFamily}`;
  brush.fillStyle = "rgb(255 255 255 / 34%)";
  brush.strokeStyle = "rgb(0 0 0 / 30%)";
  brush.lineWidth = 2;
  brush.translate(width / 2, height / 2);
  brush.rotate(TILT);
  const words = t("live.mark", { unit, officer, number: incident.number, time: fullTime(nowIso()) });
  const reach = Math.hypot(width, height) / 2;
  for (let y = -reach, row = 0; y < reach; y += STEP.y, row += 1) {
    for (let x = -reach - (row % 2) * (STEP.x / 2); x < reach; x += STEP.x + brush.measureText(words).width / 2) {
      brush.strokeText(words, x, y);
      brush.fillText(words, x, y);
    }
  }
}
