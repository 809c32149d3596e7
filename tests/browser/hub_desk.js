/* A desk with nothing but the hub: a drawn call-taker who sounds at 2000 Hz, and what is seen and heard of the citizen. */
async ({ module, incidentId, silent, token }) => {
  const { openHub } = await import(module);
  window.desk?.hub.close({ keepParties: true });
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const brush = canvas.getContext("2d");
  const draw = () => {
    brush.fillStyle = "#23456b";
    brush.fillRect(0, 0, 640, 480);
    brush.fillStyle = "#dfe9f5";
    brush.beginPath();
    brush.arc(320, 200 + 6 * Math.sin(Date.now() / 300), 90, 0, 7);
    brush.fill();
    brush.fillRect(180, 310, 280, 170);
  };
  draw();
  setInterval(draw, 40);
  const sound = new AudioContext();
  const tone = new OscillatorNode(sound, { frequency: 2000 });
  const out = sound.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  const desk = { parties: [], picture: document.createElement("video") };
  Object.assign(desk.picture, { muted: true, playsInline: true });
  const picture = (track) => {
    desk.picture.srcObject = track && new MediaStream([track]);
    if (track) desk.picture.play().catch(() => {}); // Another track may come before it plays.
  };
  async function fetchJoin() {
    const answer = await fetch(`./console/incidents/${incidentId}/call`, { method: "POST", headers: { Authorization: token } });
    const facts = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(facts.type), { status: answer.status, type: facts.type });
    return facts.call;
  }
  desk.hub = openHub({
    incidentId, silent, fetchJoin,
    tracks: { audio: out.stream.getAudioTracks()[0], video: canvas.captureStream(25).getVideoTracks()[0] },
    on: { parties: (list) => (desk.parties = list), picture },
  });
  window.desk = desk;
}
