/** The call-taker's own camera and microphone: opened with the first call, shared by all, closed with the last. */

import { openMedia } from "../../shared/call/media.js";

/** Makes them; nothing is asked for before `open()`. */
export function ownMedia() {
  const users = new Set();
  let opening = null;

  async function closed() {
    const before = opening;
    opening = null;
    (await before)?.close();
  }

  return {
    /** The media, opened when they are not; `user` holds them until `leave(user)`. */
    open(user) {
      users.add(user);
      opening ??= openMedia({ sound: true, picture: true, facing: "user" });
      return opening;
    },
    leave(user) {
      users.delete(user);
      if (users.size === 0 && opening !== null) void closed();
    },
  };
}
