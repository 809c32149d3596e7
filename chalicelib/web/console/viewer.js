/** A picture or video large, over the panel and not over the queue: zoom, turn, next, previous. */

import { fill, h, say, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";
import { formatOf, sizeWords } from "./shown.js";

const ZOOMS = [1, 1.5, 2, 3, 4, 6, 8];

/**
 * Makes the viewer inside `over`; `fresh()` gets new view addresses and answers whether it could, `older()` more of what
 * stands before the first (by `update`) and whether there was any.
 */
export function pictureViewer({ fresh, older, over }) {
  const stage = h("div.viewer-stage");
  const title = h("p.viewer-title", { aria: { live: "polite" } });
  const note = h("div.viewer-note");
  const element = h(
    "section.viewer",
    {
      hidden: true,
      tabindex: -1,
      role: "group",
      aria: { label: t("viewer.label") },
      onkeydown: (event) => keys(event),
    },
    h(
      "header.viewer-bar",
      title,
      h(
        "div.viewer-tools",
        tool("viewer.previous", "left", () => step(-1)),
        tool("viewer.next", "right", () => step(1)),
        tool("viewer.smaller", "minus", () => zoomBy(-1)),
        tool("viewer.larger", "plus", () => zoomBy(1)),
        tool("viewer.turn", "turn", turn),
        tool("viewer.whole", "whole", whole),
        tool("viewer.close", "close", close),
      ),
    ),
    stage,
    note,
  );
  over.append(element);
  let list = [];
  let at = 0;
  let total = 0;
  let zoom = 0;
  let turned = 0;
  let opener = null;
  stage.addEventListener("wheel", (event) => (event.preventDefault(), zoomBy(event.deltaY < 0 ? 1 : -1)), {
    passive: false,
  });
  stage.addEventListener("pointerdown", drag);

  /* `count` is how many there are, where the list holds only the last of them. */
  function open(media, mediaId, count = media.length) {
    list = media;
    total = Math.max(count, list.length);
    at = Math.max(
      0,
      list.findIndex((one) => one.media_id === mediaId),
    );
    opener = document.activeElement;
    shown(element, true);
    draw();
    element.focus();
  }

  function close() {
    if (element.hidden) return;
    shown(element, false);
    fill(stage);
    opener?.focus();
  }

  async function step(by) {
    if (list.length === 0) return;
    const shownId = list[at].media_id;
    if (at === 0 && by < 0 && list.length < total) await older();
    if (element.hidden || list[at]?.media_id !== shownId) return; // Closed, or moved on, while older ones came.
    at = (at + by + list.length) % list.length;
    draw();
  }

  function draw() {
    const one = list[at];
    zoom = 0;
    turned = 0;
    shown(note, false);
    say(
      title,
      t("viewer.title", { at: total - list.length + at + 1, of: total, format: formatOf(one), size: sizeWords(one.size_bytes) }),
    );
    const media =
      one.kind === "video"
        ? h("video.viewer-media", { controls: true, autoplay: true, src: one.url })
        : h("img.viewer-media", { alt: t("media.photo"), src: one.url, draggable: "false" });
    media.addEventListener("error", () => void failed(media, one.media_id), { once: true });
    fill(stage, media);
  }

  /* The first failure may be an address that died; the second is a format this browser cannot show. */
  async function failed(media, mediaId) {
    const again = await fresh();
    const one = list.find((other) => other.media_id === mediaId);
    if (!media.isConnected || one === undefined) return;
    if (!again) return cannotShow(one);
    media.addEventListener("error", () => cannotShow(one), { once: true });
    media.src = one.url;
  }

  function cannotShow(one) {
    if (list[at]?.media_id !== one.media_id) return;
    fill(
      note,
      h("p", t("viewer.cannot", { format: formatOf(one) })),
      h("a.button", { href: one.url, download: "", target: "_blank", rel: "noopener" }, t("viewer.original")),
    );
    shown(note, true);
    fill(stage);
  }

  function zoomBy(steps) {
    zoom = Math.min(ZOOMS.length - 1, Math.max(0, zoom + steps));
    place();
  }

  function turn() {
    turned = (turned + 90) % 360;
    place();
  }

  function whole() {
    zoom = 0;
    place();
  }

  function place() {
    const media = stage.firstElementChild;
    if (media === null || media.tagName === "VIDEO") return;
    const sideways = turned % 180 !== 0;
    const fit = sideways
      ? Math.min(1, stage.clientHeight / media.offsetWidth, stage.clientWidth / media.offsetHeight)
      : 1;
    if (zoom === 0) media.style.translate = "0 0";
    media.style.rotate = `${turned}deg`;
    media.style.scale = String(ZOOMS[zoom] * fit);
    stage.classList.toggle("zoomed", zoom > 0);
  }

  function drag(start) {
    const media = stage.firstElementChild;
    if (zoom === 0 || media === null || media.tagName === "VIDEO") return;
    const [x, y] = (media.style.translate || "0 0").split(" ").map(parseFloat);
    stage.setPointerCapture(start.pointerId);
    stage.onpointermove = (move) =>
      (media.style.translate = `${x + move.clientX - start.clientX}px ${(y || 0) + move.clientY - start.clientY}px`);
    stage.onpointerup = () => (stage.onpointermove = null);
  }

  function keys(event) {
    const inVideo = event.target.tagName === "VIDEO";
    const acts = {
      Escape: close,
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      "+": () => zoomBy(1),
      "=": () => zoomBy(1),
      "-": () => zoomBy(-1),
      0: whole,
      r: turn,
      R: turn,
    };
    const act = acts[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || (inVideo && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    act();
  }

  /** Takes the newest list, with its newest addresses, without disturbing what is being looked at. */
  function update(media, count = media.length) {
    const looking = list[at]?.media_id;
    list = media;
    total = Math.max(count, list.length);
    at = Math.max(
      0,
      list.findIndex((one) => one.media_id === looking),
    );
  }

  return { open, close, update };
}

function tool(word, drawn, act) {
  return h(
    "button.button.small",
    { type: "button", title: t(word), aria: { label: t(word) }, onclick: act },
    icon(drawn),
  );
}
