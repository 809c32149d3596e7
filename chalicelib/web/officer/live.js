/** Whether there is a live picture to join, and the button for it; what speaks WebRTC is loaded when it is wanted. */

import { h } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";

const LIVE = new Set(["video110", "fengqiao", "silent", "voice"]);

let open = null;

/** True while the incident can be joined live. */
export function isLive({ mode, status }) {
  return LIVE.has(mode) && !["closed", "waiting", "abandoned"].includes(status);
}

/** Draws the button that opens the live picture; nothing where there is none. */
export function liveButton(task) {
  if (!isLive(task.incident)) return [];
  const word = task.incident.mode === "voice" ? "live.open.voice" : "live.open";
  return [h("button.button.huge.live-open", { type: "button", onclick: () => void openLive(task) }, icon("video"), t(word))];
}

/** Closes what is open when the incident or the link ended. */
export function closeLive() {
  open?.close();
}

async function openLive(task) {
  if (open !== null) return;
  open = { close: () => {} };
  try {
    const { openCall } = await import("./live_call.js");
    open = openCall(task, () => (open = null));
  } catch (fault) {
    open = null;
    throw fault;
  }
}
