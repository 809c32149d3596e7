/** The buttons of a call: one's own voice and camera, a snapshot as evidence, hold; and, for a commander, listening in. */

import { h, keep, say, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { icon } from "../icons.js";
import { refusalWords } from "../refusals.js";

/**
 * Makes the row. `acts` maps `mute`, `camera`, `snapshot`, `resume`, `reopen`, `listen`, `speak`, `leave` and `escalate`
 * to what they do (each may be async and may throw a refusal).
 */
export function callControls(acts) {
  const row = h("div.call-controls", { role: "toolbar", aria: { label: t("call.controls") } });
  const fault = h("p.refusal", { role: "alert" });
  const reasons = h("p.call-reasons");
  const element = h("div.call-desk", row, fault, reasons);

  function show({ facts, standing, steps, incident, stills }) {
    const buttons = [...buttonsOf({ facts, standing, steps, incident }), ...stillsButton(stills)];
    keep(row, buttons, { keyOf: (one) => one.name, make, update });
    shown(row, row.childElementCount > 0);
    say(reasons, (facts?.reasons ?? []).map((word) => t(word)).join(" · "));
  }

  function make({ name, weight = "" }) {
    const key = { mute: "F10" }[name];
    return h(
      `button.button.call-button${weight ? `.${weight}` : ""}`,
      { type: "button", "data-testid": `call-${name}`, onclick: () => void act(name) },
      h("span.call-icon"), h("span.call-word"), key ? h("kbd", key) : null,
    );
  }

  function update(button, { name, drawn, pressed = null, word = `call.${name}`, count = 0 }) {
    if (button.dataset.drawing !== drawn) button.querySelector(".call-icon").replaceChildren(icon(drawn));
    button.dataset.drawing = drawn;
    say(button.querySelector(".call-word"), t(word, { count }));
    if (pressed !== null) button.setAttribute("aria-pressed", String(pressed));
  }

  async function act(name) {
    const button = row.querySelector(`[data-testid=call-${name}]`);
    if (!button || button.disabled) return;
    button.disabled = true;
    say(fault, "");
    try {
      await acts[name]();
    } catch (error) {
      say(fault, refusalWords(error));
    } finally {
      button.disabled = false;
    }
  }

  return { element, show, act };
}

/* What the ladder sent, to be looked through. */
function stillsButton(count) {
  return count > 0 ? [{ name: "stills", drawn: "picture", word: "picture.stills", count, weight: "quiet" }] : [];
}

function buttonsOf({ facts, standing, steps, incident }) {
  if (facts === null) {
    if (steps.listen) return [{ name: "listen", drawn: "headset" }];
    return standing === "ended" && steps.message ? [{ name: "reopen", drawn: "phone", weight: "primary" }] : [];
  }
  const mute = { name: "mute", drawn: facts.muted ? "microphone_off" : "microphone", pressed: facts.muted, word: facts.muted ? "call.unmute" : "call.mute" };
  const hold = facts.held ? [{ name: "resume", drawn: "phone", weight: "primary" }] : [];
  if (facts.role === "guest") return [...hold, ...guestButtons(facts, mute)];
  const camera = { name: "camera", drawn: facts.camera ? "video110" : "camera_off", pressed: !facts.camera, word: facts.camera ? "call.camera_off" : "call.camera_on" };
  return [
    ...hold,
    mute,
    ...(incident.mode === "voice" ? [] : [camera]),
    ...(standing === "live" ? [{ name: "snapshot", drawn: "photo_text" }] : []),
    ...(steps.escalate ? [{ name: "escalate", drawn: "still", weight: "danger" }] : []),
  ];
}

function guestButtons(facts, mute) {
  if (facts.party === "commander") {
    const speak = { name: "speak", drawn: facts.muted ? "microphone" : "microphone_off", pressed: !facts.muted, word: facts.muted ? "call.speak" : "call.hush" };
    return [speak, { name: "leave", drawn: "close" }];
  }
  return [mute];
}
