/** One incident: everything about it on one screen, and the work. */

import { h, say, shown } from "../shared/dom.js";
import { passes } from "../shared/faults.js";
import { t } from "../shared/words.js";
import { callBlock } from "./call/block.js";
import { transferBar } from "./call/reply.js";
import { callerBlock } from "./caller.js";
import { alertStrip } from "./duty/strip.js";
import { conversation, notes } from "./conversation.js";
import { headline } from "./headline.js";
import { lastWord } from "./incoming.js";
import { pictureBlock } from "./pictures.js";
import { placeBlock } from "./place.js";
import { incidentRecord } from "./record.js";
import { refusalWords } from "./refusals.js";
import { grantBand } from "./standing/grant.js";
import { allowedSteps } from "./steps.js";
import { clusterBar } from "./watch/cluster.js";
import { hitBlock } from "./watch/hits.js";
import { workDock } from "./work.js";

/* What is drawn of an answer would keep its call from opening for as long as it takes. */
const DRAWS_AFTER_MS = 10;

/** Makes the panel of one incident; it reads itself and follows the board from then on. */
export function incidentPanel({ id, desk }) {
  const { api, board, session } = desk;
  const fault = h("p.refusal.panel-fault", { role: "alert", hidden: true });
  const text = h("p.report-text", { "data-testid": "report-text" });
  const body = h("div.panel-body");
  let unread = false;
  const record = incidentRecord({ api, board, id, onChange: show, onFault: failed });
  const top = headline({ id, send, openOther: desk.open });
  const caller = callerBlock();
  const where = placeBlock({ id, api, county: desk.county, send });
  const pictures = pictureBlock({ fresh: record.freshMedia, page: (before) => api.get(`console/incidents/${id}/stills`, { before }), over: body });
  const asked = transferBar({ send });
  const alerts = alertStrip({ id, send, commands: session.commands() });
  const hits = hitBlock({ send });
  const cluster = clusterBar({ read: () => api.get(`console/incidents/${id}/suggestions`), send, open: desk.open });
  const told = h("div.report-told", h("h3", t("report.label")), text);
  const report = h("section.report", { aria: { label: t("report.label") } }, told, pictures.element);
  const call = callBlock({ id, desk, send, look: (mediaId) => pictures.look(mediaId) });
  const withheld = grantBand({ send });
  const talk = conversation({ id, send, ready: call.questions });
  const inner = notes({ id, send });
  const dock = workDock({ id, desk, send, withdraw, over: body });
  body.append(
    h("div.column.who-where", caller.element, hits.element, where.element),
    h(
      "div.column.what",
      withheld.element,
      cluster.element,
      call.element,
      report,
      dock.element,
    ),
    h("div.column.words", talk.element, inner.element),
  );
  const element = h(
    "article.panel",
    { "data-testid": "panel", "data-id": id, aria: { busy: "true" } },
    fault,
    top.element,
    asked.element,
    alerts.element,
    body,
  );

  /** Does one step; the newer state it answers is shown at once, the record follows. */
  function send(verb, content, key) {
    return took(api.post(`console/incidents/${id}/${verb}`, content, key ? { key } : {}));
  }

  /** Takes one step back, with its reason in the address. */
  function withdraw(verb, reason) {
    return took(api.remove(`console/incidents/${id}/${verb}`, { query: { reason } }));
  }

  async function took(asked) {
    const answer = await asked;
    if (answer.call) {
      desk.calls.begin(answer);
      await new Promise((done) => setTimeout(done, DRAWS_AFTER_MS));
    }
    if (answer.incident) board.take([answer.incident]);
    void record.refresh();
    return answer;
  }

  function show(data) {
    unread = false;
    element.setAttribute("aria-busy", "false");
    shown(fault, false);
    const steps = allowedSteps(data.incident, {
      username: session.username(),
      works: session.works(),
      commands: session.commands(),
      specialises: session.specialises(),
      department: desk.department(),
    });
    element.dataset.status = data.incident.status;
    say(text, data.incident.text ?? t("report.no_text"));
    text.classList.toggle("none", data.incident.text === null);
    for (const part of [top, asked, withheld, alerts, hits, cluster, call, caller, where, pictures, talk, inner, dock]) part.show(data, steps);
    element.classList.toggle("with-call", !call.element.hidden);
    shown(told, call.element.hidden || data.incident.text !== null);
    shown(pictures.element, call.element.hidden || pictures.holds());
    shown(report, !told.hidden || !pictures.element.hidden);
    desk.drawn();
  }

  function failed(error) {
    unread = passes(error);
    say(fault, refusalWords(error));
    shown(fault, true);
  }

  void record.refresh();
  return {
    element,
    card: () => record.data?.incident ?? null,
    /** The number of the newest word of a citizen or an officer; null before the first read. */
    lastWord: () => (record.data === null ? null : lastWord(record.data.timeline)),
    /** Reads what is new when the feed is ahead of what is shown. */
    follow(card) {
      if ((record.data?.incident.version ?? -1) < card.version) void record.refresh();
    },
    show() {
      where.draw();
      if (record.data !== null) show(record.data);
    },
    beat() {
      for (const part of [top, cluster, call, caller, where, dock]) part.beat();
      if (unread) void record.refresh();
    },
    go: (name) => (name === "message" ? talk.focus() : name === "note" ? inner.focus() : dock.go(name)),
    /** Shows what came of a step that was asked for already; rejects as the step was refused. */
    took,
    refresh: () => void record.refresh(),
    callChanged: call.draw,
    callAct: call.act,
    remove() {
      where.remove();
      call.remove();
      element.remove();
    },
  };
}
