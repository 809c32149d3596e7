/** The queue: what rings on top, then this call-taker's own, then what other seats work on. */

import { h, keep, say, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { waitingStills } from "./call/waiting_stills.js";
import { incidentCard } from "./card.js";

/** Makes the queue; `open(id)` and `answer(id)` are the console's. */
export function incidentQueue({ api, board, open, answer, current }) {
  const ringing = section("ringing", "queue.ringing", "queue.quiet");
  const mine = section("mine", "queue.mine", "queue.none_mine");
  const others = section("others", "queue.others", "queue.none_others");
  const element = h("nav.queue", { aria: { label: t("queue.label") } }, ringing.element, mine.element, others.element);
  const cards = new Map();
  const stills = waitingStills({ api, onStill: (id, still) => cards.get(id)?.hint(still) });

  function list({ element: box, list: items, count, empty }, shownCards, asRinging) {
    say(count, String(shownCards.length));
    shown(empty, shownCards.length === 0);
    box.dataset.count = String(shownCards.length);
    keep(items, shownCards, {
      keyOf: (card) => card.id,
      make: (card) => make(card),
      update: (_, card) =>
        cards.get(card.id).show(card, {
          ringing: asRinging,
          first: asRinging && card === shownCards[0],
          current: card.id === current(),
        }),
    });
  }

  function make(card) {
    const made = incidentCard({ id: card.id, open, answer });
    cards.set(card.id, made);
    return made.element;
  }

  /* Who waited behind the others comes up by the clock alone. */
  const order = () => board.ringing().map(({ id }) => id).join();

  function show() {
    ringing.list.dataset.order = order();
    list(ringing, board.ringing(), true);
    stills.follow(board.ringing());
    list(mine, board.mine(), false);
    list(others, board.others(), false);
  }

  return {
    element,
    show,
    /** Brings the ages up to date. */
    beat() {
      if (ringing.list.dataset.order !== order()) show();
      for (const items of [ringing.list, mine.list, others.list]) {
        for (const item of items.children) cards.get(item.dataset.key)?.beat();
      }
    },
  };
}

function section(name, title, nothing) {
  const list = h("ul.cards");
  const count = h("span.count.digits", "0");
  const empty = h("p.empty.muted", t(nothing));
  const element = h(
    `section.queue-part.${name}`,
    { "data-testid": `queue-${name}`, aria: { label: t(title) } },
    h("h2", t(title), count),
    empty,
    list,
  );
  return { element, list, count, empty };
}
