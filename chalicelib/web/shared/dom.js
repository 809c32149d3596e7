/** Builds and changes elements without ever reading markup from data. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element: `h("button.primary", { type: "submit", onclick: send }, "发送")`.
 *
 * A property that starts with `on` is a listener; `dataset` and `aria` take objects; `true` sets an empty
 * attribute; `null`, `undefined` and `false` set none. Children may be nested lists; empty ones are left out.
 */
export function h(tag, properties, ...children) {
  if (
    properties === null ||
    typeof properties !== "object" ||
    properties instanceof Node ||
    Array.isArray(properties)
  ) {
    children.unshift(properties);
    properties = {};
  }
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties)) set(element, key, value);
  element.append(...kept(children));
  return element;
}

/** Makes a drawing of one or more path strings in a 24 × 24 box; it is decoration and hidden from readers. */
export function drawing(...paths) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of [
    ["viewBox", "0 0 24 24"],
    ["class", "icon"],
    ["aria-hidden", "true"],
    ["focusable", "false"],
  ]) {
    svg.setAttribute(key, value);
  }
  for (const path of paths) {
    const line = document.createElementNS(SVG, "path");
    line.setAttribute("d", path);
    svg.append(line);
  }
  return svg;
}

/** Puts the children in the place of what the element held. */
export function fill(element, ...children) {
  element.replaceChildren(...kept(children));
  return element;
}

/** Sets text only when it differs, so that live regions speak only of changes and selections survive. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  return element;
}

/** Shows or hides an element. */
export function shown(element, visible) {
  element.hidden = !visible;
  return element;
}

/** Takes what was sent out of a field it was written in; what was written behind it, or in its place, stays. */
export function takeSent(field, sent) {
  const written = field.value.trimStart();
  if (!written.startsWith(sent)) return;
  const left = written.slice(sent.length).trimStart();
  field.setRangeText("", 0, field.value.length - left.length, "preserve");
}

/**
 * Brings a list of elements in line with items, keeping the elements (and so focus and scroll) of those that stay.
 *
 * `keyOf(item)` names an item; `make(item)` builds its element once; `update(element, item)` brings it up to date.
 */
export function keep(parent, items, { keyOf, make, update = () => {} }) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = null;
  for (const item of items) {
    const key = String(keyOf(item));
    let element = old.get(key);
    old.delete(key);
    if (element === undefined) {
      element = make(item);
      element.dataset.key = key;
    }
    update(element, item);
    const next = place === null ? parent.firstElementChild : place.nextElementSibling;
    if (element !== next) parent.insertBefore(element, next);
    place = element;
  }
  for (const left of old.values()) left.remove();
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "class") element.className = [element.className, value].filter(Boolean).join(" ");
  else if (key === "dataset") Object.assign(element.dataset, value);
  else if (key === "aria")
    for (const [name, said] of Object.entries(value)) element.setAttribute(`aria-${name}`, String(said));
  else if (key === "value") element.value = value;
  else element.setAttribute(key, value === true ? "" : String(value));
}

function kept(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}
