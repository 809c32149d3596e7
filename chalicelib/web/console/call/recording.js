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

/** Draws how the recording stands into an element; null while there is nothing to record. */
export function drawRecording(element, state) {
  const drawn = JSON.stringify(state);
  if (element.dataset.drawn === drawn) return;
  element.dataset.drawn = drawn;
  element.hidden = state === null;
  if (state === null) return;
  const { word, state: name } = standingOf(state);
  element.dataset.state = name;
  const lost = countOf(state.lost);
  fill(element, h("span.recording-lamp"), t(word, facts(state)), lost > 0 ? h("strong", t("recording.lost", { lost })) : null);
}

function standingOf({ recording, fault, kept, waiting }) {
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
