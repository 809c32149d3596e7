/** Sign-in: name and password, a second step when asked for, then the sound check that the shift depends on. */

import { fill, h, say } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { codeOf, secretSteps } from "./authenticator.js";
import { refusalWords } from "./refusals.js";
import { countyName } from "./shown.js";

/**
 * Makes the sign-in dialog.
 *
 * `session` and `bell` are the console's; `onReady(state)` is called after the sound check with the seat state chosen;
 * `again()` opens it over a running console and then calls `onAgain()`, leaving everything behind it as it is.
 */
export function signIn({ session, bell, county, onReady, onAgain }) {
  const dialog = h("dialog.sign-in", {
    aria: { labelledby: "sign-in-title" },
    oncancel: (event) => event.preventDefault(),
  });
  dialog.addEventListener("close", () => fill(dialog)); // No password stays in the page.
  document.body.append(dialog);

  function ask({ again }) {
    const done = () => {
      if (!again && session.sits()) return checkSound();
      dialog.close();
      return again ? onAgain() : onReady("off");
    };
    fill(
      dialog,
      heading(county, again ? t("signin.again") : t("signin.title")),
      passwordForm({ session, bell, county, done, again }),
    );
    open(dialog);
  }

  function checkSound() {
    fill(
      dialog,
      heading(county, t("sound.title")),
      soundCheck(bell, (state) => (dialog.close(), onReady(state))),
    );
    open(dialog);
    bell.tryOut();
  }

  return {
    first: () => ask({ again: false }),
    again: () => dialog.open || ask({ again: true }),
    leave: () => dialog.close(),
  };
}

function open(dialog) {
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
}

function heading(county, title) {
  return h(
    "header.sign-in-head",
    h("p.muted", t("console.of", { county: countyName(county) })),
    h("h1", { id: "sign-in-title" }, title),
  );
}

function passwordForm({ session, bell, county, done, again }) {
  const username = field("signin.username", {
    name: "username",
    autocomplete: "username",
    required: true,
    autofocus: !again,
    value: session.username(),
  });
  const password = field("signin.password", {
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
    autofocus: again,
  });
  const wanted = h("input", { type: "checkbox", name: "authenticator" });
  const send = async () => {
    const name = username.input.value.trim();
    await goOn(await session.signIn(name, password.input.value), { session, bell, county, done, name, form, wanted: wanted.checked });
  };
  const form = signInForm(
    { bell, send, label: t("signin.enter") },
    username.element,
    password.element,
    again ? null : h("label.sign-in-wish", wanted, h("span", t("authenticator.wish"))),
  );
  return form;
}

/* The next step in the place of the form before it: a challenge, the authenticator that was wished for, or in. */
async function goOn(answer, { wanted, ...step }) {
  const { session, done, form } = step;
  if (!answer.challenge && !wanted) return done();
  if (!answer.challenge) return replaced(form, ownSetup({ ...step, secret: (await session.beginAuthenticator()).secret }));
  if (answer.challenge === "mfa-setup") return replaced(form, setupForm({ ...step, answer }));
  return replaced(form, challengeForm({ ...step, wanted, answer }));
}

function replaced(form, next) {
  form.replaceWith(next);
  next.querySelector("[autofocus]")?.focus();
}

function challengeForm({ answer, wanted, ...step }) {
  const { session, bell, name } = step;
  const own = answer.challenge === "new-password";
  const typed = own ? newPassword() : codeField();
  const send = async () => {
    const next = own
      ? await session.answerNewPassword(name, answer.session, typed.input.value)
      : await session.answerCode(name, answer.session, codeOf(typed.input.value));
    await goOn(next, { ...step, form, wanted });
  };
  const form = signInForm(
    { bell, send, label: t("signin.confirm"), refused: own ? null : "signin.code_wrong" },
    h("p.muted", t(own ? "signin.choose_password" : "signin.code_sent")),
    typed.element,
  );
  return form;
}

/* An authenticator without which the account is not let in. */
function setupForm({ answer, ...step }) {
  const { session, bell, county, done, name } = step;
  const code = codeField();
  const send = async () => {
    await session.answerSetup(name, answer.session, codeOf(code.input.value));
    done();
  };
  return signInForm(
    { bell, send, label: t("signin.confirm"), refused: "signin.code_wrong" },
    h("p", t("authenticator.needed")),
    secretSteps({ secret: answer.secret, username: name, issuer: issuerOf(county) }),
    code.element,
  );
}

/* One that was wished for: in already, so it can be left for another day. */
function ownSetup({ secret, ...step }) {
  const { session, bell, county, done } = step;
  const code = codeField();
  const send = async () => {
    await session.confirmAuthenticator(codeOf(code.input.value));
    done();
  };
  const later = h("button.button.quiet.wide", { type: "button", onclick: () => done() }, t("authenticator.later"));
  return signInForm(
    { bell, send, label: t("authenticator.confirm"), refused: "signin.code_wrong", after: later },
    secretSteps({ secret, username: session.username(), issuer: issuerOf(county) }),
    code.element,
  );
}

function issuerOf(county) {
  return `${countyName(county)} 110`;
}

function newPassword() {
  return field("signin.new_password", { name: "new-password", type: "password", autocomplete: "new-password", required: true, autofocus: true });
}

function codeField() {
  return field("signin.code", { name: "code", inputmode: "numeric", autocomplete: "one-time-code", required: true, autofocus: true });
}

function signInForm({ bell, send, label, refused = null, after = null }, ...fields) {
  const refusal = h("p.refusal", { role: "alert" });
  const button = h("button.button.primary.wide", { type: "submit" }, label);
  return h("form.sign-in-form", { onsubmit: (event) => void submit(event) }, ...fields, refusal, button, after);

  async function submit(event) {
    event.preventDefault();
    const unlocking = bell.unlock(); // In the click itself: a browser lets sound out only from a gesture.
    button.disabled = true;
    say(refusal, "");
    try {
      await unlocking;
      await send();
    } catch (error) {
      say(refusal, refused && error.type === "sign-in-refused" ? t(refused) : refusalWords(error));
    } finally {
      button.disabled = false;
    }
  }
}

function soundCheck(bell, choose) {
  const volume = h("input", {
    type: "range",
    min: "0.15",
    max: "1",
    step: "0.05",
    value: String(bell.volume()),
    aria: { label: t("sound.volume") },
    oninput: () => bell.setVolume(Number(volume.value)),
    onchange: () => bell.tryOut(),
  });
  const ready = h(
    "button.button.primary.wide",
    { type: "button", autofocus: true, onclick: () => choose("ready") },
    t("sound.heard"),
  );
  return h(
    "div.sign-in-form",
    h("p.sound-question", t("sound.question")),
    h("label.volume", h("span", t("sound.volume")), volume),
    ready,
    h(
      "button.button.wide",
      { type: "button", onclick: () => void bell.unlock().then(() => bell.tryOut()) },
      t("sound.try_again"),
    ),
    h("button.button.quiet.wide", { type: "button", onclick: () => choose("break") }, t("sound.later")),
    h("p.muted", t("sound.hint")),
  );
}

function field(word, attributes) {
  const input = h("input.input", { type: "text", ...attributes });
  return { input, element: h("label.field", h("span", t(word)), input) };
}
