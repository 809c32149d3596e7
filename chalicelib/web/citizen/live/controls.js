/** The buttons of a call: mute, turn the camera, end. Ending asks once, and never with the word for calling off. */

import { h, say, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { ask } from "../dialog.js";
import { icon } from "../icons.js";

/** Makes the buttons; `on.mute(muted)`, `on.turn()` and `on.end()`. `update(call)` brings them in line with the call. */
export function makeControls({ mode, on }) {
  let muted = false;
  const mute = button("mute", "mic", () => on.mute(!muted));
  const turn = button("turn", "turn", on.turn);
  const end = button("end", "hangup", on.end);
  mute.setAttribute("aria-pressed", "false");
  turn.hidden = true;
  return {
    element: h("div.controls", mute, turn, end),
    update(call) {
      muted = Boolean(call?.muted);
      mute.disabled = call?.microphone !== "ready";
      mute.setAttribute("aria-pressed", String(muted));
      say(mute.lastElementChild, t(muted ? "live.unmute" : "live.mute"));
      shown(turn, mode !== "voice" && call?.camera === "ready");
    },
  };
}

/** Asks whether the call is to end; resolves to true for 结束. */
export async function askToEnd({ connected }) {
  const chosen = await ask({
    title: t("live.end.title"),
    lines: [t(connected ? "live.end.connected" : "live.end.waiting")],
    choices: [
      { label: t("live.end.stay"), value: false, kind: "primary" },
      { label: t("live.end"), value: true, kind: "call" },
    ],
  });
  return chosen === true;
}

function button(name, drawn, act) {
  return h(`button.control.${name}`, { type: "button", onclick: act }, h("span.round", icon(drawn)), h("span.name", t(`live.${name}`)));
}
