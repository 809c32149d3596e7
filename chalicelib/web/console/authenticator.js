/** Setting up an authenticator app at sign-in: its secret as text and as a link, and the first code to prove it. */

import { h } from "../shared/dom.js";
import { t } from "../shared/words.js";

const GROUP = 4;

/** Six digits as they were typed: whatever their width, without spaces. */
export function codeOf(text) {
  return text.normalize("NFKC").replace(/\D/g, "");
}

/** What to do with `secret` for the account of `username` in `issuer`: three steps before the code. */
export function secretSteps({ secret, username, issuer }) {
  const link = `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(username)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
  return h(
    "div.authenticator",
    h("ol", h("li", t("authenticator.app")), h("li", t("authenticator.add", { username })), h("li", t("authenticator.prove"))),
    h("code.authenticator-secret", { "data-testid": "secret", aria: { label: t("authenticator.secret") } }, grouped(secret)),
    h("a", { href: link, "data-testid": "otpauth" }, t("authenticator.link")),
    h("p.muted", t("authenticator.keep")),
  );
}

function grouped(secret) {
  return secret.match(new RegExp(`.{1,${GROUP}}`, "g")).join(" ");
}
