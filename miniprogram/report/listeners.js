/** Who wants to be told of something. */

/** A list of listeners: `add` gives back what stops it, `tell` calls them all. */
function listeners() {
  const all = new Set();
  return {
    add(listener) {
      all.add(listener);
      return () => void all.delete(listener);
    },
    tell(news) {
      for (const listener of [...all]) listener(news);
    },
  };
}

module.exports = { listeners };
