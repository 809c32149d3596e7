/** The desk of a signed-in call-taker: queue, tabs, bell, keys, all moved by the line to the service. */

import { fill, say } from "../shared/dom.js";
import { onLanguage, t } from "../shared/words.js";
import { forgetDrafts } from "./drafts.js";
import { consoleFrame } from "./frame.js";
import { keyHelp, listenForKeys } from "./keys.js";
import { feedLine } from "./line.js";
import { incidentPanel } from "./panel.js";
import { incidentQueue } from "./queue.js";
import { refusalWords } from "./refusals.js";
import { melodyOf, titleOf } from "./ringing.js";
import { rosterDialog } from "./roster.js";
import { seatSelector } from "./seat.js";
import { askSignOut } from "./signout.js";
import { incidentTabs } from "./tabs.js";
import { unitList } from "./units.js";

/** Puts the desk on the page and starts the line; answers `signedInAgain()` for after a new sign-in. */
export function openDesk({ place, base, api, session, board, bell, county, types, state }) {
  let seat = state;
  let ui = null;
  const units = unitList(api);
  const line = feedLine({
    base,
    session,
    board,
    onBeat: beat,
    onSeat: ({ state: held }) => ui.seat.show(held),
    onTrouble: ({ type, status }) => ui.frame.notice(t("line.trouble", { type, status })),
  });
  const desk = {
    api,
    board,
    session,
    county,
    types,
    units: units.all,
    open: (id) => ui.tabs.open(id),
    drawn: () => ui?.tabs.draw(),
  };

  function build() {
    const panels = incidentTabs({
      board,
      makePanel: (id) => incidentPanel({ id, desk }),
      onCurrent: () => ui?.queue.show(),
    });
    const queue = incidentQueue({ board, open: desk.open, answer, current: () => panels.current() });
    const chooser = seatSelector(sit);
    const help = keyHelp();
    const frame = consoleFrame({
      county,
      session,
      bell,
      seat: chooser,
      queue: queue.element,
      workspace: panels.element,
      onHelp: help.toggle,
      onSignOut: () => void leave(),
      onRoster: () => rosterDialog({ api, session, onUnits: units.forget }),
    });
    ui?.help.remove();
    ui = { tabs: panels, queue, seat: chooser, help, frame };
    fill(place, frame.element);
    chooser.show(seat);
    panels.restore();
    queue.show();
    beat();
  }

  function beat() {
    const lost = line.lost();
    const ringing = board.ringing();
    bell.beat(melodyOf({ ringing, seat, lost }));
    document.title = titleOf({ ringing, lost, second: Math.floor(Date.now() / 1000) });
    ui.frame.beat({ seconds: lost ? line.quietSeconds() : null, silentRing: seat === "ready" ? 0 : ringing.length });
    ui.queue.beat();
    ui.tabs.panel()?.beat();
  }

  function follow(changed) {
    ui.queue.show();
    ui.tabs.draw();
    for (const card of changed) ui.tabs.opened(card.id)?.follow(card);
    const fresh = changed.find((card) => card.ringing);
    if (fresh)
      say(
        document.getElementById("announcer"),
        t("announce.ringing", { mode: t(`mode.${fresh.mode}`), priority: t(`priority.${fresh.priority}`) }),
      );
    beat();
  }

  function sit(state) {
    seat = state;
    line.seat(state);
    beat();
  }

  async function answer(id) {
    try {
      await ui.tabs.open(id).answer();
    } catch (error) {
      ui.frame.notice(refusalWords(error));
    }
  }

  function answerFirst() {
    const first = board.ringing()[0];
    if (first) void answer(first.id);
  }

  async function leave() {
    if (!(await askSignOut(board.mine().length))) return;
    line.stop();
    try {
      await api.put("console/seat", { state: "off" });
      session.forget();
      forgetDrafts();
      ui.tabs.forget();
      location.reload();
    } catch (error) {
      line.start(seat);
      ui.frame.notice(refusalWords(error));
    }
  }

  const go = (name) => () => ui.tabs.panel()?.go(name);
  listenForKeys({
    F1: () => ui.help.toggle(),
    F2: answerFirst,
    F3: () => ui.tabs.step(1),
    "shift+F3": () => ui.tabs.step(-1),
    F4: go("message"),
    F6: go("note"),
    F7: go("classify"),
    F8: go("dispatch"),
    F9: go("close"),
  });
  board.onChange(follow);
  onLanguage(build);
  build();
  line.start(seat);
  return { signedInAgain: line.passToken };
}
