/** Drawings of numbers: elements of SVG, made without reading markup. */

const SVG = "http://www.w3.org/2000/svg";

/** Makes an SVG element: `svg("rect", { x: 0, class: "fill" })`; children are elements or text. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children.flat(Infinity));
  return element;
}

/** Makes a drawing of this size in its own units, as wide as its place. `label` says what it shows; without one it is decoration. */
export function canvas(width, height, label, ...children) {
  const said = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true", focusable: "false" };
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, ...said }, ...children);
}
