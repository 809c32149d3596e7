/** Loads what a call needs and opens it: tried until it is there, because the network may be the trouble. */

const AGAIN_MS = 2_000;

/** Gets the call's modules ahead of their use; a failure is no matter. */
export function warmUp() {
  import("./call.js").catch(() => {});
}

/**
 * Opens the call as `openCall` of call.js does; gives at once what stands for it: the same calls, kept until it is open.
 */
export function beginCall(wanted) {
  let call = null;
  let over = false;
  const last = new Map();

  async function load() {
    while (!over) {
      try {
        return await import("./call.js");
      } catch {
        await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    }
    return null;
  }

  load().then((loaded) => {
    if (over) return;
    call = loaded.openCall(wanted);
    for (const [name, value] of last) call[name](value);
  });

  const say = (name) => (value) => (call ? call[name](value) : void last.set(name, value));
  return {
    answered: say("answered"),
    mute: say("mute"),
    wantPicture: say("wantPicture"),
    switchCamera: () => call?.switchCamera(),
    openDevices: () => call?.openDevices(),
    close() {
      over = true;
      call?.close();
    },
  };
}
