/** A live call on the citizen's phone: where it stands, the pictures, the buttons, and the conversation beside it. */

import { fill, h, say, shown } from "../../shared/dom.js";
import { stopwatch } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { follow } from "../follow.js";
import { clearFrame, ringLink } from "../frame.js";
import { icon } from "../icons.js";
import { onMessages } from "../message_outbox.js";
import { newestPosition } from "../position.js";
import { api } from "../session.js";
import { leaveLive, takeFirstJoin } from "./active.js";
import { stayAwake } from "./awake.js";
import { beginCall } from "./begin.js";
import { askToEnd, makeControls } from "./controls.js";
import { makeStage } from "./stage.js";
import { aheadWords, lineWords, troubleWords } from "./state_words.js";
import { makeTalk } from "./talk.js";
import { sendWhere } from "./where.js";

const RING_AFTER_MS = 20_000;
const UNANSWERED = ["waiting", "abandoned"];

/** Draws the call of a report and enters it; `leave(address)` is called when it is over. Gives back what stops it. */
export function showScreen(view, { incidentId, mode, leave }) {
  clearFrame();
  document.body.classList.add("in-call");
  document.title = t("frame.service");
  const state = { mode, record: null, call: null, connectedBefore: false, connectedAt: 0, waitsSince: Date.now(), lost: false, unknown: false };
  const parts = makeParts(incidentId, mode, { end: () => end(), retry: () => call.openDevices(), redraw: () => redraw(), ...buttons() });
  const call = beginCall({ incidentId, mode, join: takeFirstJoin(incidentId), on: callSays() });
  const redraw = () => draw(parts, state);
  const goTo = (address) => (leaveLive(), leave(address));

  function buttons() {
    return { mute: (muted) => call.mute(muted), turn: () => call.switchCamera() };
  }

  function callSays() {
    return {
      change: (now) => (takeCall(state, now), redraw()),
      stream: (stream) => parts.stage.theirs(stream),
      own: (track) => parts.stage.own(track),
      over: () => goTo(`#/reports/${incidentId}`),
    };
  }

  async function end() {
    if (!(await askToEnd({ connected: Boolean(state.call?.connected) }))) return;
    call.close();
    void hangUp(incidentId);
    goTo(`#/reports/${incidentId}`);
  }

  const following = follow(incidentId, {
    onNews: (record) => {
      state.record = record;
      call.answered(!UNANSWERED.includes(record.incident.status));
      if (record.incident.status === "closed") goTo(`#/reports/${incidentId}`);
      else redraw();
    },
    onLost: (lost) => ((state.lost = lost), redraw()),
    onGone: () => goTo("#/reports"),
  });
  const stops = [
    call.close,
    following.stop,
    parts.stage.stop,
    sendWhere(incidentId, { onUnknown: () => ((state.unknown = true), redraw()) }),
    stayAwake(),
    onMessages((news) => (news.to && news.from === incidentId ? goTo(`#/reports/${news.to}`) : (redraw(), following.soon()))),
  ];
  const timer = setInterval(redraw, 1000);
  fill(view, parts.element);
  redraw();
  return () => {
    clearInterval(timer);
    for (const stop of stops) stop();
    document.body.classList.remove("in-call");
  };
}

function makeParts(incidentId, mode, on) {
  const stage = makeStage({ mode });
  const controls = makeControls({ mode, on });
  const talk = makeTalk({ incidentId, mode, onSend: on.redraw });
  const parts = {
    stage,
    controls,
    talk,
    line: h("strong", { role: "status" }),
    ahead: h("span.ahead", { role: "status" }),
    clock: h("span.digits.clock"),
    why: h("span"),
    unplaced: h("p.unplaced", { role: "status", hidden: true }, t("live.unplaced")),
    retry: h("button.button", { type: "button", onclick: on.retry }, icon("again"), t("live.retry")),
    ring: h("div.ring-instead", { hidden: true }, h("span", t("live.ring")), ringLink("a.ring")),
  };
  parts.trouble = h("div.trouble", { role: "status", hidden: true }, icon("info"), parts.why, parts.retry);
  parts.element = h(
    "section.live",
    { dataset: { mode } },
    h(
      "div.picture-side",
      stage.element,
      h(
        "header.call-head",
        h("h1.hidden-words", t(`mode.${mode}`)),
        h("p.call-line", h("span.dot"), parts.line, parts.clock, parts.ahead),
        h("p.taped", icon("record"), t("recorded")),
        parts.ring,
      ),
      h("div.call-foot", parts.unplaced, parts.trouble, controls.element),
    ),
    talk.element,
  );
  return parts;
}

function takeCall(state, now) {
  const was = Boolean(state.call?.connected);
  if (now.connected && !was) state.connectedAt = Date.now();
  if (!now.connected && was) state.waitsSince = Date.now();
  state.connectedBefore ||= now.connected;
  state.call = now;
}

function draw(parts, state) {
  const { call, record, mode, lost } = state;
  const connected = Boolean(call?.connected);
  parts.stage.connected(connected);
  parts.controls.update(call);
  parts.element.dataset.state = connected ? "connected" : "waiting";
  parts.element.dataset.rung = call?.rung ?? "live";
  say(parts.line, lineWords({ incident: record?.incident, ahead: record?.ahead, call, connectedBefore: state.connectedBefore }));
  say(parts.clock, connected ? stopwatch(Math.floor((Date.now() - state.connectedAt) / 1000)) : "");
  say(parts.ahead, connected ? "" : aheadWords(record?.ahead));
  const words = lost ? t("network.lost") : troubleWords(call, { mode, placed: Boolean(record?.incident.position) });
  say(parts.why, words);
  shown(parts.trouble, words !== "");
  shown(parts.retry, !lost && [call?.camera, call?.microphone].some((device) => ["refused", "busy"].includes(device)));
  shown(parts.ring, !connected && Date.now() - state.waitsSince > RING_AFTER_MS);
  shown(parts.unplaced, state.unknown && record !== null && !record.incident.position && !newestPosition());
  if (record) parts.talk.draw(record.entries);
}

/* Safe to repeat; where it does not get through, the line comes back by itself when nobody keeps it. */
async function hangUp(incidentId) {
  await api.post(`reports/${incidentId}/hangup`, {}, { tries: 4, keepalive: true }).catch(() => {});
}
