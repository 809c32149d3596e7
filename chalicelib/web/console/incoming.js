/** What comes in for one's own incidents while nobody looks at them: each is told once. */

const WORDS = new Set(["message.sent", "officer.message", "event.answered"]);
const OTHERS = new Set(["citizen", "officer"]);

/** The number of the newest word of a citizen or an officer in a timeline; 0 without one. */
export function lastWord(timeline) {
  return timeline.findLast(({ kind, actor }) => WORDS.has(kind) && OTHERS.has(actor.role))?.seq ?? 0;
}

/**
 * Makes the watch: called with one's own cards after each change, it has each told that has news, `tell(card, news)`.
 *
 * The news is `word`, or `exited` for a citizen who had to hide her phone. `wordOf(id)` answers the number of the newest word
 * in the panel of an incident, null without one; a card alone does not tell a second word from the first. `looked(id)` says
 * whether the panel is on the screen.
 */
export function incomingWatch({ wordOf, looked, tell }) {
  const seen = new Map();
  return (cards) => {
    for (const card of cards) {
      const now = { exited: card.exited_quickly, unread: card.unread, word: wordOf(card.id) };
      const news = newsOf(seen.get(card.id), now);
      seen.set(card.id, now);
      if (news !== null && !looked(card.id)) tell(card, news);
    }
  };
}

function newsOf(before, now) {
  if (before === undefined) return null;
  if (now.exited && !before.exited) return "exited";
  if (now.word !== null && before.word !== null) return now.word > before.word ? "word" : null;
  return now.unread && !before.unread ? "word" : null;
}
