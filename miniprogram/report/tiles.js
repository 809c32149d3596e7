/** The pictures and videos of a report as tiles: those on their way with their progress, those in, and why one was not used. */

const { t } = require("../words/words.js");
const { refusalWords } = require("./steps.js");

const MOVING = ["waiting", "preparing", "sending", "resting"];

/** Tiles of files chosen for a report that is not in yet. */
function tilesOfChosen(files) {
  return files.map((item) => ({ key: item.key, kind: item.kind, shown: pictureOf(item), state: "chosen", line: "", away: true }));
}

/** Tiles of a report: from this phone's uploads and the service's list. */
function tilesOf(uploads, media) {
  const byId = new Map(media.map((one) => [one.media_id, one]));
  const mine = new Set(uploads.map((item) => item.mediaId).filter((id) => id && byId.has(id)));
  const fromService = media.filter((one) => !mine.has(one.media_id) && one.state !== "lapsed");
  return [...fromService.map(tileOfMedia), ...uploads.map((item) => tileOfUpload(item, byId.get(item.mediaId)))];
}

/** What counts against the limits: everything that is not refused. */
function presentIn(tiles) {
  return tiles.filter((tile) => tile.state !== "refused");
}

/* What is in was taken off this phone: the service's own picture is shown, as soon as it was checked. */
function tileOfUpload(item, stored) {
  const isIn = item.state === "sent";
  const state = !isIn ? item.state : stored ? stored.state : "awaiting";
  const url = (stored && stored.url) || "";
  const words = stored && stored.refused_because ? refusalWords(stored.refused_because) : item.words;
  return {
    key: item.key,
    kind: item.kind,
    shown: isIn && item.kind === "photo" ? url : pictureOf(item),
    source: isIn ? url : item.path,
    state,
    percent: MOVING.includes(state) ? Math.round(item.progress * 100) : -1,
    line: lineOf(state, item.progress, words),
    again: state === "failed",
    away: state === "failed" || state === "refused",
  };
}

function tileOfMedia({ media_id: id, kind, state, url, refused_because: reason }) {
  const words = reason ? refusalWords(reason) : "";
  return { key: id, kind, shown: kind === "photo" ? url : "", source: url, state, percent: -1, line: lineOf(state, 1, words) };
}

function pictureOf({ kind, path, thumb }) {
  return kind === "photo" ? path : thumb || "";
}

function lineOf(state, progress, words) {
  if (state === "sending") return `${Math.round(progress * 100)}%`;
  if (state === "refused" || state === "resting" || state === "failed") return words;
  return t(`upload.${state}`);
}

module.exports = { presentIn, tilesOf, tilesOfChosen };
