/** Gives a page a face that moves and tells its time (stamps.js) and a voice of one tone, and tells what is played: called with the tone in Hz and the pictures a second. */
(hertz, rate) => {
  const played = new Set();
  const ears = new WeakMap();
  let context = null;
  const sound = () => (context ??= new AudioContext({ sampleRate: 48000 }));
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function (...rest) {
    played.add(this);
    return play.apply(this, rest);
  };
  function voice() {
    const wave = new OscillatorNode(sound(), { frequency: hertz });
    const out = sound().createMediaStreamDestination();
    wave.connect(new GainNode(sound(), { gain: 0.2 })).connect(out);
    wave.start();
    void sound().resume();
    return out.stream.getAudioTracks()[0];
  }
  /* The other camera of this phone gives an upright picture. */
  const turned = ({ facingMode }) => facingMode?.exact === "user";
  window.camera110 = { moves: true };
  function face({ upright }) {
    const [width, height] = upright ? [480, 640] : [640, 480];
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const brush = canvas.getContext("2d");
    let turn = 0;
    const draw = () => {
      if (track.readyState === "ended") clearInterval(timer);
      if (!window.camera110.moves) return;
      brush.fillStyle = `hsl(${hertz % 360} 55% 45%)`;
      brush.fillRect(0, 0, width, height);
      brush.fillStyle = "#fff";
      brush.font = "40px sans-serif";
      brush.fillText(`${hertz} Hz  ${(turn += 1)}`, 40, 120);
      brush.fillRect((turn * 9) % 600, 220, 60, 60);
      globalThis.stamps.paint(brush);
    };
    const [track] = canvas.captureStream(rate).getVideoTracks();
    const timer = setInterval(draw, 1000 / rate);
    draw();
    return track;
  }
  if (navigator.mediaDevices) {
    navigator.mediaDevices.getUserMedia = async ({ audio, video }) =>
      new MediaStream([...(audio ? [voice()] : []), ...(video ? [face({ upright: turned(video) })] : [])]);
  }
  const aloud = () =>
    [...new Set([...played, ...document.querySelectorAll("audio, video")])].filter(
      (one) => !one.muted && !one.paused && one.volume > 0 && one.srcObject?.getAudioTracks().some((track) => track.enabled),
    );
  function earOf(track) {
    if (!ears.has(track)) {
      const analyser = new AnalyserNode(sound(), { fftSize: 8192, smoothingTimeConstant: 0, minDecibels: -200 });
      sound().createMediaStreamSource(new MediaStream([track])).connect(analyser);
      ears.set(track, analyser);
    }
    return ears.get(track);
  }
  window.framesOf = (selector) => document.querySelector(selector)?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  window.soundsAloud = () => aloud().length;
  window.levelOf = (wanted) => {
    void sound().resume();
    let most = -200;
    for (const one of aloud())
      for (const track of one.srcObject.getAudioTracks()) {
        const ear = earOf(track);
        const bins = new Float32Array(ear.frequencyBinCount);
        ear.getFloatFrequencyData(bins);
        const middle = Math.round(wanted / (48000 / ear.fftSize));
        most = Math.max(most, ...bins.slice(middle - 2, middle + 3));
      }
    return most;
  };
  window.watchFrames = (selector) => {
    const seen = (window.frames110 = { last: 0, gap: 0, count: 0 });
    const element = document.querySelector(selector);
    const frame = () => {
      const at = performance.now();
      if (seen.last) seen.gap = Math.max(seen.gap, at - seen.last);
      Object.assign(seen, { last: at, count: seen.count + 1 });
      element.requestVideoFrameCallback(frame);
    };
    element.requestVideoFrameCallback(frame);
  };
}
