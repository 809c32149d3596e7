/** The function keys, the same everywhere in the console, and the page that lists them. */

import { h } from "../shared/dom.js";
import { t } from "../shared/words.js";

const LIST = ["F1", "F2", "F3", "F4", "F6", "F7", "F8", "F9", "F10", "F11", "F12"];

/** Listens for the keys; `acts` maps "F2" and so on to what it does. Shift+F3 goes the other way as "shift+F3". */
export function listenForKeys(acts) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName ?? "");
    const name =
      event.key === "?" && !typing ? "F1" : `${event.shiftKey && event.key !== "?" ? "shift+" : ""}${event.key}`;
    if (acts[name] === undefined || document.querySelector("dialog.sign-in[open]")) return;
    event.preventDefault();
    if (!event.repeat && isReached(name)) acts[name]();
  });
}

/* Nothing behind a dialog can be worked with; F2 still answers, and the page of keys goes as it came. */
function isReached(name) {
  const dialog = document.querySelector("dialog[open]");
  return dialog === null || name === "F2" || (name === "F1" && dialog.matches(".help"));
}

/** Puts away the dialogs that stand over the desk; a question that one of them asked is answered with no. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog[open]:not(.sign-in)")) dialog.close();
}

/** Makes the help dialog; answers `toggle()`. */
export function keyHelp() {
  const dialog = h(
    "dialog.help",
    { aria: { labelledby: "help-title" } },
    h("h2", { id: "help-title" }, t("help.title")),
    h(
      "dl",
      LIST.map((key) => [h("dt", h("kbd", key)), h("dd", t(`help.${key}`))]),
    ),
    h("h3", t("help.viewer")),
    h("p.muted", t("help.viewer_keys")),
    h("p.muted", t("help.bell")),
    h("button.button.primary", { type: "button", onclick: () => dialog.close() }, t("help.close")),
  );
  document.body.append(dialog);
  return { toggle: () => (dialog.open ? dialog.close() : dialog.showModal()), remove: () => dialog.remove() };
}
