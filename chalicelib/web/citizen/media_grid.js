/** The pictures and videos of a report: those on their way with their progress, those in, and why one was not used. */

import { fill, h, keep, say } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";
import { thumbnail } from "./picker.js";
import { refusalWords } from "./steps.js";
import { forgetUpload, retryUpload, uploadsOf } from "./uploads.js";

/** Draws the grid from this device's uploads and the service's list; `changed` is called when a tile was taken away. */
export function drawMedia(grid, incidentId, media, changed) {
  keep(grid, tiles(incidentId, media), {
    keyOf: (tile) => tile.key,
    make: (tile) => makeTile(tile, changed),
    update: updateTile,
  });
}

/** What counts against the limits: everything that is not refused. */
export function presentFiles(incidentId, media) {
  return tiles(incidentId, media).filter((tile) => tile.state !== "refused");
}

/* The stills of a call are the console's; here they would bury what was chosen to be sent. */
function tiles(incidentId, all) {
  const media = all.filter((one) => one.kind !== "still");
  const uploads = uploadsOf(incidentId);
  const mine = new Map(uploads.filter((item) => item.mediaId).map((item) => [item.mediaId, item]));
  const byId = new Map(media.map((one) => [one.media_id, one]));
  const fromHere = uploads.map((item) => tileOfUpload(item, byId.get(item.mediaId)));
  const fromService = media.filter((one) => !mine.has(one.media_id) && one.state !== "lapsed").map(tileOfMedia);
  return [...fromService, ...fromHere];
}

function tileOfUpload(item, stored) {
  const done = item.state === "sent" && stored;
  const state = done ? stored.state : item.state === "sent" ? "awaiting" : item.state;
  const words = done && stored.refused_because ? refusalWords(stored.refused_because) : item.words;
  return {
    key: item.key,
    upload: item.key,
    kind: item.kind,
    contentType: item.contentType,
    name: item.name,
    preview: item.preview,
    url: stored?.url,
    state,
    progress: item.progress,
    words,
  };
}

function tileOfMedia({ media_id: id, kind, content_type: contentType, state, url, refused_because: reason }) {
  return {
    key: `${id}-${state}`,
    kind,
    contentType,
    name: "",
    preview: url,
    url,
    state,
    progress: 1,
    words: reason ? refusalWords(reason) : "",
  };
}

function makeTile(tile, changed) {
  const bar = h("progress", { max: 1, aria: { label: t("upload.progress", { name: tile.name }) } });
  const look = h(
    "button.look",
    {
      type: "button",
      aria: { label: t("media.look") },
      onclick: (event) => openLarge(event.currentTarget.closest("li").shown),
    },
    thumbnail(tile),
  );
  const again = h(
    "button.again",
    { type: "button", onclick: () => retryUpload(tile.upload) },
    icon("again"),
    t("upload.retry"),
  );
  const away = h(
    "button.remove",
    {
      type: "button",
      aria: { label: t("pick.remove", { name: tile.name }) },
      onclick: () => (forgetUpload(tile.upload), changed()),
    },
    icon("cross"),
  );
  return h("li.picture", look, bar, h("span.state"), again, away);
}

function updateTile(element, tile) {
  element.shown = tile;
  element.dataset.state = tile.state;
  const bar = element.querySelector("progress");
  bar.hidden = !["waiting", "preparing", "sending", "resting"].includes(tile.state);
  if (tile.state === "sending") bar.value = tile.progress;
  else bar.removeAttribute("value");
  say(element.querySelector(".state"), stateWords(tile));
  element.querySelector(".again").hidden = tile.state !== "failed";
  element.querySelector(".remove").hidden = !(tile.upload && ["refused", "failed"].includes(tile.state));
}

function stateWords({ state, progress, words }) {
  if (state === "sending") return `${Math.round(progress * 100)}%`;
  if (state === "refused" || state === "resting" || state === "failed") return words;
  return t(`upload.${state}`);
}

function openLarge(tile) {
  const source = tile.preview || tile.url;
  if (!source || tile.state === "refused") return;
  const close = () => {
    box.close();
    box.remove();
  };
  const shown =
    tile.kind === "video"
      ? h("video", { src: source, controls: true, playsinline: true })
      : h("img", { src: source, alt: tile.name || t("media.photo") });
  shown.addEventListener("error", () => shown.replaceWith(h("p.no-show", t("media.no.show"))));
  const box = h(
    "dialog.large",
    { aria: { label: t("media.look") }, oncancel: close },
    fill(h("div"), shown),
    h("button.button", { type: "button", onclick: close }, t("dialog.close")),
  );
  document.body.append(box);
  box.showModal();
}
