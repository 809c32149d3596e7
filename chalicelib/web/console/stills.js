/** The stills of a call that are older than those in its record, brought page by page as they are looked for. */

/** Makes them; `page(before)` gives `{items, cursor}`, newest first. */
export function pastStills({ page }) {
  const known = new Map();
  const read = [];
  let next;

  function take({ items }) {
    const before = known.size;
    for (const one of items) known.set(one.media_id, one);
    return known.size > before;
  }

  return {
    /** Reads the next older page; tells whether there was anything new in it. A service that does not answer has none. */
    async older() {
      while (next !== null) {
        const answer = await page(next).catch(() => null);
        if (answer === null) return false;
        read.push(next);
        next = answer.cursor;
        if (take(answer)) return true;
      }
      return false;
    },
    /** Reads again what was read, because view addresses live for minutes. */
    async freshen() {
      for (const before of read) await page(before).then(take, () => {});
    },
    /** These and the newest ones of the record, the newest last. */
    with(newest) {
      const all = new Map([...known, ...newest.map((one) => [one.media_id, one])]);
      return [...all.values()].sort((a, b) => Date.parse(a.checked_at) - Date.parse(b.checked_at));
    },
  };
}
