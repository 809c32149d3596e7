/** One own report: where it stands, its pictures, and the conversation with the call-taker. */

import { fill, h, say, shown } from "../shared/dom.js";
import { nowMs } from "../shared/time.js";
import { problemWords, t } from "../shared/words.js";
import { composer, drawChat, drawEmptyChat } from "./chat.js";
import { drawEvent } from "./event.js";
import { details } from "./incident_details.js";
import { follow } from "./follow.js";
import { followWhere } from "./followed.js";
import { drawTabs, drawTop, ringLink, sayNetwork } from "./frame.js";
import { icon } from "./icons.js";
import { drawMedia, presentFiles } from "./media_grid.js";
import { onMessages } from "./message_outbox.js";
import { phoneCard } from "./phone.js";
import { checkFiles } from "./picked.js";
import { callAddress } from "./live/modes.js";
import { citizen } from "./session.js";
import { recall } from "./storage.js";
import { drawRecord, drawStanding } from "./steps.js";
import { onUpload, sendAll } from "./uploads.js";

const RING_AFTER_MS = 20_000;
let continuedFrom = null;

/** Draws the report and follows it; gives back what stops it. */
export function showIncident(view, incidentId) {
  drawTop({ title: t("incident.title"), back: "#/reports" });
  drawTabs(null);
  const parts = makeParts(incidentId);
  const state = { incidentId, record: { incident: null, entries: [], media: [] }, heard: null, drawn: null };
  const redraw = () => draw(parts, state);
  const line = composer(incidentId, {
    onSend: () => (redraw(), parts.chat.scrollIntoView({ block: "end" })),
    onFiles: (files) => addFiles(files, parts, state),
  });
  parts.line = line;
  fill(view, parts.moved, parts.standing, parts.ring, parts.event, parts.where.element, parts.rejoin, parts.mediaCard, parts.more, parts.talk, parts.phone, parts.gone);
  const bottom = h("div.bottom", parts.news, line.element);
  document.body.append(bottom);
  const following = follow(incidentId, {
    onNews: (record) => ((state.record = record), redraw()),
    onLost: (lost) => sayNetwork(lost ? t("network.lost") : null),
    onGone: (problem) => gone(parts, problem, bottom),
  });
  state.soon = following.soon;
  const stops = [
    onUpload((item) =>
      item.incidentId === incidentId
        ? redraw()
        : item.movedFrom === incidentId && moveOn(item.movedFrom, item.incidentId),
    ),
    onMessages((news) =>
      news.to && news.from === incidentId ? moveOn(news.from, news.to) : (redraw(), following.soon()),
    ),
  ];
  return () => {
    following.stop();
    for (const stop of stops) stop();
    parts.where.stop();
    bottom.remove();
    sayNetwork(null);
  };
}

/* Writing after the end opens a linked report: the page goes there and says so. */
function moveOn(from, to) {
  continuedFrom = { from, to };
  location.hash = `#/reports/${to}`;
}

function makeParts(incidentId) {
  const chat = h("ol.chat", { aria: { live: "polite", label: t("chat.title") } });
  const none = h("p.muted.small");
  const refused = h("div.refused", { role: "alert" });
  const grid = h("ul.pictures");
  const record = h("ol.record");
  const own = h("dl.own");
  return {
    chat,
    none,
    refused,
    grid,
    record,
    own,
    moved: h("div"),
    event: h("div"),
    phone: h("div", { hidden: true }),
    rejoin: h("a.button.primary", { hidden: true }),
    gone: h("div"),
    where: followWhere(incidentId),
    ring: h("section.card", { hidden: true }, h("p", t("incident.wait")), ringLink()),
    standing: h("section.card.standing", { aria: { live: "polite" } }, h("p.muted", t("loading"))),
    mediaCard: h("section.card", { hidden: true }, h("h2", t("incident.media")), grid, refused),
    more: h(
      "details.card.more",
      { hidden: true },
      h("summary", t("incident.more")),
      own,
      h("h3", t("incident.record")),
      record,
    ),
    talk: h("section.card", { hidden: true }, h("h2", t("chat.title")), none, chat),
    news: h(
      "button.news",
      { type: "button", hidden: true, onclick: () => chat.scrollIntoView({ block: "end", behavior: "smooth" }) },
      t("chat.news"),
    ),
  };
}

