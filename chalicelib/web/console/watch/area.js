/** Choosing an area on the county's map: a circle by its centre, or a polygon corner by corner. */

import { h, say, shown } from "../../shared/dom.js";
import { countyMap } from "../../shared/map.js";
import { t } from "../../shared/words.js";
import { choice, labelled } from "../form.js";

/** Makes the field; `value()` gives `{centre, radius_m}` or `{polygon}` as the service takes them. */
export function areaField({ county, polygons }) {
  const canvas = h("div.map.watch-map");
  const lat = h("input.input", { type: "number", step: "any", min: -90, max: 90, required: true, onchange: () => mark() });
  const lng = h("input.input", { type: "number", step: "any", min: -180, max: 180, required: true, onchange: () => mark() });
  const radius = h("input.input", { type: "number", step: "any", min: 1, max: 100000, required: true, value: "200" });
  const hint = h("p.muted");
  const again = h("button.button.small", { type: "button", onclick: () => clear() }, t("watch.clear"));
  const shape = choice({
    name: "shape",
    legend: t("watch.shape"),
    choices: ["circle", ...(polygons ? ["polygon"] : [])].map((value) => ({ value, words: t(`watch.${value}`) })),
    picked: () => draw(),
  });
  const circle = h("div.roster-fields", labelled("watch.lat", lat), labelled("watch.lng", lng), labelled("watch.radius", radius));
  const frame = h("div.map-frame", canvas);
  const opened = h("details.watch-area", { ontoggle: () => opened.open && open() }, h("summary", t("watch.map")), hint, frame);
  const element = h("div.watch-field", polygons ? shape.element : null, circle, opened, again);
  let corners = [];
  let map = null;
  shape.set("circle");

  /* A map has a size only once it is seen. */
  function open() {
    map ??= countyMap(canvas, county, { label: t("watch.map") });
    map.picking(pick);
    mark();
  }

  function pick(point) {
    if (isPolygon()) corners.push(point);
    else [lat.value, lng.value] = [point.lat.toFixed(6), point.lng.toFixed(6)];
    map.picking(pick);
    draw();
  }

  function mark() {
    const point = isPolygon() ? (corners.at(-1) ?? null) : lat.value && lng.value ? { lat: Number(lat.value), lng: Number(lng.value) } : null;
    map?.place(point, "");
  }

  function draw() {
    shown(circle, !isPolygon());
    for (const field of [lat, lng, radius]) field.disabled = isPolygon();
    if (isPolygon()) opened.open = true;
    say(hint, isPolygon() ? t("watch.pick_corners", { count: corners.length }) : t("watch.pick"));
    shown(again, corners.length > 0);
    mark();
  }

  function clear() {
    corners = [];
    [lat.value, lng.value] = ["", ""];
    draw();
  }

  const isPolygon = () => shape.value() === "polygon";
  draw();
  return {
    element,
    clear,
    value() {
      if (isPolygon()) return { polygon: corners.map((corner) => ({ lat: corner.lat, lng: corner.lng })) };
      return { centre: { lat: Number(lat.value), lng: Number(lng.value) }, radius_m: Number(radius.value) };
    },
  };
}
