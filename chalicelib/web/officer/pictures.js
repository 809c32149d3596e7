/** The pictures and videos of the task: thumbnails, and one large. */

import { fill, h, keep } from "../shared/dom.js";
import { clock } from "../shared/time.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";

/** Draws the pictures; those shown already stay, only their addresses are kept fresh. */
export function drawPictures(section, media) {
  const stills = media.filter((one) => one.url && one.kind === "still");
  const shown = [...media.filter((one) => one.url && one.kind !== "still"), ...stills.slice(-1)];
  section.hidden = shown.length === 0;
  let grid = section.querySelector("ul");
  if (!grid) {
    grid = h("ul");
    fill(section, h("h2", t("task.pictures")), grid);
  }
  keep(grid, shown, { keyOf: (one) => one.media_id, make: thumbnail, update: (element, one) => (element.shown = one) });
}

function thumbnail(one) {
  const plain = () => h("span.plain", icon("video"), t(`media.${one.kind}`));
  const inside =
    one.kind === "video"
      ? plain()
      : h("img", { src: one.url, alt: t("media.photo"), decoding: "async", loading: "lazy" });
  inside.addEventListener?.("error", () => inside.replaceWith(h("span.plain", t("media.photo"))));
  return h(
    "li",
    h(
      "button",
      {
        type: "button",
        aria: { label: t("pictures.look") },
        onclick: (event) => openLarge(event.currentTarget.parentElement.shown),
      },
      inside,
    ),
    stillFrom(one),
  );
}

/* A still is of a moment, and the next one may never come. */
function stillFrom({ kind, checked_at: at }) {
  if (kind !== "still" || !at) return null;
  return h("p.still-from", h("time.digits", { datetime: at }, t("pictures.still_from", { time: clock(at) })));
}

function openLarge(one) {
  const { kind, url } = one;
  const close = () => {
    box.close();
    box.remove();
  };
  const large =
    kind === "video"
      ? h("video", { src: url, controls: true, autoplay: true, playsinline: true })
      : h("img", { src: url, alt: t("media.photo") });
  large.addEventListener("error", () => large.replaceWith(h("p", t("pictures.no.show"))));
  const box = h(
    "dialog.large",
    { aria: { label: t("pictures.look") }, oncancel: close },
    h("div", large),
    stillFrom(one),
    h("button.button", { type: "button", onclick: close }, t("dialog.close")),
  );
  document.body.append(box);
  box.showModal();
}
