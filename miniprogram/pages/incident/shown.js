/** What the page of a report shows, made from its record and what is still on its way from this phone. */

const { hasCall } = require("../../report/live.js");
const { dropMessage, pendingMessages } = require("../../report/messages.js");
const { meansWords, recordOf, rowOf, standsWords } = require("../../report/steps.js");
const { tilesOf } = require("../../report/tiles.js");
const { uploadsOf } = require("../../report/uploads.js");
const { fullTime, shortTime } = require("../../words/time.js");
const { t } = require("../../words/words.js");

const RING_AFTER_MS = 20000;

/** Everything the template needs of the report `id`. */
function shownOf(id, { incident, entries, media }) {
  const closed = incident.status === "closed";
  return {
    closed,
    tip: incident.tip,
    noRing: incident.contact === "app_only",
    number: t("incident.number", { number: incident.number }),
    stands: standsWords(incident),
    means: meansWords(incident),
    waitsLong: waitsLong(incident),
    unplaced: !closed && !incident.tip && !incident.position,
    row: rowOf(incident),
    tiles: tilesOf(uploadsOf(id), media),
    record: recordOf(entries),
    own: ownOf(incident),
    talk: talkOf(id, entries),
    rejoin: hasCall(incident),
    booked: incident.booked_for ? t("incident.booked", { when: fullTime(incident.booked_for) }) : "",
    event: closed ? null : eventOf(incident),
    ...othersOf(entries),
  };
}

/* To ring is her own choice, also where nobody may ring her; a tip and a booked consult wait for nobody. */
function waitsLong({ status, tip, booked_for: booked, created_at: at }) {
  return status === "waiting" && !tip && !booked && Date.now() - Date.parse(at) > RING_AFTER_MS;
}

function ownOf({ created_at: at, mode, text, place, position }) {
  const where = place ? [place.words, place.near].filter((words, i, all) => words && all.indexOf(words) === i).join(" · ") : "";
  const accuracy = position ? t("incident.accuracy", { metres: Math.round(position.accuracy_m || 0) }) : "";
  const facts = [
    ["at", `${fullTime(at)} · ${t(`mode.${mode}`)}`],
    ["text", text],
    ["place", where],
    ["position", accuracy],
  ];
  return facts.filter(([, value]) => value).map(([name, value]) => ({ name: t(`incident.${name}`), value }));
}

/* What is in the record, then what is still on its way. */
function talkOf(id, entries) {
  const said = entries.filter(({ kind }) => kind === "message.sent");
  const inRecord = new Set(said.map(({ seq }) => seq));
  for (const { key, state, seq } of pendingMessages(id)) if (state === "sent" && inRecord.has(seq)) dropMessage(key);
  return [
    ...said.map(({ seq, by, at, details }) => ({ key: `seq-${seq}`, mine: by === "you", text: details.text, line: shortTime(at) })),
    ...pendingMessages(id).map(({ key, text, state, words }) => ({ key, mine: true, text, line: t(`message.${state}`, { words }) })),
  ];
}

/* A known event near by: whether it is the same, and, at any time, that somebody is hurt. */
function eventOf({ event_asked: asked }) {
  if (!asked) return null;
  const open = asked.answer ? [] : ["same", "different"];
  const answers = asked.answer === "hurt" ? [] : [...open, "hurt"];
  return {
    title: t("event.near", { name: asked.name }),
    line: t(asked.answer ? `event.told.${asked.answer}` : "event.ask"),
    answers: answers.map((answer) => ({ answer, words: t(`event.${answer}`) })),
  };
}

/* Which report this one goes on with, and which goes on with it. */
function othersOf(entries) {
  const told = (side) => {
    const entry = entries.find(({ kind, details }) => kind === "incident.continued" && details[side]);
    return entry ? entry.details[side] : "";
  };
  return { before: told("from"), after: told("to") };
}

module.exports = { shownOf };
