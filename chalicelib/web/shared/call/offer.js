/** What an offer holds: two video codecs, one line a kind, and never more than the channel carries. */

/** The longest base64 of a description that the channel takes surely (it refuses above 10 K). */
export const LONGEST = 10_000;

/**
 * Which lines a viewer offers, by kind: a direction, or null for no line at all.
 *
 * A voice report has no video line, so that no picture can leave. A silent citizen's sound is `sendonly`, so that there
 * is nothing to play. Only the citizen sends a picture; an officer sees hers.
 */
export function linesOf({ mode, party }) {
  const video = mode === "voice" ? null : party === "citizen" ? "sendrecv" : "recvonly";
  const audio = mode === "silent" && party === "citizen" ? "sendonly" : "sendrecv";
  return { audio, video };
}

/** Leaves a line VP8, H.264 and their retransmissions, or Opus. */
export function keepCodecs(transceiver) {
  const { kind } = transceiver.receiver.track;
  const known = RTCRtpReceiver.getCapabilities?.(kind)?.codecs ?? [];
  const kept = known.filter((codec) => isKept(codec));
  if (kept.length > 0) transceiver.setCodecPreferences?.(kept);
}

/** How long a description is on the wire, in characters of base64. */
export function encodedLength(description) {
  return btoa(JSON.stringify(description)).length;
}

/** A description that fits: where it does not, candidates are left out, which travel by themselves too. */
export function fitted({ type, sdp }, longest = LONGEST) {
  const lines = sdp.split("\r\n");
  while (encodedLength({ type, sdp: lines.join("\r\n") }) >= longest) {
    const last = lines.map((line) => line.startsWith("a=candidate:") || line === "a=end-of-candidates").lastIndexOf(true);
    if (last < 0) break;
    lines.splice(last, 1);
  }
  return { type, sdp: lines.join("\r\n") };
}

/** Names the session a description belongs to: two offers of one session want the same answer. */
export function sessionOf({ sdp }) {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? "";
}

/** An answer that sends no sound, whatever the hub put into it: the last guard of a silent report. */
export function withoutSound({ type, sdp }) {
  const parts = sdp.split(/(?=^m=)/m);
  const quiet = parts.map((part) => (part.startsWith("m=audio") ? part.replace(/^a=(sendrecv|sendonly)/gm, silenced) : part));
  return { type, sdp: quiet.join("") };
}

function silenced(line) {
  return line === "a=sendrecv" ? "a=recvonly" : "a=inactive";
}

function isKept({ mimeType, sdpFmtpLine = "" }) {
  const name = mimeType.toLowerCase();
  if (name === "video/h264") return sdpFmtpLine.includes("packetization-mode=1") && /profile-level-id=42e?0/i.test(sdpFmtpLine);
  return ["video/vp8", "video/rtx", "audio/opus"].includes(name);
}
