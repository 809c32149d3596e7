/**
 * Decides what a citizen's page sends: live picture, a still every two seconds, or text and position alone.
 *
 * Pure: the page tells what it knows and the time, and gets the next state. It goes down by itself and up again when it
 * can, and always says why it stands where it stands (`reason` is a key of the words, or null while all is well).
 */

export const PATIENCE_MS = 8000;
/* Sooner than this a step up would flicker. */
const STEADY_MS = 2000;
/* A call that comes back this fast needs no stills. */
const GAP_MS = 3000;
/* From text, stills are tried again this often. */
const PROBE_MS = 15_000;

/** The state a report starts in. `mode` is the incident's. */
export function startLadder(mode, nowMs) {
  return { mode, rung: "live", reason: null, stills: false, since: nowMs, noLiveSince: nowMs, liveSince: null, connectedBefore: false };
}

/**
 * The state after what is known now.
 *
 * `facts`: `supported` (the browser has WebRTC), `online`, `line` (a call was given), `withheld` (a call-taker has to open it first), `answered` (somebody took it, so
 * that a connection can be expected), `connected`, `picture` (`alive`, `dead`, `blank` or `none`: ours, as it leaves),
 * `camera` and `microphone` (`ready`, `refused`, `missing`, `busy` or `asking`), `stills` (`ok`, `blank` or `failing`).
 * Of the state, `rung` is `live`, `stills` or `text`, and `stills` tells whether a still should go out every 2 s now:
 * also while nobody has answered yet, for the console's preview.
 */
export function climb(state, facts, nowMs) {
  const next = clocks(state, facts, nowMs);
  const trouble = liveTrouble(next, facts, nowMs);
  const wanted = trouble === null ? { rung: "live", reason: cameraReason(next, facts) } : below(next, facts, trouble, nowMs);
  if (state.rung !== "live" && wanted.rung === "live" && !isSteady(next, nowMs) && !hasGotLine(state, facts)) {
    return { ...next, stills: canStill(next, facts) };
  }
  const since = wanted.rung === state.rung ? state.since : nowMs;
  return { ...next, ...wanted, since, stills: sendsStills(next, wanted, facts, nowMs) };
}

function clocks(state, facts, nowMs) {
  const live = isLive(state.mode, facts);
  const expected = facts.line && (facts.answered || state.connectedBefore);
  return {
    ...state,
    connectedBefore: state.connectedBefore || facts.connected,
    liveSince: live ? (state.liveSince ?? nowMs) : null,
    noLiveSince: facts.connected || !expected ? nowMs : state.noLiveSince,
  };
}

function isLive(mode, facts) {
  return facts.connected && (mode === "voice" || facts.picture === "alive" || cameraTrouble(facts) !== null);
}

function isSteady(state, nowMs) {
  return state.liveSince !== null && nowMs - state.liveSince >= STEADY_MS;
}

/* Who had no line and has one now waits like everybody else: for an answer, or for the connection. */
function hasGotLine(state, facts) {
  return state.reason === "ladder.no-line" && facts.line;
}

/* Why live does not do, or null. A camera that is not there leaves a live call of sound, if there is sound. */
function liveTrouble(state, facts, nowMs) {
  if (!facts.supported) return "ladder.no-webrtc";
  if (!facts.line && !facts.connected) return facts.withheld ? "ladder.withheld" : "ladder.no-line";
  if (nowMs - state.noLiveSince >= PATIENCE_MS) return facts.online ? "ladder.no-connection" : "ladder.offline";
  if (state.rung !== "live" && !facts.connected && !hasGotLine(state, facts)) return state.reason;
  if (state.mode === "voice") return null;
  const camera = cameraTrouble(facts);
  if (camera !== null) return facts.microphone === "ready" || facts.microphone === "asking" ? null : camera;
  if (facts.connected && facts.picture === "dead") return "ladder.picture-dead";
  if (facts.connected && facts.picture === "blank") return "ladder.camera-blank";
  return null;
}

function below(state, facts, trouble, nowMs) {
  if (!canStill(state, facts)) return { rung: "text", reason: cameraReason(state, facts) ?? trouble };
  const tried = nowMs - state.since;
  const hopeful = state.rung === "text" ? tried >= PROBE_MS : state.rung === "live" || tried < PATIENCE_MS;
  if (facts.stills === "ok" || hopeful) return { rung: "stills", reason: trouble };
  return { rung: "text", reason: facts.stills === "blank" ? "ladder.camera-blank" : "ladder.stills-failing" };
}

function sendsStills(state, wanted, facts, nowMs) {
  if (!canStill(state, facts) || wanted.rung === "text") return false;
  if (wanted.rung === "stills") return true;
  const gap = state.connectedBefore && nowMs - state.noLiveSince < GAP_MS;
  return !facts.connected && !gap;
}

function canStill(state, facts) {
  return state.mode !== "voice" && facts.camera === "ready";
}

function cameraReason(state, facts) {
  return state.mode === "voice" ? null : cameraTrouble(facts);
}

function cameraTrouble({ camera }) {
  return camera === "ready" || camera === "asking" ? null : `ladder.camera-${camera}`;
}
