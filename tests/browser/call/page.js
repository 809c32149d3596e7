/** A page that plays one side of a call for the tests: stamped pictures, tones, and what is seen and heard. */

import { openHub } from "./web/shared/call/hub.js";
import * as ladder from "./web/shared/call/ladder.js";
import { openMedia } from "./web/shared/call/media.js";
import * as offers from "./web/shared/call/offer.js";
import { countFrames, watchPicture } from "./web/shared/call/picture.js";
import * as routing from "./web/shared/call/routing.js";
import { openViewer } from "./web/shared/call/viewer.js";
import "./stamps.js";

const { now, paint: paintTime, follow, seen } = globalThis.stamps;

const WIDTH = 640;
const HEIGHT = 480;
const sound = new AudioContext({ sampleRate: 48000 });
const log = [];

/** A moving picture that carries the time it was painted. */
function paint() {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const brush = canvas.getContext("2d");
  let count = 0;
  const draw = () => {
    brush.fillStyle = `hsl(${(count += 7) % 360} 70% 50%)`;
    brush.fillRect(0, 0, WIDTH, HEIGHT);
    paintTime(brush);
  };
  draw();
  setInterval(draw, 40);
  return canvas.captureStream(25).getVideoTracks()[0];
}

/** A picture of one colour. */
function plain(colour) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const brush = canvas.getContext("2d");
  const draw = () => {
    brush.fillStyle = colour;
    brush.fillRect(0, 0, WIDTH, HEIGHT);
  };
  draw();
  const timer = setInterval(draw, 40);
  const track = canvas.captureStream(25).getVideoTracks()[0];
  return { track, freeze: () => clearInterval(timer) };
}

function tone(hertz) {
  const wave = new OscillatorNode(sound, { frequency: hertz });
  const gain = new GainNode(sound, { gain: 0.2 });
  const out = sound.createMediaStreamDestination();
  wave.connect(gain).connect(out);
  wave.start();
  return out.stream.getAudioTracks()[0];
}

/** Shows a picture and notes each frame's age and the gaps between frames. */
function look(track) {
  const video = document.createElement("video");
  Object.assign(video, { autoplay: true, muted: true, playsInline: true, srcObject: new MediaStream([track]) });
  document.body.replaceChildren(video);
  follow(video);
}

let ear = null;

/** Listens to a stream's sound; `hear()` then tells how loud a tone is in it. */
function listen(stream) {
  ear?.source.disconnect();
  ear = null;
  const tracks = stream.getAudioTracks();
  if (tracks.length === 0) return;
  const pull = new Audio();
  Object.assign(pull, { muted: true, srcObject: stream });
  void pull.play();
  const source = sound.createMediaStreamSource(new MediaStream(tracks));
  const analyser = new AnalyserNode(sound, { fftSize: 8192, smoothingTimeConstant: 0, minDecibels: -200 });
  source.connect(analyser);
  ear = { source, analyser, pull };
}

/** The level of a tone in dB, or null where there is nothing to listen to. */
function hear(hertz) {
  if (ear === null) return null;
  const bins = new Float32Array(ear.analyser.frequencyBinCount);
  ear.analyser.getFloatFrequencyData(bins);
  const middle = Math.round(hertz / (sound.sampleRate / ear.analyser.fftSize));
  return Math.max(-200, ...bins.slice(middle - 2, middle + 3));
}

async function fetchJoin(address) {
  const answer = await fetch(address, { method: "POST" });
  const facts = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(facts.type), { status: answer.status, type: facts.type });
  return facts;
}

