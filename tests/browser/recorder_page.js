/* A console with a call to record: a painted picture and a tone, and a hand on the camera. Evaluated in the page. */
async ({ recorder, server, token, incidentId, limits }) => {
  const { startRecorder } = await import(new URL(`./assets/${recorder}`, document.baseURI));
  const { recordingOf } = await import(new URL(`./assets/${server}`, document.baseURI));

  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d");
  const sound = new AudioContext({ sampleRate: 48000 });
  const tone = new OscillatorNode(sound, { frequency: 440 });
  const volume = new GainNode(sound, { gain: 0.3 });
  const ear = sound.createMediaStreamDestination();
  tone.connect(volume).connect(ear);
  tone.start();

  const stage = { paints: true, colour: "#0a0", states: [], state: null, stopped: null };
  const size = (width, height) => Object.assign(canvas, { width, height });
  size(640, 480);
  let turn = 0;
  setInterval(() => {
    if (!stage.paints) return;
    brush.fillStyle = stage.colour;
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.fillStyle = "#f0f";
    brush.fillRect((turn += 9) % canvas.width, canvas.height / 3, 60, 60);
  }, 40);

  const headers = () => ({ Authorization: token });
  const present = () => fetch("./console/seat", { method: "PUT", headers: { ...headers(), "Content-Type": "application/json" }, body: '{"state":"ready"}' }).catch(() => {});
  present();
  setInterval(present, 4000);

  const stream = new MediaStream([canvas.captureStream(25).getVideoTracks()[0], ear.stream.getAudioTracks()[0]]);
  const recording = startRecorder({
    stream, limits,
    ...recordingOf({ base: document.baseURI, incidentId, headers }),
    onState(state) {
      stage.state = state;
      stage.states.push({ at: Date.now(), ...state });
    },
  });
  globalThis.stage = Object.assign(stage, {
    size,
    camera(on) {
      const [track] = stream.getVideoTracks();
      if (track) stream.removeTrack(track);
      if (on) stream.addTrack(canvas.captureStream(25).getVideoTracks()[0]);
    },
    async stop() {
      stage.stopped = await recording.stop();
      return stage.stopped;
    },
  });
}
