/** The newest still of each live report that waits, read when its card says that something came. */

import { filesOf, isLive } from "./standing.js";

const NOTHING_OLDER = 99_999_999;
const EVERY_MS = 2000;

/** Makes the reader; `onStill(id, still)` is called with each newer one, null once the report does not wait any more. */
export function waitingStills({ api, onStill }) {
  const seen = new Map();

  /** Follows these cards and no others. */
  function follow(cards) {
    const waiting = new Map(cards.filter((card) => isLive(card) && card.mode !== "voice" && card.call_taker_id === null).map((card) => [card.id, card]));
    for (const id of [...seen.keys()]) {
      if (waiting.has(id)) continue;
      seen.delete(id);
      onStill(id, null);
    }
    for (const card of waiting.values()) void look(card);
  }

  async function look({ id, version }) {
    const last = seen.get(id) ?? { version: -1, at: -EVERY_MS, reading: false };
    if (last.reading || last.version === version) return;
    const wait = Math.max(0, last.at + EVERY_MS - performance.now());
    seen.set(id, { ...last, reading: true });
    await new Promise((resolve) => setTimeout(resolve, wait));
    const { media = [], incident = null } = await api.get(`console/incidents/${id}`, { after: NOTHING_OLDER }, { tries: 1 }).catch(() => ({}));
    if (!seen.has(id)) return;
    seen.set(id, { version: incident?.version ?? -1, at: performance.now(), reading: false });
    const still = filesOf(media, "still").at(-1);
    if (still && incident?.call_taker_id === null) onStill(id, still);
  }

  return { follow };
}
