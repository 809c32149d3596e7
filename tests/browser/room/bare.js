/*
 * One end of a plain connection between two pages, with nothing of this house in it: what the browser itself takes.
 * Without a description it offers; with an offer it answers. Resolves to its own description.
 */
async (offer) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const pc = (window.plain = new RTCPeerConnection());
  window.answeredAt = stamps.now();
  pc.ontrack = ({ track }) => {
    if (track.kind !== "video") return;
    const video = Object.assign(document.createElement("video"), { autoplay: true, muted: true, playsInline: true });
    video.srcObject = new MediaStream([track]);
    document.body.replaceChildren(video);
    stamps.follow(video);
  };
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  if (offer) await pc.setRemoteDescription(offer);
  await pc.setLocalDescription();
  if (pc.iceGatheringState !== "complete") {
    await new Promise((done) => (pc.onicegatheringstatechange = () => pc.iceGatheringState === "complete" && done()));
  }
  return pc.localDescription.toJSON();
}
