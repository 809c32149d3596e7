/** Choosing pictures and videos: checked at once, in plain words, one bad one never spoiling the rest. */

const { newKey } = require("../api/key.js");
const { t } = require("../words/words.js");
const { HEAD_BYTES, LIMITS, kindOf } = require("./file_kind.js");
const { headOf, keepFile } = require("./files.js");
const { mayNot } = require("./permission.js");

const MOST_A_TIME = 9;
const LONGEST_VIDEO_SECONDS = 60;

/**
 * Opens WeChat's own picker. Gives `{taken, refused}`: files for `addFile`, and sentences to show.
 *
 * `present` are those there already (each with a `kind`). Throws `Refused` when the camera or the album may not be used.
 */
async function chooseFiles(present) {
  const room = Object.keys(LIMITS).reduce((sum, kind) => sum + left(kind, present), 0);
  if (room === 0) return { taken: [], refused: [t("problem.media-limit-reached")] };
  return checked(await choose(Math.min(MOST_A_TIME, room)), present);
}

function choose(count) {
  return new Promise((resolve, reject) => {
    wx.chooseMedia({
      count,
      mediaType: ["image", "video"],
      sourceType: ["album", "camera"],
      sizeType: ["original", "compressed"],
      maxDuration: LONGEST_VIDEO_SECONDS,
      camera: "back",
      success: ({ tempFiles }) => resolve(tempFiles),
      fail: ({ errMsg }) => (/cancel/.test(errMsg) ? resolve([]) : reject(mayNot("camera", errMsg))),
    });
  });
}

async function checked(files, present) {
  const taken = [];
  const refused = new Set();
  for (const { tempFilePath: path, size, thumbTempFilePath: thumb = "" } of files) {
    const found = size > 0 ? await kindAt(path, size) : null;
    const reason = found ? overLimit(size, found.kind, [...present, ...taken]) : "pick.type";
    if (reason) refused.add(t(reason));
    else taken.push(await kept({ ...found, size, thumb }, path));
  }
  return { taken, refused: [...refused] };
}

async function kindAt(path, size) {
  try {
    return kindOf(await headOf(path, HEAD_BYTES, size));
  } catch (fault) {
    return null;
  }
}

async function kept(file, path) {
  const key = newKey();
  return { key, ...file, path: await keepFile(path, key) };
}

function overLimit(size, kind, present) {
  if (size > LIMITS[kind].mostBytes) return `pick.large.${kind}`;
  return left(kind, present) === 0 ? `pick.many.${kind}` : "";
}

function left(kind, present) {
  return Math.max(0, LIMITS[kind].most - present.filter((one) => one.kind === kind).length);
}

module.exports = { chooseFiles };
