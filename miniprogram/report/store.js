/** Sends one file to the store by a presigned POST, with progress: `wx.uploadFile` is multipart, one file, put last. */

const WHOLE_MS = 600000;
const STALLED_AFTER_MS = 45000;

/** The store said no. `code` is the store's own word. */
class StoreRefused extends Error {
  constructor(status, code) {
    super(`store refused: ${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** The connection was lost, stalled or stopped before the store answered. */
class UploadInterrupted extends Error {}

/**
 * Sends the file at `path` with the signed `fields`. To `wx.uploadFile` any status is a success: 201 is ours to check.
 *
 * `onProgress` gets a number from 0 to 1. An upload that moves no byte for 45 s counts as interrupted.
 */
function sendFile({ url, fields }, path, onProgress) {
  return new Promise((resolve, reject) => {
    let stall = null;
    const end = (settle) => (answer) => {
      clearTimeout(stall);
      settle(answer);
    };
    const task = wx.uploadFile({
      url,
      filePath: path,
      name: "file",
      formData: fields,
      timeout: WHOLE_MS,
      success: end(({ statusCode, data }) =>
        statusCode === 201 ? resolve() : reject(new StoreRefused(statusCode, codeIn(data))),
      ),
      fail: end(({ errMsg }) => reject(new UploadInterrupted(errMsg))),
    });
    const alive = () => {
      clearTimeout(stall);
      stall = setTimeout(() => task.abort(), STALLED_AFTER_MS);
    };
    task.onProgressUpdate(({ progress }) => {
      alive();
      onProgress(progress / 100);
    });
    alive();
  });
}

function codeIn(text) {
  const named = /<Code>([^<]+)<\/Code>/.exec(text || "");
  return named ? named[1] : "unknown";
}

module.exports = { StoreRefused, UploadInterrupted, sendFile };
