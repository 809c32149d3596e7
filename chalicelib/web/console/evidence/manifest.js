/** The evidence manifest, read page by page. */

const LISTS = ["timeline", "media", "recording", "positions", "looks", "digests"];

/** Reads the whole manifest of an incident; `onPart` gets what is there so far, after every page. */
export async function readManifest({ api, id, onPart }) {
  const whole = Object.fromEntries(LISTS.map((name) => [name, []]));
  let cursor = null;
  do {
    const page = await api.get(`console/incidents/${id}/evidence`, { cursor });
    for (const name of LISTS) whole[name].push(...page[name]);
    cursor = page.cursor;
    onPart({ ...whole, incident: page.incident, count: page.count, head: page.head, done: cursor === null });
  } while (cursor !== null);
}
