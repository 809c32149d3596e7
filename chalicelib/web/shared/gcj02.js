/**
 * WGS-84 to GCJ-02, the shifted coordinates Chinese map applications expect.
 *
 * The published approximation of the shift (error of a metre or two), written out here because it is thirty lines.
 */

const SEMI_MAJOR_M = 6378245.0;
const ECCENTRICITY_SQUARED = 0.00669342162296594323;

function ripple(x) {
  return ((20.0 * Math.sin(6.0 * x * Math.PI) + 20.0 * Math.sin(2.0 * x * Math.PI)) * 2.0) / 3.0;
}

function shiftNorth(x, y) {
  let shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + ripple(x);
  shift += ((20.0 * Math.sin(y * Math.PI) + 40.0 * Math.sin((y / 3.0) * Math.PI)) * 2.0) / 3.0;
  return shift + ((160.0 * Math.sin((y / 12.0) * Math.PI) + 320.0 * Math.sin((y * Math.PI) / 30.0)) * 2.0) / 3.0;
}

function shiftEast(x, y) {
  let shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + ripple(x);
  shift += ((20.0 * Math.sin(x * Math.PI) + 40.0 * Math.sin((x / 3.0) * Math.PI)) * 2.0) / 3.0;
  return shift + ((150.0 * Math.sin((x / 12.0) * Math.PI) + 300.0 * Math.sin((x / 30.0) * Math.PI)) * 2.0) / 3.0;
}

/** A WGS-84 point inside China as GCJ-02, both in degrees: `{lat, lng}`. */
export function toGcj02({ lat, lng }) {
  const x = lng - 105.0;
  const y = lat - 35.0;
  const radians = (lat / 180.0) * Math.PI;
  const curve = 1 - ECCENTRICITY_SQUARED * Math.sin(radians) ** 2;
  const perLat = ((SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / (curve * Math.sqrt(curve))) * (Math.PI / 180.0);
  const perLng = (SEMI_MAJOR_M / Math.sqrt(curve)) * Math.cos(radians) * (Math.PI / 180.0);
  return { lat: lat + shiftNorth(x, y) / perLat, lng: lng + shiftEast(x, y) / perLng };
}
