/** Records a call that this console leads, and says at any time how that stands. */

import { h, fill } from "../../shared/dom.js";
import { startRecorder } from "../../shared/recorder/recorder.js";
import { recordingOf } from "../../shared/recorder/server.js";
import { t } from "../../shared/words.js";

/** Starts the recorder over a stream; `onState` gets what it tells. Answers `{stop()}`. */
export function recordCall({ id, base, headers, stream, onState }) {
  const { progress, send } = recordingOf({ base, incidentId: id, headers });
  return startRecorder({ stream, progress, send, onState });
}

const NOTHING_YET = { off: true };

/** Draws how the recording stands into an element; null while there is nothing to record yet. */
export function drawRecording(element, state) {
  const told = state ?? NOTHING_YET;
  const drawn = JSON.stringify(told);
  if (element.dataset.drawn === drawn) return;
  element.dataset.drawn = drawn;
  const { word, state: name } = standingOf(told);
  element.dataset.state = name;
  const lost = countOf(told.lost);
  fill(element, h("span.recording-lamp"), t(word, facts(told)), lost > 0 ? h("strong", t("recording.lost", { lost })) : null);
}

function standingOf({ off, recording, fault, kept, waiting }) {
  if (off) return { word: "recording.off", state: "off" };
  if (fault) return { word: "recording.broken", state: "broken" };
  if (!recording) return { word: "recording.starting", state: "starting" };
  return countOf(waiting) > 2 ? { word: "recording.waiting", state: "late" } : { word: "recording.on", state: kept > 0 ? "on" : "starting" };
}

function facts({ kept, waiting }) {
  return { count: countOf(kept), waiting: countOf(waiting) };
}

/* Some of the figures are lists of numbers, some are counts. */
function countOf(value) {
  return Array.isArray(value) ? value.length : (value ?? 0);
}
