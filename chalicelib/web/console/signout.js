/** Signing out hands over: the question first, when something is still open. */

import { h } from "../shared/dom.js";
import { t } from "../shared/words.js";

/** Asks whether to sign out although `open` incidents ring again then; resolves with true or false. */
export function askSignOut(open) {
  if (open === 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const dialog = h(
      "dialog.ask",
      { aria: { labelledby: "ask-title" }, onclose: () => (dialog.remove(), resolve(dialog.returnValue === "yes")) },
      h("h2", { id: "ask-title" }, t("sign_out.title")),
      h("p", t("sign_out.open", { count: open })),
      h(
        "form.ask-end",
        { method: "dialog" },
        h("button.button", { value: "no", autofocus: true }, t("sign_out.stay")),
        h("button.button.danger", { value: "yes" }, t("sign_out.go")),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
