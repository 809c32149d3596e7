/** The units that can be sent out, read when first needed and again after a minute. */

const FRESH_MS = 60 * 1000;

/** Makes the list; `all()` answers every unit, `forget()` makes the next call read again. */
export function unitList(api) {
  let known = null;
  let readAt = 0;

  async function all() {
    if (known !== null && Date.now() - readAt < FRESH_MS) return known;
    known = await everyPage(api, "console/units");
    readAt = Date.now();
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
