/**
 * Cuts encoded picture and sound into fragments that each begin with a key frame and hold every track.
 *
 * Times are in seconds since 1970. A fragment is whole once the sound has passed its end.
 */

/* A tail shorter than this is one frame or little more, and no player likes it. */
const SHORTEST_TAIL = 2;

/**
 * Makes a cutter; `onFragment({video, sound, from, until})` gets the packets of each fragment.
 *
 * `video` are `{packet, asked, …}` and `sound` are `{packet, …}` as they were given, and come back so.
 */
export function makeCutter(onFragment) {
  const video = [];
  const sound = [];
  let heardUntil = -Infinity;

  const timeOf = ({ packet }) => packet.timestamp;
  const endOf = ({ packet }) => packet.timestamp + packet.duration;

  function cut() {
    for (;;) {
      const next = video.findIndex(({ asked }, index) => index > 0 && asked);
      if (next < 0 || heardUntil < timeOf(video[next])) return;
      give(video.splice(0, next), timeOf(video[0]));
    }
  }

  function give(pictures, until) {
    const from = timeOf(pictures[0]);
    while (sound.length > 0 && timeOf(sound[0]) < from) sound.shift();
    const after = sound.findIndex((one) => timeOf(one) >= until);
    const heard = sound.splice(0, after < 0 ? sound.length : after);
    if (heard.length > 0) onFragment({ video: pictures, sound: heard, from, until });
  }

  return {
    addVideo(one) {
      if (video.length === 0 && !one.asked) return;
      video.push(one);
      cut();
    },
    addSound(one) {
      sound.push(one);
      heardUntil = endOf(one);
      cut();
    },
    /** How many seconds of pictures wait for their sound. */
    behind: () => (video.length > 0 ? timeOf(video.at(-1)) - Math.max(heardUntil, timeOf(video[0])) : 0),
    /** Gives what is left, when nothing more comes. */
    finish() {
      cut();
      if (video.length < SHORTEST_TAIL) return;
      const until = endOf(video.at(-1));
      give(video.splice(0), until);
    },
  };
}
