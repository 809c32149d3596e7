/** Signing in: by the code the mini-program puts into the fragment, or by a name in the demonstration. */

import { fill, h } from "../shared/dom.js";
import { problemWords, t } from "../shared/words.js";
import { theCounty } from "./county.js";
import { drawTabs, drawTop, ringLink } from "./frame.js";
import { icon } from "./icons.js";
import { signInForDemonstration } from "./session.js";

/** Draws the sign-in; calls `done` once the citizen is signed in. `fault` is what stood in the way of the code. */
export function showSignIn(view, { done, fault = null }) {
  drawTop();
  drawTabs(null);
  const said = h("p.notice.bad", { role: "alert", hidden: fault === null }, fault ? wordsOf(fault) : "");
  fill(
    view,
    h(
      "section.card.welcome",
      h("span.emblem", icon("shield")),
      h("h1", t("signin.title")),
      h("p.muted", t("signin.purpose")),
      said,
      theCounty()?.demonstration
        ? demonstration(said, done)
        : h("p.notice", icon("info"), h("span", t("signin.wechat"))),
    ),
    h("section.card", h("p", t("signin.ring")), ringLink()),
  );
}

function demonstration(said, done) {
  const name = h("input.input", {
    id: "who",
    name: "who",
    required: true,
    maxlength: 40,
    autocomplete: "off",
    autocapitalize: "off",
    pattern: "[A-Za-z0-9._\\-]+",
  });
  const enter = h("button.button.primary", { type: "submit" }, t("signin.enter"));
  const submit = async (event) => {
    event.preventDefault();
    enter.disabled = true;
    try {
      done(await signInForDemonstration(name.value.trim()));
    } catch (fault) {
      said.hidden = false;
      fill(said, wordsOf(fault));
      enter.disabled = false;
    }
  };
  return h(
    "form.stack",
    { onsubmit: submit },
    h("p.notice", icon("info"), h("span", t("signin.demonstration"))),
    h("div.field", h("label", { for: "who" }, t("signin.name")), name, h("p.muted.small", t("signin.name.hint"))),
    enter,
  );
}

function wordsOf(fault) {
  return fault.facts ? problemWords(fault.facts) : t("problem.network");
}
