/** Lists kept by staff, read when first needed and again after a minute. */

const FRESH_MS = 60 * 1000;

/** Keeps what `read()` answers; `all()` gives it, `forget()` makes the next call read again. */
export function keptList(read) {
  let known = null;
  let readAt = 0;

  async function all() {
    if (known !== null && performance.now() - readAt < FRESH_MS) return known;
    known = await read();
    readAt = performance.now();
    return known;
  }

  return { all, forget: () => (known = null) };
}

/** Every item of a list, page by page. */
export async function everyPage(api, path) {
  const items = [];
  let cursor = null;
  do {
    const page = await api.get(path, { cursor });
    items.push(...page.items);
    cursor = page.cursor ?? null;
  } while (cursor !== null);
  return items;
}
