/** The work on an incident as a row of tabs; only the steps open to this call-taker are there. */

import { h, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { transferPart } from "./call/transfer.js";
import { classifyForm } from "./classify.js";
import { closeForm, linkForm } from "./closing.js";
import { callbackPart } from "./contact.js";
import { dispatchPart } from "./dispatch.js";
import { evidencePart } from "./evidence/part.js";
import { markingPart } from "./standing/marking.js";
import { timelineList } from "./timeline.js";

const KEYS = { classify: "F7", dispatch: "F8", close: "F9", transfer: "F11" };

/** Makes the dock; `go(name)` shows a part and puts the cursor into it, false when it is not open; what is large opens `over`. */
export function workDock({ id, desk, send, withdraw, over }) {
  const signedIn = desk.session.username;
  const parts = {
    classify: classifyForm({ id, types: desk.types, send }),
    dispatch: dispatchPart({ id, units: desk.units, send }),
    transfer: transferPart({ id, departments: desk.departments, send }),
    callback: callbackPart({ id, send }),
    link: linkForm({ id, board: desk.board, send }),
    close: closeForm({ id, send, signedIn }),
    marking: markingPart({ id, send }),
    timeline: timelineList(),
    evidence: evidencePart({ id, api: desk.api, over, send, withdraw, commands: desk.session.commands() }),
  };
  const tabs = Object.fromEntries(Object.keys(parts).map((name) => [name, tabOf(name)]));
  const bodies = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      h("div.dock-body", { role: "tabpanel", aria: { label: t(`dock.${name}`) } }, part.element),
    ]),
  );
  const element = h(
    "section.dock",
    { aria: { label: t("dock.label") } },
    h("div.dock-tabs", { role: "tablist" }, Object.values(tabs)),
    Object.values(bodies),
  );
  let current = "timeline";
  let chosen = false;

  function tabOf(name) {
    return h(
      "button.dock-tab",
      { type: "button", role: "tab", "data-testid": `dock-${name}`, onclick: () => go(name) },
      t(`dock.${name}`),
      KEYS[name] ? h("kbd", KEYS[name]) : null,
    );
  }

  function pick(name) {
    current = name;
    for (const other of Object.keys(parts)) {
      tabs[other].setAttribute("aria-selected", String(other === name));
      shown(bodies[other], other === name);
    }
    parts[name].draw?.();
  }

  function go(name) {
    if (tabs[name].hidden) return false;
    chosen = true;
    pick(name);
    parts[name].focus?.();
    return true;
  }

  function show(data, steps) {
    for (const [name, part] of Object.entries(parts)) {
      part.show(data, steps);
      const sentOut = name === "dispatch" && data.dispatches.length > 0;
      const moved = name === "transfer" && data.incident.transfer !== null && data.incident.status !== "closed";
      const marked = name === "marking" && data.incident.marking !== null;
      shown(tabs[name], name === "timeline" || sentOut || moved || marked || steps[name]);
    }
    if (tabs[current].hidden) pick("timeline");
    if (!chosen && steps.classify && current === "timeline") pick(data.incident.type_code ? "dispatch" : "classify");
  }

  pick("timeline");
  return { element, show, go, beat: () => parts[current].beat?.() };
}
