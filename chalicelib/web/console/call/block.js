/** The live call in an incident's panel: the picture, how it stands, who is in it, and what can be done. */

import { h, say, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { icon } from "../icons.js";
import { callControls } from "./controls.js";
import { partyStrip } from "./parties.js";
import { readyQuestions } from "./questions.js";
import { drawRecording } from "./recording.js";
import { keepSnapshot } from "./snapshot.js";
import { callStage } from "./stage.js";
import { filesOf, hasEnded, isLive, standingOf } from "./standing.js";

/** Makes the block; `look(mediaId)` opens a still large, `say(words)` tells something for a moment. */
export function callBlock({ id, desk, send, look }) {
  const { api, calls } = desk;
  const call = () => calls.of(id);
  const stage = callStage({ look });
  const strip = partyStrip({ call });
  const questions = readyQuestions({ id, send });
  const quiet = h("p.silent-band", { role: "note", hidden: true, "data-testid": "silent-band" }, icon("silent"), t("call.silent"));
  const kept = h("p.call-kept", { role: "status" });
  let data = null;
  let steps = null;
  let keptTimer = 0;
  const controls = callControls({
    mute: () => call().muteOwn(!call().facts.muted),
    camera: () => call().showOwn(!call().facts.camera),
    snapshot,
    resume: () => calls.speak(id),
    reopen: () => calls.reopen(data),
    listen: () => calls.listen(data, false),
    speak: () => calls.listen(data, call().facts.muted),
    leave: () => calls.leave(data),
    stills: () => look(filesOf(data.media, "still").at(-1).media_id),
    escalate: () => send("escalate", {}),
  });
  const element = h(
    "section.call",
    { hidden: true, "data-testid": "call", aria: { label: t("call.label") } },
    quiet, stage.element, kept, controls.element, strip.element,
  );

  async function snapshot() {
    const mediaId = await keepSnapshot({ id, api, picture: stage.picture });
    say(kept, t(mediaId === null ? "call.snapshot_none" : "call.snapshot_kept"));
    kept.classList.toggle("none", mediaId === null);
    clearTimeout(keptTimer);
    keptTimer = setTimeout(() => say(kept, ""), 4000);
  }

  function draw() {
    if (data === null) return;
    const { incident, media, timeline, dispatches } = data;
    const visible = isLive(incident) || filesOf(media, "still").length > 0;
    shown(element, visible);
    if (!visible) return;
    const facts = call()?.facts ?? null;
    const answered = incident.call_taker_id !== null || incident.status === "closed";
    const latest = filesOf(media, "still").at(-1) ?? null;
    const standing = facts === null ? quietStanding(incident, timeline) : standingOf(facts, latest);
    element.dataset.standing = standing;
    element.dataset.mode = incident.mode;
    shown(quiet, incident.mode === "silent");
    stage.show({ facts, standing, media, answered, mode: incident.mode });
    controls.show({ facts, standing, steps, incident, stills: answered ? incident.stills : 0 });
    strip.show({ facts, incident, dispatches });
    questions.show(data, steps);
    shown(stage.recording, facts?.role === "hub");
    drawRecording(stage.recording, facts?.recording ?? null);
  }

  function quietStanding(incident, timeline) {
    if (incident.status === "closed") return "closed";
    if (incident.call_taker_id === null) return hasEnded(timeline) ? "left" : "ringing";
    if (hasEnded(timeline)) return "ended";
    return incident.live_withheld && incident.call_taker_id === desk.session.username() ? "withheld" : "others";
  }

  return {
    element,
    /** The ready questions; they stand beside what is written. */
    questions: questions.element,
    show(fresh, allowed) {
      [data, steps] = [fresh, allowed];
      calls.follow(fresh);
      draw();
    },
    draw,
    beat() {
      stage.beat();
      draw();
    },
    /** Does what a key asks for: `mute` or `snapshot`. */
    act: controls.act,
    remove: strip.stop,
  };
}