function enter({ incident, name, line = incident, mode = "video110", hertz = 440, video = true, limits = {} }) {
  const party = name.split(".")[0];
  const tracks = { audio: hertz ? tone(hertz) : null, video: video && party === "citizen" ? paint() : null };
  const state = (said, detail) => {
    log.push({ at: now(), state: said, why: detail?.why ?? detail?.type ?? detail });
    page.state = said;
  };
  const stream = (remote) => {
    page.stream = remote;
    listen(remote);
    if (remote.getVideoTracks().length > 0) look(remote.getVideoTracks()[0]);
  };
  page.told = [];
  page.pictures = [];
  page.viewer = openViewer({
    fetchJoin: () => fetchJoin(`./join/viewer/${line}/${incident}/${name}`), mode, party, tracks, limits,
    on: { state, stream, told: (message) => page.told.push(message), picture: (side, said) => page.pictures.push([side, said]) },
  });
  page.tracks = tracks;
}

function host({ incident, seat = "seat1", mode = "video110", hertz = 2000, admitted = [], limits = {} }) {
  page.hub = openHub({
    incidentId: incident, silent: mode === "silent", fetchJoin: () => fetchJoin(`./join/master/${incident}/${seat}`),
    tracks: { audio: hertz ? tone(hertz) : null, video: paint() }, admitted, limits,
    on: {
      parties: (list) => (page.parties = list),
      picture: (track) => track && look(track),
      channel: ({ state }) => log.push({ at: now(), channel: state }),
      told: (name, message) => page.told.push([name, message]),
    },
  });
  page.told = [];
  listen(page.hub.sound);
}

async function figures(report) {
  const found = [];
  for (const one of (await report)?.values() ?? []) if (/bound-rtp$/.test(one.type) && !one.type.startsWith("remote")) found.push(one);
  return found.map(({ type, kind, framesDecoded, framesEncoded, bytesReceived, bytesSent }) => ({ type, kind, framesDecoded, framesEncoded, bytesReceived, bytesSent }));
}

async function wire(path) {
  const { signaling_url } = await fetchJoin(path);
  const socket = new WebSocket(signaling_url);
  await new Promise((opened) => (socket.onopen = opened));
  return socket;
}

/** A master of its own make: answers every offer, and says that it answers another session's while `answerTo` is set. */
async function answerAs(session, path) {
  page.answerTo = session;
  page.answered = [];
  const socket = await wire(path);
  let pc = null;
  socket.onmessage = async ({ data }) => {
    const { messageType, messagePayload, senderClientId } = JSON.parse(data);
    if (messageType !== "SDP_OFFER") return;
    pc?.close();
    pc = new RTCPeerConnection();
    pc.createDataChannel("control", { negotiated: true, id: 0 });
    await pc.setRemoteDescription(JSON.parse(atob(messagePayload)));
    await pc.setLocalDescription();
    if (pc.iceGatheringState !== "complete") await new Promise((done) => (pc.onicegatheringstatechange = () => pc.iceGatheringState === "complete" && done()));
    const answer = { ...pc.localDescription.toJSON(), offer: page.answerTo };
    socket.send(JSON.stringify({ action: "SDP_ANSWER", messagePayload: btoa(JSON.stringify(answer)), recipientClientId: senderClientId }));
    page.answered.push(answer.offer);
  };
}

/** The two answers to one offer that is sent twice. */
async function offerTwice(path) {
  const socket = await wire(path);
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  await pc.setLocalDescription();
  const answers = [];
  return new Promise((done) => {
    const offer = () => socket.send(JSON.stringify({ action: "SDP_OFFER", messagePayload: btoa(JSON.stringify(pc.localDescription)) }));
    socket.onmessage = ({ data }) => {
      const { messageType, messagePayload } = JSON.parse(data);
      if (messageType !== "SDP_ANSWER") return;
      if (answers.push(messagePayload) === 2) done(answers);
      else offer();
    };
    offer();
  });
}

const page = {
  state: null, viewer: null, hub: null, stream: null, parties: [], told: [], seen, log,
  answerAs, offerTwice, answered: [], answerTo: undefined, enter, host, hear, figures, now, paint, plain, tone, look, listen,
  openMedia, watchPicture, countFrames, openViewer, openHub, offers, routing, ladder,
};
window.page = page;
