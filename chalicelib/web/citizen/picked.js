/** The pictures and videos chosen but not yet sent: checked at once, in plain words, one bad one never spoiling the rest. */

import { newKey } from "../shared/api.js";
import { t } from "../shared/words.js";
import { kindOf, LIMITS } from "./file_kind.js";
import { dropFile, keepFile } from "./kept_files.js";
import { citizen } from "./session.js";

let draftFiles = [];

/** The files of the draft, in the order chosen: `[{key, kind, contentType, name, file, preview}]`. */
export function chosenFiles() {
  return draftFiles;
}

/** Takes files into the draft; resolves to the sentences about those not taken. */
export async function choose(files) {
  const { taken, refused } = await checkFiles(files, draftFiles);
  draftFiles = [...draftFiles, ...taken];
  for (const item of taken) keepFile(record(item, null));
  return refused;
}

/** Takes a file out of the draft. */
export function unchoose(key) {
  forgetPreview(draftFiles.find((item) => item.key === key));
  draftFiles = draftFiles.filter((item) => item.key !== key);
  dropFile(key);
}

/** Hands the draft's files over (they now belong to an incident) and leaves the draft without any. */
export function handOver() {
  const files = draftFiles;
  draftFiles = [];
  return files;
}

/** Brings back the files of a draft kept on the device. */
export function restoreChosen(records) {
  draftFiles = records.map((kept) => ({ ...kept, preview: URL.createObjectURL(kept.file) }));
}

/** What is kept on the device for a file of the draft (`incidentId` null) or of an incident. */
export function record(item, incidentId) {
  const { key, kind, contentType, name, file } = item;
  return { key, kind, contentType, name, file, incidentId, citizenId: citizen()?.id ?? null };
}

/**
 * Checks files against the kinds, sizes and counts the service takes.
 *
 * `present` are those there already (each with a `kind`). Gives `{taken, refused}`: items, and sentences to show.
 */
export async function checkFiles(files, present) {
  const taken = [];
  const refused = [];
  for (const file of files) {
    const found = await kindOf(file).catch(() => null);
    const reason = found ? overLimit(file, found.kind, [...present, ...taken]) : "type";
    if (reason) refused.push(t(`pick.${reason}`, { name: shortName(file.name) }));
    else taken.push({ key: newKey(), ...found, name: file.name, file, preview: URL.createObjectURL(file) });
  }
  return { taken, refused: [...new Set(refused)] };
}

/** Lets go of a preview that is no longer shown. */
export function forgetPreview(item) {
  if (item?.preview) URL.revokeObjectURL(item.preview);
}

function overLimit(file, kind, present) {
  if (file.size === 0) return "empty";
  if (file.size > LIMITS[kind].mostBytes) return `large.${kind}`;
  if (present.filter((other) => other.kind === kind).length >= LIMITS[kind].most) return `many.${kind}`;
  return null;
}

function shortName(name) {
  return name.length > 18 ? `${name.slice(0, 8)}…${name.slice(-8)}` : name;
}
