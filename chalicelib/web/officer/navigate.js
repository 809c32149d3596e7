/** 导航: which point to go to, and which map application to hand it to. */

import { h } from "../shared/dom.js";
import { toGcj02 } from "../shared/gcj02.js";
import { t } from "../shared/words.js";

/** The point to go to, `{lat, lng, ofPlace}`: that of the place, else where the citizen's phone is; null without either. */
export function targetOf({ place, position }) {
  if (place?.point) return { ...place.point, ofPlace: true };
  return position ? { lat: position.lat, lng: position.lng, ofPlace: false } : null;
}

/** Asks which application shall lead the way. Amap takes GCJ-02, `geo:` takes WGS-84. */
export function openNavigation(words, target) {
  const close = () => {
    box.close();
    box.remove();
  };
  const copied = h("p.small", { role: "status" });
  const copy = () =>
    navigator.clipboard
      ?.writeText(words)
      .then(() => (copied.textContent = t("go.copied")))
      .catch(() => (copied.textContent = words));
  const box = h(
    "dialog",
    { aria: { labelledby: "go-title" }, oncancel: close },
    h(
      "div.asked",
      h("h2", { id: "go-title" }, t("go.title")),
      h("p", words),
      target && !target.ofPlace ? h("p.notice.warn", t("go.citizen")) : null,
      h(
        "div.choices",
        target ? links(words, target, close) : h("p.notice.warn", t("go.no.point")),
        h("button.button", { type: "button", onclick: copy }, t("go.copy")),
        copied,
        h("button.button.quiet", { type: "button", onclick: close }, t("dialog.close")),
      ),
    ),
  );
  document.body.append(box);
  box.showModal();
}

function links(words, target, close) {
  const shifted = toGcj02(target);
  const name = encodeURIComponent(words.slice(0, 40));
  const amap = `https://uri.amap.com/navigation?to=${shifted.lng.toFixed(6)},${shifted.lat.toFixed(6)},${name}&mode=car&coordinate=gaode&callnative=1`;
  const geo = `geo:${target.lat.toFixed(6)},${target.lng.toFixed(6)}?q=${target.lat.toFixed(6)},${target.lng.toFixed(6)}(${name})`;
  return [
    h("a.button.primary", { href: amap, target: "_blank", rel: "noreferrer noopener", onclick: close }, t("go.amap")),
    h("a.button", { href: geo, onclick: close }, t("go.other")),
  ];
}
