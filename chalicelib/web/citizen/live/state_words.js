/** What a call's state is called: the short line, and one plain sentence where something is missing and why. */

import { t } from "../../shared/words.js";

/** The line at the top: going in, how many ring before, connected, or trying again. */
export function lineWords({ incident, ahead, call, connectedBefore }) {
  if (call?.connected) return t("live.connected");
  if (connectedBefore) return t("live.again");
  if (call && call.rung !== "live") return incident?.status === "waiting" ? t("live.waiting") : t("live.without");
  if (ahead > 0) return t("live.waiting");
  return t(incident && incident.status !== "waiting" ? "live.answered" : "live.connecting");
}

/** How many ring before this one, in words; empty when nobody, or when it is not waiting. */
export function aheadWords(ahead) {
  if (ahead === null || ahead === undefined) return "";
  return ahead > 0 ? t("live.ahead", { count: ahead }) : t("live.next");
}

/** Why the call is not whole, and what happens instead; empty when all is well. `quiet` keeps to neutral words. */
export function troubleWords(call, { mode, quiet = false, placed = false }) {
  if (!call) return "";
  const own = quiet ? "quiet" : "live";
  if (call.reason) return t("live.trouble", { why: t(`${own}.${call.reason}`), now: t(nowKey(call, own, placed)) });
  if (!["ready", "asking"].includes(call.microphone))
    return t("live.trouble", {
      why: t(`${own}.microphone-${call.microphone}`),
      now: t(mode === "voice" ? `${own}.now.text` : `${own}.now.unheard`),
    });
  return "";
}

function nowKey({ rung, reason }, own, placed) {
  if (rung === "stills" && reason === "ladder.no-webrtc") return `${own}.now.stills-only`;
  return rung === "text" && placed && own === "live" ? "live.now.placed" : `${own}.now.${rung}`;
}
