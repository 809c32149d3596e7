/** Answers as WeChat does. */

/** Calls back, never before the call has returned. */
function soon(answer, given) {
  setImmediate(() => answer(given));
}

module.exports = { soon };
