/**
 * One peer connection with its control channel, the same at both ends: says when it is connected and, once, when dead.
 *
 * The browser alone notices a lost peer after many seconds, so both ends send a beat and a link on which no byte came
 * for `patienceMs` is dead. The control channel (negotiated, id 0) carries small JSON messages beside the beat.
 */

const BEAT_MS = 500;
const LOOK_MS = 400;
/* A hidden page's timers run once a second; looks further apart than this say that it slept, not that nothing came. */
const ASLEEP_MS = 1250;
const BEAT = "beat";
/* Long enough for a last message to leave. */
const FAREWELL_MS = 250;

/**
 * Makes a link. `on` may have `candidate(candidate)`, `connected()`, `dead(why)`, `track(track)`, `open()` and
 * `told(message)`; `why` is `failed`, `silent` or `closed`.
 */
export function makeLink({ iceServers = [], patienceMs = 2000, on }) {
  const pc = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
  const control = pc.createDataChannel("control", { negotiated: true, id: 0 });
  let early = [];
  let over = false;
  let watch = null;
  let connected = false;

  function die(why) {
    if (over) return;
    close();
    on.dead?.(why);
  }

  function close() {
    still();
    pc.close();
  }

  function still() {
    over = true;
    early = [];
    clearInterval(watch?.beat);
    clearInterval(watch?.look);
  }

  function tell(message) {
    if (control.readyState !== "open") return false;
    control.send(JSON.stringify(message));
    return true;
  }

  pc.onicecandidate = ({ candidate }) => candidate && on.candidate?.(candidate);
  pc.ontrack = ({ track }) => !over && on.track?.(track);
  pc.onconnectionstatechange = () => {
    if (pc.connectionState === "failed") die("failed");
    if (pc.connectionState !== "connected" || connected || over) return;
    connected = true;
    watch = startWatch(pc, control, patienceMs, () => die("silent"));
    on.connected?.();
  };
  control.onopen = () => on.open?.();
  control.onclose = () => die("closed");
  control.onmessage = ({ data }) => !over && data !== BEAT && on.told?.(messageOf(data));

  return {
    pc,
    isConnected: () => connected && !over,
    /** Takes the other side's description, does what `reply` says, and then takes the candidates that came before it. */
    async describe(description, reply = async () => {}) {
      await pc.setRemoteDescription(description);
      const replied = reply();
      for (const candidate of early.splice(0)) void take(pc, candidate);
      await replied;
    },
    async candidate(candidate) {
      if (over) return;
      if (pc.remoteDescription === null) early.push(candidate);
      else await take(pc, candidate);
    },
    /** Sends a small message over the control channel; tells whether it was open. */
    tell,
    close,
    /** Says a last thing and closes; nothing more is told from here. */
    leave(message) {
      still();
      if (tell(message)) setTimeout(() => pc.close(), FAREWELL_MS);
      else pc.close();
    },
  };
}

/* The other side may be anybody's program; what is no message says nothing. */
function messageOf(data) {
  try {
    return Object(JSON.parse(data));
  } catch {
    return {};
  }
}

/* A candidate of an earlier session of the same party belongs to nobody. */
async function take(pc, candidate) {
  try {
    await pc.addIceCandidate(candidate);
  } catch (error) {
    if (!["OperationError", "InvalidStateError", "TypeError"].includes(error.name)) throw error;
  }
}

function startWatch(pc, control, patienceMs, onSilent) {
  let bytes = -1;
  let movedAt = performance.now();
  let lookedAt = movedAt;
  const beat = setInterval(() => control.readyState === "open" && control.send(BEAT), BEAT_MS);
  const look = setInterval(async () => {
    const now = await received(pc);
    const at = performance.now();
    const asleep = at - lookedAt > ASLEEP_MS;
    lookedAt = at;
    if (now !== bytes || asleep) movedAt = at;
    bytes = now;
    if (at - movedAt > patienceMs) onSilent();
  }, LOOK_MS);
  return { beat, look };
}

async function received(pc) {
  let most = 0;
  for (const report of (await pc.getStats()).values()) {
    if (report.type === "transport" || report.type === "candidate-pair") most = Math.max(most, report.bytesReceived ?? 0);
  }
  return most;
}
