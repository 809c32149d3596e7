/** Asks one question over the page and waits for the answer. */

import { h } from "../shared/dom.js";

/**
 * Shows a title, lines and choices, and resolves to the value of the choice tapped (null when dismissed or when the address changes).
 *
 * A choice is `{label, value, kind?, href?}`; one with an `href` is a link (to ring or to text) and leaves the question open.
 */
export function ask({ title, lines = [], choices }) {
  return new Promise((resolve) => {
    const leave = () => finish(null);
    const finish = (value) => {
      removeEventListener("hashchange", leave);
      box.close();
      box.remove();
      resolve(value);
    };
    const box = h(
      "dialog",
      { aria: { labelledby: "asked-title" }, oncancel: (event) => (event.preventDefault(), finish(null)) },
      h(
        "div.asked",
        h("h2", { id: "asked-title" }, title),
        lines.map((line) => (line instanceof Node ? line : h("p", line))),
        h(
          "div.choices",
          choices.map((choice) => drawChoice(choice, finish)),
        ),
      ),
    );
    addEventListener("hashchange", leave);
    document.body.append(box);
    box.showModal();
  });
}

function drawChoice({ label, value, kind = "", href }, finish) {
  const classes = ["button", ...kind.split(" ").filter(Boolean)].join(".");
  if (href) return h(`a.${classes}`, { href }, label);
  return h(`button.${classes}`, { type: "button", onclick: () => finish(value) }, label);
}
