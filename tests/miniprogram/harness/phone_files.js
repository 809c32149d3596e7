/** The phone's files as WeChat shows them: `wxfile://` paths, a folder of the mini-program's own, digests where it knows them. */

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { soon } = require("./soon.js");

/** The part of `wx` that touches files. */
function filesOf(phone, alive) {
  const calls = {
    copyFile: ({ srcPath, destPath }) => void fs.copyFileSync(phone.real(srcPath), phone.real(destPath)),
    unlink: ({ filePath }) => void fs.unlinkSync(phone.real(filePath)),
    access: ({ path: at }) => void fs.accessSync(phone.real(at)),
    readFile: ({ filePath, position, length }) => ({ data: piece(phone.real(filePath), position, length) }),
    getFileInfo: ({ filePath, digestAlgorithm }) => digest(phone, filePath, digestAlgorithm),
  };
  const system = {};
  for (const [name, act] of Object.entries(calls))
    system[name] = ({ success, fail, ...options }) => {
      try {
        const answer = act(options);
        soon(alive(success), { ...answer, errMsg: `${name}:ok` });
      } catch (fault) {
        soon(alive(fail), { errMsg: `${name}:fail ${fault.message}` });
      }
    };
  return { env: { USER_DATA_PATH: "wxfile://usr" }, getFileSystemManager: () => system };
}

function digest(phone, filePath, algorithm) {
  if (!phone.allows.digests) throw new Error("invalid digestAlgorithm");
  const content = fs.readFileSync(phone.real(filePath));
  return { size: content.length, digest: createHash(algorithm).update(content).digest("hex") };
}

function piece(file, position, length) {
  const content = fs.readFileSync(file).subarray(position, position + length);
  return content.buffer.slice(content.byteOffset, content.byteOffset + content.length);
}

module.exports = { filesOf };