function draw(parts, state) {
  const {
    incidentId,
    record: { incident, entries, media },
  } = state;
  if (!incident) return;
  if (incident.mode === "silent") return location.replace("#/");
  drawRejoin(parts.rejoin, incident);
  drawMoved(parts.moved, incident, entries);
  if (state.drawn !== incident.version) drawStanding(parts.standing, incident);
  state.drawn = incident.version;
  shown(parts.ring, waitsLong(incident));
  parts.where.update(incident);
  drawEvent(parts.event, incident, state.soon);
  askForPhone(parts.phone, incident, state);
  drawMedia(parts.grid, incidentId, media, () => draw(parts, state));
  shown(parts.mediaCard, parts.grid.childElementCount > 0 || parts.refused.childElementCount > 0);
  details(parts.own, incident);
  drawRecord(parts.record, entries);
  const police = drawChat(parts.chat, incidentId, entries);
  drawEmptyChat(parts.none, parts.chat.childElementCount === 0, incident.status === "closed");
  parts.line.hint(t(incident.status === "closed" ? "chat.write.closed" : "chat.write"));
  for (const part of [parts.more, parts.talk]) part.hidden = false;
  tellNews(parts, state, police);
}

/* To ring is her own choice, also where nobody may ring her; a tip and a booked consult wait for nobody. */
function waitsLong({ status, tip, booked_for: booked, created_at: at }) {
  return status === "waiting" && !tip && !booked && nowMs() - Date.parse(at) > RING_AFTER_MS;
}

function tellNews(parts, state, police) {
  const seen = parts.chat.getBoundingClientRect().bottom < innerHeight;
  if (state.heard !== null && police > state.heard && !seen) parts.news.hidden = false;
  if (seen) parts.news.hidden = true;
  state.heard = police;
}

/* Which report this one goes on with, and which goes on with it, stand in the record itself. */
function drawMoved(element, { id }, entries) {
  const told = (side) =>
    entries.find((entry) => entry.kind === "incident.continued" && entry.details[side])?.details[side];
  const [before, later] = [told("from"), told("to")];
  const shape = `${before} ${later}`;
  if (element.dataset.shape === shape) return;
  element.dataset.shape = shape;
  const words = continuedFrom?.to === id ? t("incident.moved") : t("incident.follows");
  fill(
    element,
    before ? pointer(words, before, t("incident.before")) : null,
    later ? pointer(t("incident.goes.on"), later, t("incident.after")) : null,
  );
}

function pointer(words, incidentId, link) {
  return h(
    "p.notice",
    { role: "status" },
    icon("info"),
    h("span", words, " ", h("a", { href: `#/reports/${incidentId}` }, link)),
  );
}

function drawRejoin(link, incident) {
  const address = callAddress(incident);
  link.hidden = !address;
  if (!address) return;
  link.href = address;
  say(link, t(incident.booked_for ? "incident.booked" : "incident.rejoin"));
}

/* Asked only once the report is in, and never of someone who must not be rung. */
function askForPhone(element, { contact, status }, state) {
  const wanted =
    !citizen()?.phone &&
    recall("contact.given") !== state.incidentId &&
    contact === "any" &&
    status !== "closed" &&
    !state.phoneAsked;
  if (!wanted) return;
  state.phoneAsked = true;
  const card = phoneCard();
  if (card) shown(fill(element, card), true);
}

async function addFiles(files, parts, state) {
  const { taken, refused } = await checkFiles(files, presentFiles(state.incidentId, state.record.media));
  fill(
    parts.refused,
    refused.map((words) => h("p.notice.warn", icon("warning"), h("span", words))),
  );
  if (taken.length > 0) sendAll(state.incidentId, taken);
  draw(parts, state);
  parts.mediaCard.scrollIntoView({ block: "center" });
}

function gone(parts, problem, bottom) {
  bottom.hidden = true;
  parts.standing.hidden = true;
  fill(
    parts.gone,
    h(
      "section.card",
      h("p.notice.bad", { role: "alert" }, problemWords(problem.facts)),
      h("a.button", { href: "#/reports" }, t("tab.reports")),
      ringLink(),
    ),
  );
}
