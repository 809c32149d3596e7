/** Choosing pictures and videos for a report: the grid of what is chosen and the tile that adds. */

import { fill, h, keep } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { ACCEPT, LIMITS } from "./file_kind.js";
import { icon } from "./icons.js";
import { choose, chosenFiles, unchoose } from "./picked.js";

/** The picker of the draft's files. */
export function drawPicker() {
  const grid = h("ul.pictures", { aria: { label: t("pick.label") } });
  const refused = h("div.refused", { role: "alert" });
  const draw = () => {
    keep(grid, chosenFiles(), { keyOf: (item) => item.key, make: (item) => chosen(item, draw) });
    adder.count();
  };
  const adder = fileInput({
    words: t("pick.add"),
    present: chosenFiles,
    take: async (files) => {
      fill(
        refused,
        (await choose(files)).map((words) => h("p.notice.warn", icon("warning"), h("span", words))),
      );
      draw();
    },
  });
  draw();
  return h("div.picker", grid, adder.element, refused);
}

/** A file input that looks like a button; says how many more fit. `take(files)` gets what was chosen. */
export function fileInput({ words, present, take }) {
  const input = h("input", {
    type: "file",
    multiple: true,
    accept: ACCEPT,
    onchange: async () => {
      const files = [...input.files];
      input.value = "";
      await take(files);
    },
  });
  const left = h("span.muted.small");
  const count = () => {
    const of = (kind) => present().filter((item) => item.kind === kind).length;
    left.textContent = t("pick.count", {
      photos: of("photo"),
      most: LIMITS.photo.most,
      videos: of("video"),
      mostVideos: LIMITS.video.most,
    });
  };
  count();
  return { element: h("label.add", input, icon("picture"), h("span.words", h("strong", words), left)), count };
}

/** The small picture of a chosen file; what the browser cannot show stands as its kind. */
export function thumbnail({ kind, contentType, preview, name }) {
  const plain = () =>
    h("span.no-preview", icon(kind === "video" ? "video" : "picture"), contentType === "image/heic" ? "HEIC" : null);
  if (!preview) return plain();
  if (kind === "video")
    return h(
      "span.frame",
      h("video", {
        src: `${preview}#t=0.1`,
        muted: true,
        playsinline: true,
        preload: "metadata",
        aria: { label: name || t("media.video") },
      }),
      h("span.play", icon("video")),
    );
  const picture = h("img", { src: preview, alt: name || t("media.photo"), decoding: "async" });
  picture.addEventListener("error", () => picture.replaceWith(plain()));
  return picture;
}

function chosen(item, draw) {
  const remove = () => {
    unchoose(item.key);
    draw();
  };
  return h(
    "li.picture",
    thumbnail(item),
    h(
      "button.remove",
      { type: "button", aria: { label: t("pick.remove", { name: item.name }) }, onclick: remove },
      icon("cross"),
    ),
  );
}
