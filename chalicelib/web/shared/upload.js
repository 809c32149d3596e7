/**
 * Sends one file to the store by a presigned POST, with progress.
 *
 * XMLHttpRequest and not fetch: only it tells how far an upload is.
 */

/** The store said no; sending the same again will not help, a fresh signature may. `code` is the store's own word. */
export class StoreRefused extends Error {
  constructor(status, code) {
    super(`store refused: ${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** The connection was lost, stalled or stopped before the store answered. */
export class UploadInterrupted extends Error {}

const STALLED_AFTER_MS = 45_000;

/**
 * Posts `file` with the signed `fields` in their order and the file last. Any 2xx is taken as stored.
 *
 * `onProgress` gets a number from 0 to 1. `signal` stops it. An upload that moves no byte for 45 s counts as interrupted.
 */
export function sendFile({ url, fields }, file, { onProgress = () => {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stall = 0;
    const alive = () => {
      clearTimeout(stall);
      stall = setTimeout(() => request.abort(), STALLED_AFTER_MS);
    };
    const end = (settle) => () => {
      clearTimeout(stall);
      settle();
    };
    request.upload.addEventListener("progress", (event) => {
      alive();
      if (event.lengthComputable && event.total) onProgress(Math.min(1, event.loaded / event.total));
    });
    request.addEventListener(
      "load",
      end(() => {
        if (request.status >= 200 && request.status < 300) resolve();
        else reject(new StoreRefused(request.status, storeCode(request)));
      }),
    );
    for (const fault of ["error", "abort", "timeout"]) {
      request.addEventListener(
        fault,
        end(() => reject(new UploadInterrupted(fault))),
      );
    }
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.open("POST", url);
    alive();
    request.send(signedForm(fields, file));
  });
}

function signedForm(fields, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return form;
}

function storeCode(request) {
  const named = /<Code>([^<]+)<\/Code>/.exec(request.responseText || "");
  return named ? named[1] : "unknown";
}
