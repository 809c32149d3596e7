/** The incidents open at once: a strip of tabs, one panel shown, all kept alive with what was typed in them. */

import { h, keep, say, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";

const STORED = "instant110.console.tabs";

/** Makes the workspace; `makePanel(id)` answers `{element, show(), remove(), busyTyping()}`. */
export function incidentTabs({ board, makePanel, onCurrent }) {
  const strip = h("div.tabs", {
    role: "tablist",
    aria: { label: t("tabs.label") },
    onkeydown: (event) => arrows(event),
  });
  const nothing = h("div.nothing", icon("bell"), h("p", t("tabs.nothing")), h("p.muted", t("tabs.hint")));
  const place = h("div.panels", nothing);
  const element = h("main.workspace", strip, place);
  const panels = new Map();
  const stored = remembered();
  let current = null;

  function open(id, { quietly = false } = {}) {
    if (!panels.has(id)) {
      const panel = makePanel(id);
      panels.set(id, panel);
      place.append(panel.element);
    }
    if (!quietly || current === null) select(id);
    return panels.get(id);
  }

  function select(id) {
    current = id;
    for (const [other, panel] of panels) shown(panel.element, other === id);
    panels.get(id)?.show();
    draw();
    onCurrent(id);
  }

  function close(id) {
    const ids = [...panels.keys()];
    const next = ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1] ?? null;
    panels.get(id).remove();
    panels.delete(id);
    if (current === id) select(next);
    else draw();
  }

  function draw() {
    shown(nothing, panels.size === 0);
    shown(strip, panels.size > 0);
    keep(strip, [...panels.keys()], {
      keyOf: (id) => id,
      make: (id) => makeTab(id),
      update: (tab, id) => showTab(tab, id),
    });
    strip.querySelector(".tab.current")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    sessionStorage.setItem(STORED, JSON.stringify({ ids: [...panels.keys()], current }));
  }

  function makeTab(id) {
    return h(
      "div.tab",
      { "data-testid": "tab" },
      h(
        "button.tab-open",
        { type: "button", role: "tab", onclick: () => select(id) },
        h("span.tab-dot"),
        h("span.tab-words"),
        h("span.tab-news", icon("message")),
      ),
      h(
        "button.tab-close",
        { type: "button", onclick: () => close(id), aria: { label: t("tabs.close") }, title: t("tabs.close") },
        icon("close"),
      ),
    );
  }

  function showTab(tab, id) {
    const card = board.card(id) ?? panels.get(id).card();
    const button = tab.querySelector(".tab-open");
    tab.classList.toggle("current", id === current);
    tab.classList.toggle("closed", card?.status === "closed");
    button.setAttribute("aria-selected", String(id === current));
    button.tabIndex = id === current ? 0 : -1;
    say(tab.querySelector(".tab-words"), card ? tabWords(card) : "…");
    tab.querySelector(".tab-dot").className = `tab-dot p${card?.priority ?? 4}`;
    shown(tab.querySelector(".tab-news"), Boolean(card?.unread));
  }

  function step(by) {
    const ids = [...panels.keys()];
    if (ids.length > 0) select(ids[(ids.indexOf(current) + by + ids.length) % ids.length]);
  }

  function arrows(event) {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    step(event.key === "ArrowRight" ? 1 : -1);
    strip.querySelector("[aria-selected=true]")?.focus();
  }

  draw();
  return {
    element,
    open,
    close,
    step,
    draw,
    current: () => current,
    panel: () => panels.get(current) ?? null,
    opened: (id) => panels.get(id) ?? null,
    /** Opens what was open before a reload. */
    restore() {
      for (const id of stored.ids) open(id, { quietly: true });
      if (panels.has(stored.current)) select(stored.current);
    },
    forget: () => sessionStorage.removeItem(STORED),
  };
}

function tabWords(card) {
  return `${card.number.slice(-4)} ${card.tip ? t("tip") : t(`mode.${card.mode}`)} · ${t(`status.${card.status}`)}`;
}

function remembered() {
  const stored = JSON.parse(sessionStorage.getItem(STORED) ?? "null");
  return stored ?? { ids: [], current: null };
}
