/** Plays what is said in a call; the browser may hold it back until the page was touched. */

const GESTURES = ["pointerdown", "keydown"];

/** Makes a loudspeaker for a stream; `stop()` ends it. `onTouch()` is called when the page is touched. */
export function playSound(stream, { onTouch = () => {} } = {}) {
  const element = new Audio();
  element.srcObject = stream;
  const start = () => void element.play().catch(() => {}); // Held back: the next touch of the page tries again.
  const touched = () => {
    onTouch();
    start();
  };
  for (const gesture of GESTURES) document.addEventListener(gesture, touched);
  start();
  return {
    mute: (muted) => (element.muted = muted),
    stop() {
      for (const gesture of GESTURES) document.removeEventListener(gesture, touched);
      element.pause();
      element.srcObject = null;
    },
  };
}
