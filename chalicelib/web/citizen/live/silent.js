/**
 * 静音报警 as its citizen sees it: a dark page with a few words, and a way out that leaves nothing.
 *
 * It has no element that could sound, shows no picture until she asks for one, and opens no dialog. Take every sound,
 * light and word added here for a defect until shown otherwise.
 */

import { fill, h, say } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { follow } from "../follow.js";
import { newKey } from "../../shared/api.js";
import { adoptMessages, holdMessage, onMessages, sendMessage } from "../message_outbox.js";
import { fileReport, waitingQuietly } from "../outbox.js";
import { onSignedOut } from "../session.js";
import { activeLive, enterLive, leaveLive, takeFirstJoin } from "./active.js";
import { beginCall } from "./begin.js";
import { goOnAfterExit, tellOfExit } from "./leaving.js";
import { blank, darken } from "./quiet.js";
import { drawQuietTalk, quietLine, quietWords } from "./quiet_talk.js";
import { troubleWords } from "./state_words.js";
import { sendWhere } from "./where.js";

/**
 * Draws the page and enters the report of this tab, filing it first where it waits. Gives back what stops it.
 *
 * `handedOver` is a report of the mini-program's, `{id, signIn}`: entered once `signIn(onTry)` has resolved to true.
 */
export function showSilent(view, { handedOver = null } = {}) {
  darken();
  const parts = makeParts();
  const state = { id: null, key: null, record: null, call: null, tried: 0, over: false, refused: null, handedOver, stops: [] };
  const act = { say: (text) => speak(text, parts, state), exit: () => exit(view, state), deaf: () => deaf(parts, state) };
  drawParts(view, parts, act);
  state.deafen = onSignedOut(() => refuse("refused", parts, state));
  if (handedOver) void takeOver(parts, state);
  else if (activeLive()?.mode === "silent") enter(activeLive().id, parts, state);
  else void file(parts, state);
  draw(parts, state);
  return () => stop(state);
}

function makeParts() {
  return {
    line: h("p.quiet-state"),
    trouble: h("p.quiet-trouble"),
    picture: h("video.quiet-picture", { playsinline: true, muted: true, hidden: true }),
    talk: h("ol.quiet-talk"),
    deaf: h("button.quiet-chip", { type: "button", aria: { pressed: false } }, t("quiet.deaf")),
  };
}

function drawParts(view, parts, act) {
  parts.picture.muted = true;
  parts.deaf.addEventListener("click", act.deaf);
  fill(
    view,
    h(
      "section.quiet-page",
      h("div.quiet-head", parts.line, parts.deaf),
      parts.trouble,
      parts.picture,
      parts.talk,
      quietWords(act.say),
      quietLine(act.say),
      h("button.quiet-exit", { type: "button", onclick: act.exit }, t("quiet.exit")),
    ),
  );
}

async function file(parts, state) {
  const report = waitingQuietly();
  state.key = report.key;
  try {
    const { incident, call } = await fileReport(report, (tried) => ((state.tried = tried), draw(parts, state)));
    if (state.over) return;
    enterLive(incident, call);
    enter(incident.id, parts, state);
  } catch {
    refuse("refused", parts, state);
  }
}

/* It is in already, and so is what she says meanwhile as soon as the sign-in is: also when she has left. */
async function takeOver(parts, state) {
  const { id, signIn } = state.handedOver;
  state.key = newKey();
  if (!(await signIn((tried) => ((state.tried = tried), draw(parts, state))))) return refuse("reopen", parts, state);
  adoptMessages(state.key, id);
  if (state.left) return tellOfExit(id);
  if (state.over) return undefined;
  enterLive({ id, mode: "silent" });
  return enter(id, parts, state);
}

/* Nothing goes out or comes in any more: that stands there above what was said, and not that somebody is looking. */
function refuse(why, parts, state) {
  if (state.over) return;
  const { record } = state;
  end(state);
  Object.assign(state, { record, refused: state.refused ?? why });
  parts.picture.hidden = true;
  draw(parts, state);
}

function enter(id, parts, state) {
  const redraw = () => draw(parts, state);
  state.id = id;
  state.tried = 0;
  const call = beginCall({
    incidentId: id,
    mode: "silent",
    join: takeFirstJoin(id),
    on: {
      change: (now) => ((state.call = now), redraw()),
      stream: (stream) => show(parts, stream),
      own: () => {},
      over: () => ((state.call = null), redraw()),
    },
  });
  const following = follow(id, {
    onNews: (record) => {
      state.record = record;
      call.answered(!["waiting", "abandoned"].includes(record.incident.status));
      if (record.incident.status === "closed") call.close();
      redraw();
    },
    onLost: (lost) => ((state.lost = lost), redraw()),
    onGone: () => refuse("refused", parts, state),
  });
  state.calls = call;
  if (isPressed(parts.deaf)) call.wantPicture(true);
  state.stops = [
    call.close,
    following.stop,
    sendWhere(id),
    onMessages((news) => (news.to && news.from === id ? goOn(news.to, parts, state) : (redraw(), following.soon()))),
  ];
  redraw();
}

/* A word after the end opens a report that goes on with this one. */
function goOn(id, parts, state) {
  end(state);
  enterLive({ id, mode: "silent" });
  enter(id, parts, state);
}

/* Only the picture is ever attached: there is no way for a sound to come out. */
function show(parts, stream) {
  parts.picture.srcObject = new MediaStream(stream.getVideoTracks());
  parts.picture.play().catch(() => {});
}

/* What she says before the report is in waits with it. */
function speak(text, parts, state) {
  if (state.id) sendMessage(state.id, text, { quiet: true });
  else holdMessage(state.key, text);
  draw(parts, state);
}

function deaf(parts, state) {
  const wanted = !isPressed(parts.deaf);
  parts.deaf.setAttribute("aria-pressed", String(wanted));
  parts.picture.hidden = !wanted;
  state.calls?.wantPicture(wanted);
  if (wanted) speak(t("quiet.deaf"), parts, state);
}

function isPressed(chip) {
  return chip.getAttribute("aria-pressed") === "true";
}

function draw(parts, state) {
  say(parts.line, lineWords(state));
  say(parts.trouble, state.record?.incident.status === "closed" ? "" : troubleWords(state.call, { mode: "silent", quiet: true }));
  drawQuietTalk(parts.talk, state, state.record?.entries ?? [], { over: state.refused !== null });
}

function lineWords({ id, record, call, tried, lost, refused }) {
  if (refused) return t(`quiet.${refused}`);
  if (lost || tried > 0) return t("quiet.lost");
  if (!id || !record) return t("quiet.going");
  const { incident, ahead } = record;
  if (incident.status === "closed") return t("quiet.closed");
  if (call?.connected) return t("quiet.connected");
  if (incident.status !== "waiting" && incident.status !== "abandoned") return t("quiet.answered");
  return ahead > 0 ? t("quiet.ahead", { count: ahead }) : t("quiet.in");
}

/* First the screen, then everything else. */
function exit(view, state) {
  blank(view);
  stop(state);
  leaveLive();
  state.left = true;
  if (state.id) tellOfExit(state.id);
  else if (!state.handedOver) goOnAfterExit();
}

function end(state) {
  for (const one of state.stops) one();
  Object.assign(state, { stops: [], record: null, call: null, calls: null });
}

function stop(state) {
  state.over = true;
  state.deafen();
  end(state);
}
