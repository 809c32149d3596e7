/** Draws the county, a citizen's position with its accuracy, and the place of an incident; needs no internet. */

import * as leaflet from "../vendor/leaflet.js";
import { h } from "./dom.js";

const WORLD = [
  [-89, -180],
  [-89, 180],
  [89, 180],
  [89, -180],
];
const CLOSE = 15;

/**
 * Makes a map in an element that has a height.
 *
 * `county` is the answer of `GET /county`; tiles are shown only when it names them, places when it lists them
 * (`places: [{name, lat, lng}]`). Points are WGS-84. The page loads vendor/leaflet.css and shared/map.css.
 */
export function countyMap(element, county, { label = "" } = {}) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = leaflet.map(element, {
    attributionControl: false,
    zoomControl: true,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    minZoom: 8,
    maxZoom: 19,
    zoomSnap: 0.25,
  });
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", label);
  const outline = drawCounty(map, county);
  drawPlaces(map, county.places || []);
  leaflet.control.scale({ imperial: false }).addTo(map);
  map.setView(outline.getBounds().getCenter(), 9);

  const marks = { position: [], place: [], way: [] };
  const put = (kind, layers) => {
    for (const old of marks[kind]) old.remove();
    marks[kind] = layers;
    for (const layer of layers) layer.addTo(map);
    hideOverlapping(element);
  };
  let closeUp = false;
  let touched = false;
  const fit = () => {
    touched = false;
    if (map.getSize().x === 0) return;
    const bounds = leaflet.latLngBounds([]);
    for (const layer of [...marks.position, ...marks.place])
      bounds.extend(layer.getBounds ? layer.getBounds() : layer.getLatLng());
    if (closeUp && bounds.isValid()) map.fitBounds(bounds, { padding: [40, 40], maxZoom: CLOSE, animate: false });
    else map.fitBounds(bounds.extend(outline.getBounds()), { padding: [14, 14], animate: false });
  };
  for (const gesture of ["pointerdown", "wheel", "keydown"])
    element.addEventListener(gesture, () => (touched = true), { passive: true });
  const size = new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    if (!touched) fit();
  });
  size.observe(element);
  let pick = null;
  map.on("click", (event) => pick?.({ lat: round(event.latlng.lat), lng: round(event.latlng.lng) }));

  return {
    /** Shows the citizen's position (`{lat, lng, accuracy_m}` or null); `words` stand beside it; `stale` greys it. */
    position(position, words = "", stale = false) {
      put("position", position ? positionLayers(position, words, stale) : []);
    },
    /** Draws the way that led here, by time; fewer than two points draw nothing. */
    way(points) {
      const line = points.map(({ lat, lng }) => [lat, lng]);
      put("way", line.length > 1 ? [leaflet.polyline(line, { className: "map-way", interactive: false })] : []);
    },
    /** Shows the place of the incident (`{lat, lng}` or null). */
    place(point, words = "") {
      put("place", point ? [marker(point, "map-place", words)] : []);
    },
    /** Calls back with `{lat, lng}` for each click until called with null. */
    picking(callback) {
      pick = callback;
      element.classList.toggle("picking", callback !== null);
    },
    /** Brings everything shown into view, also after a change of size until somebody moves the map; `near` goes close to the marks instead of the whole county. */
    fit(near = false) {
      closeUp = near;
      fit();
    },
    /** Brings what moved back into view, unless somebody moved the map. */
    keep() {
      if (!touched) fit();
    },
    remove() {
      size.disconnect();
      map.remove();
    },
  };
}

function drawCounty(map, county) {
  if (county.tiles) leaflet.tileLayer(county.tiles.url, { attribution: county.tiles.attribution }).addTo(map);
  if (county.tiles) leaflet.control.attribution({ prefix: false }).addAttribution(county.tiles.attribution).addTo(map);
  const outline = leaflet.geoJSON(county.outline);
  const rings = outline
    .getLayers()
    .flatMap((layer) => layer.getLatLngs().map((ring) => (Array.isArray(ring[0]) ? ring[0] : ring)));
  const still = { interactive: false };
  leaflet.polygon([WORLD, ...rings], { ...still, className: "map-outside", stroke: false }).addTo(map);
  for (const ring of rings)
    leaflet.polygon(ring, { ...still, className: county.tiles ? "map-border" : "map-county" }).addTo(map);
  return outline;
}

function drawPlaces(map, places) {
  for (const place of places) {
    const icon = leaflet.divIcon({ className: "map-name", html: h("span", place.name), iconSize: [0, 0] });
    leaflet.marker([place.lat, place.lng], { icon, interactive: false, keyboard: false }).addTo(map);
  }
  map.on("zoomend resize", () => hideOverlapping(map.getContainer()));
}

/* What matters stays legible: a name gives way to a mark, and to the name before it. */
function hideOverlapping(element) {
  const taken = [...element.querySelectorAll(".map-dot, .map-words")].map((mark) => mark.getBoundingClientRect());
  for (const name of element.querySelectorAll(".map-name span")) {
    name.hidden = false;
    const box = name.getBoundingClientRect();
    name.hidden = taken.some(
      (other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom,
    );
    if (!name.hidden) taken.push(box);
  }
}

function positionLayers(position, words, stale) {
  const layers = [marker(position, stale ? "map-position stale" : "map-position", words)];
  if (position.accuracy_m > 0) {
    const className = stale ? "map-accuracy stale" : "map-accuracy";
    layers.unshift(
      leaflet.circle([position.lat, position.lng], { radius: position.accuracy_m, className, interactive: false }),
    );
  }
  return layers.map((layer) => withBounds(layer, position));
}

/* A circle knows its bounds only on a map; the square around it is enough to fit a view. */
function withBounds(layer, { lat, lng, accuracy_m: accuracy = 0 }) {
  if (layer.setRadius) layer.getBounds = () => leaflet.latLng(lat, lng).toBounds(accuracy * 2);
  return layer;
}

function marker(point, className, words) {
  const shape = h("span.map-dot");
  const icon = leaflet.divIcon({
    className,
    html: h("span.map-mark", shape, words ? h("span.map-words", words) : null),
    iconSize: [0, 0],
  });
  return leaflet.marker([point.lat, point.lng], { icon, interactive: false, keyboard: false });
}

function round(degrees) {
  return Math.round(degrees * 1e6) / 1e6;
}
