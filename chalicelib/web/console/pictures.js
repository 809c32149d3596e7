/** The pictures and videos of a report as thumbnails; a click opens them large in the same panel. */

import { h, keep, say, shown } from "../shared/dom.js";
import { clock } from "../shared/time.js";
import { known, t } from "../shared/words.js";
import { icon } from "./icons.js";
import { formatOf, sizeWords } from "./shown.js";
import { pastStills } from "./stills.js";
import { pictureViewer } from "./viewer.js";

/**
 * Makes the block; `fresh()` reads the record again because view addresses have died, `page(before)` gives the stills
 * below a number as `{items, cursor}`, the newest without one.
 */
export function pictureBlock({ fresh, page, over }) {
  const counted = h("span.muted");
  const grid = h("ul.thumbs", { "data-testid": "pictures" });
  const empty = h("p.empty.muted", t("picture.none"));
  const refused = h("ul.refused-list", { aria: { label: t("picture.refused_label") } });
  const element = h(
    "section.pictures",
    { aria: { label: t("picture.label") } },
    h("h3", t("picture.title"), counted),
    empty,
    grid,
    refused,
  );
  const viewer = pictureViewer({ fresh: freshen, older, over });
  const past = pastStills({ page });
  let viewable = [];
  let newest = [];
  let count = 0;
  let viewing = "files";
  const stills = () => past.with(newest);

  function show({ media, incident }) {
    newest = media.filter((one) => one.kind === "still" && one.state === "accepted");
    count = incident.stills;
    const files = media.filter((one) => one.kind !== "still");
    viewable = files.filter((one) => one.state === "accepted");
    const seen = files.filter((one) => one.state === "accepted" || one.state === "awaiting");
    const turnedDown = files.filter((one) => one.state === "refused");
    say(counted, files.length > 0 ? t("picture.count", { count: seen.length }) : "");
    shown(empty, files.length === 0);
    keep(grid, seen, {
      keyOf: (one) => `${one.media_id}.${one.state}`,
      make: (one) => makeThumb(one),
      update: showThumb,
    });
    keep(refused, turnedDown, { keyOf: (one) => one.media_id, make: refusedLine });
    shown(refused, turnedDown.length > 0);
    update();
  }

  function update() {
    if (viewing === "stills") viewer.update(stills(), count);
    else viewer.update(viewable);
  }

  /* What the ladder sent is looked at by itself: it may be hundreds, and the older ones come as they are wanted. */
  function look(mediaId) {
    viewing = stills().some((one) => one.media_id === mediaId) ? "stills" : "files";
    if (viewing === "stills") viewer.open(stills(), mediaId, count);
    else viewer.open(viewable, mediaId);
  }

  async function older() {
    const found = viewing === "stills" && (await past.older());
    if (found) update();
    return found;
  }

  async function freshen() {
    if (viewing === "stills") await past.freshen();
    const found = await fresh();
    update();
    return found || viewing === "stills";
  }

  function makeThumb(one) {
    if (one.state === "awaiting")
      return h(
        "li.thumb.awaiting",
        h("span.thumb-face", icon(one.kind === "video" ? "film" : "picture"), t("picture.awaiting")),
      );
    const face =
      one.kind === "video"
        ? h("video.thumb-media", { preload: "metadata", muted: true, tabindex: -1 })
        : h("img.thumb-media", { alt: "", decoding: "async" });
    face.addEventListener("error", () => void failed(face, one));
    const button = h(
      "button.thumb-open",
      { type: "button", aria: { label: t(`media.${one.kind}`) }, onclick: () => look(one.media_id) },
      face,
      one.kind === "video" ? h("span.thumb-play", icon("film")) : null,
      h("span.thumb-note"),
    );
    return h("li.thumb", button);
  }

  /* A new signature for the same picture is no reason to load it again. */
  function showThumb(item, one) {
    const face = item.querySelector(".thumb-media");
    if (face === null || !one.url || (face.src && face.dataset.failed !== "expired")) return;
    delete face.dataset.failed;
    face.src = one.kind === "video" ? `${one.url}#t=0.1` : one.url;
  }

  async function failed(face, one) {
    if (face.dataset.failed === "shown") return;
    face.dataset.failed = face.dataset.failed === undefined ? "expired" : "shown";
    if (face.dataset.failed === "expired" && !/hei[cf]/.test(one.content_type) && (await fresh())) return;
    face.dataset.failed = "shown";
    face.hidden = true;
    say(face.parentElement.querySelector(".thumb-note"), `${formatOf(one)} ${sizeWords(one.size_bytes)}`);
  }

  return {
    element,
    show,
    look,
    /** True when there is anything to look at here. */
    holds: () => viewable.length > 0 || grid.childElementCount > 0,
    closeViewer: viewer.close,
  };
}

function refusedLine(one) {
  const because = known(`refused.${one.refused_because}`) ? t(`refused.${one.refused_because}`) : one.refused_because;
  return h(
    "li.refused",
    icon("still"),
    h("span", t("picture.refused", { what: t(`media.${one.kind}`), format: formatOf(one), because })),
    one.checked_at ? h("time.digits.muted", { datetime: one.checked_at }, clock(one.checked_at)) : null,
  );
}
