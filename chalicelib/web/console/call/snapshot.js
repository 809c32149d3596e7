/** Keeps one frame of the citizen's picture as evidence: asked for, uploaded, then checked and kept by the service. */

import { newKey } from "../../shared/api.js";
import { sha256Hex } from "../../shared/sha256.js";
import { sendFile } from "../../shared/upload.js";

const TYPE = "image/jpeg";
const QUALITY = 0.92;

/** Takes what a video element shows now; resolves once the store has it, null when there is nothing to take. */
export async function keepSnapshot({ id, api, picture }) {
  if (picture.videoWidth === 0) return null;
  const canvas = new OffscreenCanvas(picture.videoWidth, picture.videoHeight);
  canvas.getContext("2d").drawImage(picture, 0, 0);
  const file = await canvas.convertToBlob({ type: TYPE, quality: QUALITY });
  const asked = { content_type: TYPE, size_bytes: file.size, sha256: await sha256Hex(file) };
  const upload = await api.post(`console/incidents/${id}/snapshots`, asked, { key: newKey() });
  await sendFile(upload, file);
  return upload.media_id;
}
