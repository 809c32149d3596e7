/**
 * The phone's files: read, digested, kept until the store has them.
 *
 * What `wx.chooseMedia` gives lies in a temporary place that WeChat may clear once the mini-program is closed, so a file
 * is copied to the mini-program's own folder. That holds 200 MB in all: what does not fit is sent from where it is.
 */

const { sha256Of } = require("./sha256.js");

const PIECE_BYTES = 256 * 1024;

/** The first bytes of a file. */
function headOf(path, length, size) {
  return read(path, 0, Math.min(length, size));
}

/** Copies a file to where it stays; gives the path to use, the old one when there is no room. */
function keepFile(path, key) {
  const kept = `${wx.env.USER_DATA_PATH}/${key}`;
  return call("copyFile", { srcPath: path, destPath: kept }).then(
    () => kept,
    () => path,
  );
}

/** Forgets a file of ours; what WeChat gave it clears itself. */
function dropFile(path) {
  if (path.startsWith(wx.env.USER_DATA_PATH)) call("unlink", { filePath: path }).catch(() => {});
}

/** The SHA-256 of a file as 64 lower-case hex digits: WeChat's own where this phone's version knows it, else ours. */
async function digestOf(path, size) {
  try {
    const { digest } = await call("getFileInfo", { filePath: path, digestAlgorithm: "sha256" });
    if (/^[0-9a-f]{64}$/i.test(digest)) return digest.toLowerCase();
  } catch (fault) {
    if (await isGone(path)) throw new FileGone(path);
  }
  return sha256Of(size, PIECE_BYTES, (from, length) => read(path, from, length));
}

/** True when there is no such file any more. */
function isGone(path) {
  return call("access", { path }).then(
    () => false,
    () => true,
  );
}

/** The file is not on the phone any more. */
class FileGone extends Error {}

function read(filePath, position, length) {
  return call("readFile", { filePath, position, length }).then(({ data }) => data);
}

function call(name, options) {
  return new Promise((resolve, reject) => {
    const fail = ({ errMsg }) => reject(new Error(errMsg));
    wx.getFileSystemManager()[name]({ ...options, success: resolve, fail });
  });
}

module.exports = { FileGone, digestOf, dropFile, headOf, isGone, keepFile };
