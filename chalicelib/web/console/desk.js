/** The desk of a signed-in call-taker: queue, tabs, bell, keys, all moved by the line to the service. */

import { fill, say } from "../shared/dom.js";
import { onLanguage, t } from "../shared/words.js";
import { deskCalls } from "./call/calls.js";
import { isLive } from "./call/standing.js";
import { dutyBanner } from "./duty/banner.js";
import { dutyDialog } from "./duty/roster.js";
import { forgetDrafts } from "./drafts.js";
import { figuresView } from "./figures/view.js";
import { numberBox } from "./finding/box.js";
import { consoleFrame } from "./frame.js";
import { incomingWatch } from "./incoming.js";
import { closeDialogs, keyHelp, listenForKeys } from "./keys.js";
import { feedLine } from "./line.js";
import { incidentPanel } from "./panel.js";
import { incidentQueue } from "./queue.js";
import { refusalWords } from "./refusals.js";
import { melodyOf, titleOf } from "./ringing.js";
import { rosterDialog } from "./roster.js";
import { seatSelector } from "./seat.js";
import { askSignOut } from "./signout.js";
import { reviewDialog } from "./standing/reviews.js";
import { whyShut } from "./steps.js";
import { incidentTabs } from "./tabs.js";
import { everyPage, keptList } from "./units.js";
import { watchDialog } from "./watch/lists.js";

/** Puts the desk on the page and starts the line; answers `signedInAgain()` for after a new sign-in. */
export function openDesk({ place, base, api, session, board, bell, county, types, held }) {
  let seat = held;
  let ui = null;
  const units = keptList(() => everyPage(api, "console/units"));
  const departments = keptList(() => everyPage(api, "console/departments"));
  const duty = dutyBanner({ api });
  const calls = deskCalls({
    api,
    base,
    session,
    onChange: (id) => ui?.tabs.opened(id)?.callChanged(),
    onMoved: (id) => ui?.tabs.opened(id)?.refresh(),
  });
  const line = feedLine({
    base,
    session,
    board,
    onBeat: beat,
    onSeat: (said) => ui.seat.show(said),
    onTrouble: ({ type, status }) => ui.frame.notice(t("line.trouble", { type, status })),
  });
  const hearOwn = incomingWatch({
    wordOf: (id) => ui.tabs.opened(id)?.lastWord() ?? null,
    looked: (id) => ui.tabs.current() === id && !document.hidden && ui.figures.element.hidden && !document.querySelector("dialog[open]"),
    tell: (card, news) => {
      bell.tell(news);
      announce(news, card);
    },
  });
  const desk = {
    api,
    board,
    session,
    county,
    types,
    units: units.all,
    departments: departments.all,
    department: () => seat.department_id ?? null,
    calls,
    open: (id) => ui.tabs.open(id),
    drawn: () => ui?.tabs.draw(),
  };

  function build() {
    ui?.figures.hide();
    const figures = figuresView({ api, base, session });
    const panels = incidentTabs({
      board,
      makePanel: (id) => incidentPanel({ id, desk }),
      onCurrent: () => {
        figures.hide();
        ui?.queue.show();
      },
    });
    panels.element.append(figures.element);
    const queue = incidentQueue({ api, board, open: desk.open, answer, current: () => panels.current() });
    const finder = numberBox({ api, board, open: desk.open });
    const chooser = seatSelector({ choose: sit, departments: session.specialises() ? departments.all : null });
    const help = keyHelp();
    const frame = consoleFrame({
      county,
      session,
      bell,
      seat: chooser,
      left: [finder.element, queue.element],
      workspace: panels.element,
      duty: duty.element,
      onHelp: help.toggle,
      onSignOut: () => void leave(),
      onDuty: () => dutyDialog({ api, onChange: duty.refresh }),
      onReviews: () => reviewDialog({ api, open: desk.open }),
      onWatch: () => watchDialog({ api, session, county }),
      onFigures: figures.toggle,
      onRoster: () => rosterDialog({ api, session, onUnits: units.forget, onDepartments: departments.forget }),
    });
    ui?.help.remove();
    ui = { tabs: panels, queue, finder, seat: chooser, help, frame, figures };
    fill(place, frame.element);
    chooser.show(seat);
    duty.draw();
    panels.restore();
    queue.show();
    beat();
  }

  function beat() {
    const lost = line.lost();
    const ringing = board.ringing();
    bell.beat(melodyOf({ ringing, seat: seat.state, lost }));
    document.title = titleOf({ ringing, lost, second: Math.floor(Date.now() / 1000) });
    ui.frame.beat({ seconds: lost ? line.quietSeconds() : null, silentRing: seat.state === "ready" ? 0 : ringing.length });
    ui.queue.beat();
    ui.tabs.panel()?.beat();
  }

  function follow(changed) {
    ui.queue.show();
    ui.tabs.draw();
    openCalls();
    hearOwn(board.mine());
    for (const card of changed) ui.tabs.opened(card.id)?.follow(card);
    const fresh = changed.find((card) => board.rings(card));
    if (fresh) announce("ringing", fresh);
    beat();
  }

  function announce(what, { mode, priority, number }) {
    const facts = { mode: t(`mode.${mode}`), priority: t(`priority.${priority}`), number: number.slice(-4) };
    say(document.getElementById("announcer"), t(`announce.${what}`, facts));
  }

  /* A call of one's own that is on no screen would be heard by nobody. */
  function openCalls() {
    for (const card of board.mine()) if (isLive(card) && ui.tabs.opened(card.id) === null) ui.tabs.open(card.id, { quietly: true });
  }

  function sit(chosen) {
    const moved = chosen.department_id !== seat.department_id;
    seat = chosen;
    line.seat(chosen);
    ui.queue.show();
    if (moved) ui.tabs.panel()?.show();
    beat();
  }

  /* What is asked is on its way before the panel is built: somebody waits. */
  async function answer(id) {
    const asked = api.post(`console/incidents/${id}/${session.works() ? "answer" : "transfer/take"}`, {});
    const panel = ui.tabs.open(id);
    try {
      await panel.took(asked);
    } catch (error) {
      ui.frame.notice(refusalWords(error));
    }
  }

  function answerFirst() {
    const first = board.ringing()[0];
    if (!first) return;
    closeDialogs();
    void answer(first.id);
  }

  async function leave() {
    if (!(await askSignOut(board.mine().length))) return;
    line.stop();
    try {
      await api.put("console/seat", { state: "off" });
      calls.leaveAll();
      session.forget();
      forgetDrafts();
      ui.tabs.forget();
      location.reload();
    } catch (error) {
      line.start(seat);
      ui.frame.notice(refusalWords(error));
    }
  }

  const go = (name) => () => {
    const panel = ui.tabs.panel();
    if (panel?.go(name) !== false) return;
    const why = whyShut(panel.card(), session.username());
    ui.frame.notice(t(`shut.${why}`, { part: t(`dock.${name}`) }));
  };
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
    F10: () => ui.tabs.panel()?.callAct("mute"),
    F11: go("transfer"),
    F12: () => ui.finder.focus(),
  });
  board.ringsFor(({ ringing, transfer }) => {
    const here = session.specialises() && transfer !== null && transfer.department_id === seat.department_id;
    return (session.works() && ringing) || (here && !transfer.taken_by);
  });
  board.onChange(follow);
  onLanguage(build);
  build();
  line.start(seat);
  return { signedInAgain: line.passToken };
}
