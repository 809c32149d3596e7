/** Keeps the screen on while a call is shown, where the browser can. */

/** Keeps it on until the function it gives is called. */
export function stayAwake() {
  let lock = null;
  let over = false;

  async function hold() {
    if (document.hidden || over) return;
    try {
      lock = await navigator.wakeLock?.request("screen");
      if (over) lock?.release();
    } catch {
      // Low on battery, or not allowed: the screen goes off as it always does.
    }
  }

  void hold();
  document.addEventListener("visibilitychange", hold);
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", hold);
    lock?.release();
  };
}
