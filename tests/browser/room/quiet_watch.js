/* Notes everything that could be heard, felt or seen of a page that must give nobody away. */
window.told = [];
window.peers = [];
const note = (what) => told.push(what);
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => note(name);
navigator.vibrate = () => note("vibrate");
window.Notification = class { constructor() { note("Notification"); } static requestPermission() { note("Notification"); return Promise.resolve("denied"); } };
if (window.speechSynthesis) speechSynthesis.speak = () => note("speak");
const show = HTMLDialogElement.prototype.showModal;
HTMLDialogElement.prototype.showModal = function () { note("dialog"); return show.call(this); };
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  if (!this.muted || (this.srcObject?.getAudioTracks() ?? []).length > 0) note("play");
  return play.call(this);
};
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode) note("AudioContext");
  return connect.call(this, to, ...rest);
};
const Peer = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Peer { constructor(...given) { super(...given); peers.push(this); } };
/* How many packets of sound ever came in, over all connections. */
window.soundReceived = async () => {
  let packets = 0;
  for (const peer of peers)
    for (const one of (await peer.getStats()).values()) if (one.type === "inbound-rtp" && one.kind === "audio") packets += one.packetsReceived;
  return packets;
};
