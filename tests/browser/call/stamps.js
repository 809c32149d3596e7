/* Pictures that carry the time they were painted, in blocks of black and white, and how old each is when it is shown. */
(() => {
  const WIDTH = 640;
  const BLOCK = 32;
  const BITS = 40;
  const ROW = 20;
  const EPOCH = 2 ** 32;
  const LONGEST_MS = 10_000;
  const seen = { first: null, lags: [], lastAt: 0, gaps: [] };

  const now = () => performance.timeOrigin + performance.now();
  const stamp = () => Math.floor(now()) % EPOCH;

  /** Paints the time of this moment along the top of a picture of 640 pixels' width. */
  function paint(brush) {
    const time = stamp();
    for (let bit = 0; bit < BITS; bit += 1) {
      brush.fillStyle = (bit < 32 ? (time >>> bit) & 1 : bit & 1) ? "#fff" : "#000";
      brush.fillRect((bit % ROW) * BLOCK, Math.floor(bit / ROW) * BLOCK, BLOCK, BLOCK);
    }
  }

  /* The age of what the element shows, in ms; null where no stamp can be read. */
  function ageOf(video, brush) {
    const scale = video.videoWidth / WIDTH;
    for (let bit = 0; bit < BITS; bit += 1) {
      const [x, y] = [(bit % ROW) * BLOCK + BLOCK / 2, Math.floor(bit / ROW) * BLOCK + BLOCK / 2];
      brush.drawImage(video, x * scale, y * scale, 1, 1, bit % ROW, Math.floor(bit / ROW), 1, 1);
    }
    const { data } = brush.getImageData(0, 0, ROW, 2);
    const read = (bit) => (data[bit * 4 + 1] > 127 ? 1 : 0);
    let time = 0;
    for (let bit = 0; bit < 32; bit += 1) time += read(bit) * 2 ** bit;
    const whole = [32, 33, 34, 35, 36, 37, 38, 39].every((bit) => read(bit) === bit % 2);
    const age = stamp() - time;
    return whole && age >= 0 && age < LONGEST_MS ? age : null;
  }

  /** Notes in `seen` when an element shows its first frame, each frame's age and the gaps, while it has this stream. */
  function follow(video) {
    const { srcObject } = video;
    const brush = new OffscreenCanvas(ROW, 2).getContext("2d", { willReadFrequently: true });
    const frame = () => {
      if (video.srcObject !== srcObject) return;
      const at = now();
      seen.first ??= at;
      if (seen.lastAt) seen.gaps.push(at - seen.lastAt);
      seen.lastAt = at;
      const age = ageOf(video, brush);
      if (age !== null) seen.lags.push(age);
      video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
  }

  /** Follows the elements of a selector from the moment they are given a stream. */
  function followAll(selector) {
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
    Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
      get,
      set(stream) {
        set.call(this, stream);
        if (stream !== null && this.matches(selector)) follow(this);
      },
    });
  }

  /** Begins anew, for another call on the same page. */
  function forget() {
    Object.assign(seen, { first: null, lastAt: 0 });
    seen.lags.length = seen.gaps.length = 0;
  }

  globalThis.stamps = { now, paint, follow, followAll, forget, seen };
})();
