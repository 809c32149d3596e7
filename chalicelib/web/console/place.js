/** Where: the map with the citizen's position and its age, the place in words, and its correction. */

import { h, say, shown } from "../shared/dom.js";
import { countyMap } from "../shared/map.js";
import { ageSeconds } from "../shared/time.js";
import { t } from "../shared/words.js";
import { draft, drafted, keepDraft, refill, sending } from "./drafts.js";
import { labelled, workForm } from "./form.js";
import { icon } from "./icons.js";
import { ago } from "./shown.js";
import { callerTrack } from "./track.js";

const STALE_SECONDS = 300;
const LAST_SEEN_SECONDS = 60;

/** Makes the block; `send(verb, body)` does the call, `api` reads the track of a caller who moves. */
export function placeBlock({ id, api, county, send }) {
  const canvas = h("div.map");
  const words = h("p.place-words", { "data-testid": "place" });
  const kind = h("span.place-kind");
  const near = h("p.place-near.muted");
  const position = h("p.place-position.muted");
  const correction = placeForm({ id, send, pick });
  const element = h(
    "section.place",
    { aria: { label: t("place.label") } },
    h("div.place-head", icon("pin"), words, kind),
    near,
    position,
    h(
      "div.map-frame",
      canvas,
      h(
        "div.map-tools",
        h("button.button.small", { type: "button", onclick: () => map?.fit(true) }, t("map.near")),
        h("button.button.small", { type: "button", onclick: () => map?.fit(false) }, t("map.whole")),
      ),
    ),
    correction.element,
  );
  let map = null;
  let shownData = null;
  let fitted = "";
  let marked = "";
  const track = callerTrack({ id, api, onMove: moved });

  /* Where she was last seen; before her phone says more, where the report was filed. */
  function whereNow() {
    const filed = shownData?.incident.position ?? null;
    const latest = track.latest();
    return latest && (!filed?.at || latest.at > filed.at) ? latest : filed;
  }

  function moved() {
    say(position, positionWords(whereNow()));
    drawMarks();
  }

  function draw() {
    map ??= countyMap(canvas, county, { label: t("map.label") });
    drawMarks();
  }

  function drawMarks() {
    if (map === null || shownData === null) return;
    const { incident } = shownData;
    const at = whereNow();
    marked = at ? ago(at.at) : "";
    map.position(at, marked, at ? ageSeconds(at.at) > STALE_SECONDS : false);
    map.way(track.points());
    const point = correction.point() ?? incident.place?.point ?? null;
    map.place(point, point && !samePoint(point, at) ? t("map.place") : "");
    const marks = JSON.stringify([incident.position, incident.place?.point]);
    if (marks !== fitted) map.fit(false);
    else map.keep();
    fitted = marks;
  }

  function pick(picked) {
    map?.picking(picked === null ? null : (point) => (picked(point), drawMarks()));
    drawMarks();
  }

  function beat() {
    if (shownData !== null) void track.beat();
    const at = whereNow();
    if (at === null || ago(at.at) === marked) return;
    say(position, positionWords(at));
    drawMarks();
  }

  function show(data, steps) {
    shownData = data;
    const { place } = data.incident;
    const at = whereNow();
    say(words, place?.words || place?.near || t("place.unknown"));
    say(near, place?.words && place.near ? place.near : "");
    say(kind, kindOf(place));
    kind.className = `place-kind ${place?.confirmed ? "confirmed" : ""}`;
    say(position, at ? positionWords(at) : t("place.no_position"));
    correction.show(place, steps.place);
    drawMarks();
  }

  return { element, show, beat, draw, remove: () => map?.remove() };
}

function kindOf(place) {
  if (!place || (!place.words && !place.near)) return "";
  if (place.confirmed) return t("place.confirmed");
  return place.words ? t("place.told") : t("place.near");
}

function positionWords(at) {
  const accuracy =
    at.accuracy_m > 0 ? t("place.accuracy", { metres: Math.round(at.accuracy_m) }) : t("place.accuracy_unknown");
  const old = at.at && ageSeconds(at.at) >= LAST_SEEN_SECONDS;
  const when = t(old ? "place.last_position" : "place.position", { ago: ago(at.at) });
  const speed = at.speed_mps > 0 && !old ? t("place.speed", { kmh: Math.round(at.speed_mps * 3.6) }) : null;
  return [when, speed, accuracy, `${at.lat.toFixed(5)}, ${at.lng.toFixed(5)}`].filter(Boolean).join(" · ");
}

function samePoint(a, b) {
  return b !== null && Math.abs(a.lat - b.lat) < 1e-5 && Math.abs(a.lng - b.lng) < 1e-5;
}

function placeForm({ id, send, pick }) {
  const field = drafted(
    h("input.input", { type: "text", maxlength: 200, placeholder: t("place.write") }),
    id,
    "place.words",
  );
  const chosen = h("span.muted.digits");
  const picker = h(
    "button.button.small",
    {
      type: "button",
      aria: { pressed: "false" },
      onclick: () => setPicking(picker.getAttribute("aria-pressed") !== "true"),
    },
    icon("pin"),
    t("place.pick"),
  );
  const form = workForm(
    { name: "place", label: t("place.confirm"), weight: "plain", send: confirm },
    labelled("place.correct", field),
    h("div.pick-row", picker, chosen),
  );

  const point = () => JSON.parse(draft(id, "place.point") || "null");

  function setPicking(on) {
    picker.setAttribute("aria-pressed", String(on));
    pick(on ? take : null);
  }

  function take(picked) {
    keepDraft(id, "place.point", JSON.stringify(picked));
    showPoint();
  }

  function showPoint() {
    const at = point();
    say(chosen, at ? `${at.lat.toFixed(5)}, ${at.lng.toFixed(5)}` : t("place.same_point"));
  }

  async function confirm() {
    const picked = point();
    const forget = sending(id, "place.words", "place.point");
    await send("place", { place: field.value.trim(), ...(picked ? { point: { ...picked, crs: "wgs84" } } : {}) });
    forget();
    setPicking(false);
    showPoint();
  }

  function show(place, allowed) {
    shown(form, allowed);
    if (document.activeElement !== field) refill(field, id, "place.words", place?.words || place?.near || "");
    showPoint();
  }

  return { element: form, show, point };
}
