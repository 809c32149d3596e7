/**
 * One call from the citizen's side: line, connection, camera, stills and the ladder between them, with no page in it.
 *
 * Loaded after the report is in, so that nothing here can keep a report from being filed.
 */

import { climb, startLadder } from "../../shared/call/ladder.js";
import { openMedia } from "../../shared/call/media.js";
import { countFrames, watchPicture } from "../../shared/call/picture.js";
import { openViewer } from "../../shared/call/viewer.js";
import { keepJoins } from "./joins.js";
import { makeStills } from "./stills.js";

const LOOK_MS = 500;
const FACING = { fengqiao: "user" };

/**
 * Enters the call of a report; asks for camera and microphone.
 *
 * `join` is the way in that came with the report; null asks for one, and until that is refused there may be a line. `on.change(state)` gets `{rung, reason, stills, connected,
 * camera, microphone, muted}` (`rung` and `reason` as the ladder says them); `on.stream(stream)` what the hub sends;
 * `on.own(track)` the own picture or null; `on.over(why)` that the call is over for good: `ended`, `dropped`, `refused`.
 */
export function openCall({ incidentId, mode, join, on }) {
  const facts = {
    supported: hasWebRtc(), online: navigator.onLine, line: true, withheld: false, answered: false, connected: false,
    picture: "none", camera: "asking", microphone: "asking", stills: "ok",
  };
  let ladder = startLadder(mode, performance.now());
  let media = null;
  let viewer = null;
  let watch = null;
  let muted = false;
  let wantsPicture = mode !== "silent";
  let over = false;
  let told = "";
  const joins = keepJoins({ incidentId, first: join, on: { line: know, moved: enter } });
  const stills = makeStills({ incidentId, onState: (state) => know({ stills: state }) });

  function know(news) {
    Object.assign(facts, news);
    look();
  }

  function look() {
    if (over) return;
    facts.online = navigator.onLine;
    ladder = climb(ladder, facts, performance.now());
    stills.send(ladder.stills);
    const { rung, reason } = ladder;
    const { connected, camera, microphone } = facts;
    const state = { rung, reason, stills: ladder.stills, connected, camera, microphone, muted };
    if (JSON.stringify(state) === told) return;
    told = JSON.stringify(state);
    on.change(state);
  }

  function enter() {
    viewer?.close();
    if (!facts.supported || over) return;
    viewer = openViewer({
      fetchJoin: joins.fetchJoin, mode, tracks: media?.tracks ?? {}, on: { state: viewerSays, stream: on.stream },
    });
    viewer.wantPicture(wantsPicture);
  }

  function viewerSays(name, detail) {
    know({ connected: name === "connected" });
    if (name !== "over" || over) return;
    close();
    on.over(detail.why);
  }

  async function openDevices() {
    media?.close();
    know({ camera: "asking", microphone: "asking" });
    const opened = await openMedia({ picture: mode !== "voice", facing: FACING[mode] });
    if (over) return opened.close();
    media = opened;
    media.mute("audio", muted);
    takePicture();
  }

  function takePicture() {
    const { video } = media.tracks;
    void viewer?.send(media.tracks);
    watch?.stop();
    watch = video && watchPicture(video, (picture) => know({ picture }), { frames: framesSent });
    video?.addEventListener("ended", () => video === media.tracks.video && know({ camera: "busy" }));
    stills.source(video);
    on.own(video);
    know({ ...media.states, picture: "none", stills: "ok" });
  }

  async function framesSent() {
    return facts.connected ? countFrames(await viewer.stats(), true) : null;
  }

  /* Whoever comes back from the settings may have allowed there what was refused here. */
  function seenAgain() {
    if (!document.hidden && media && isRefused(media.states)) void openDevices();
  }

  function close() {
    if (over) return;
    over = true;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", seenAgain);
    joins.stop();
    stills.end();
    watch?.stop();
    viewer?.close();
    media?.close();
  }

  const timer = setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", seenAgain);
  enter();
  void openDevices();
  look();
  return {
    /** Whether somebody took the report, so that a connection can be expected. */
    answered: (answered) => facts.answered !== answered && know({ answered }),
    mute(now) {
      muted = now;
      media?.mute("audio", muted);
      look();
    },
    async switchCamera() {
      if (!media?.tracks.video) return;
      await media.switchCamera();
      if (!over) takePicture();
    },
    /** Asks for camera and microphone once more. */
    openDevices,
    /** Asks for the call-taker's picture, or to be spared it. */
    wantPicture(wanted) {
      wantsPicture = wanted;
      viewer?.wantPicture(wanted);
    },
    /** Leaves the call and gives the devices back; the report stays as it is. */
    close,
  };
}

function isRefused({ camera, microphone }) {
  return [camera, microphone].some((state) => ["refused", "busy"].includes(state));
}

/* Some browsers have the name and throw at its use. */
function hasWebRtc() {
  try {
    new RTCPeerConnection().close();
    return true;
  } catch {
    return false;
  }
}
