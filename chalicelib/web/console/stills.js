/** The stills of a call that are older than those in its record, brought page by page as they are looked for. */

/** Makes them; `page(before)` gives `{items, cursor}`, newest first. */
export function pastStills({ page }) {
  /* In the service's order, newest first: checks that ran side by side may have ended in another. */
  const known = new Map();
  const read = [];
  let next;

  function take({ items }) {
    const before = known.size;
    for (const one of items) known.set(one.media_id, one);
    return known.size > before;
  }

  /* New addresses for what is known; what came since stands in the record. */
  function renew({ items }) {
    for (const one of items) if (known.has(one.media_id)) known.set(one.media_id, one);
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
      for (const before of read) await page(before).then(renew, () => {});
    },
    /** These and the newest ones of the record, which come newest first too; the newest last. */
    with(newest) {
      const fresh = new Map(newest.map((one) => [one.media_id, one]));
      const later = newest.filter((one) => !known.has(one.media_id));
      return [...later, ...[...known.values()].map((one) => fresh.get(one.media_id) ?? one)].reverse();
    },
  };
}
