/** Writes a fragment as a Matroska document of its own: one cluster, a key frame first, sizes left open as in a live stream. */

import { EncodedAudioPacketSource, EncodedVideoPacketSource, MkvOutputFormat, NullTarget, Output } from "../../vendor/mediabunny.js";

/* No fragment is nearly that long, so all of it goes into one cluster. */
const ONE_CLUSTER_SECONDS = 3600;

/** The document of a cutter's fragment; each first packet brings its `config`, the sound's its `codec` too. */
export async function writeMatroska({ video, sound }) {
  const parts = [];
  const keep = (bytes) => parts.push(bytes.slice());
  const format = new MkvOutputFormat({
    appendOnly: true, minimumClusterDuration: ONE_CLUSTER_SECONDS, onEbmlHeader: keep, onSegmentHeader: keep, onCluster: keep,
  });
  const output = new Output({ format, target: new NullTarget() });
  const tracks = [
    [new EncodedVideoPacketSource("avc"), video],
    [new EncodedAudioPacketSource(sound[0].codec), sound],
  ];
  output.addVideoTrack(tracks[0][0]);
  output.addAudioTrack(tracks[1][0]);
  await output.start();
  for (const [source, packets] of tracks) {
    for (const { packet, config } of packets) await source.add(packet, { decoderConfig: config });
  }
  await output.finalize();
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
