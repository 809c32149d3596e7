/** Sign-in: name and password, a second step when asked for, then the sound check that the shift depends on. */

import { fill, h, say } from "../shared/dom.js";
import { t } from "../shared/words.js";
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
      passwordForm({ session, bell, done, dialog, again }),
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

function passwordForm({ session, bell, done, dialog, again }) {
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
  const send = async () => {
    const answer = await session.signIn(username.input.value.trim(), password.input.value);
    if (!answer.challenge) return done();
    form.replaceWith(challengeForm({ session, bell, done, username: username.input.value.trim(), challenge: answer }));
    open(dialog);
  };
  const form = signInForm({ bell, send, label: t("signin.enter") }, username.element, password.element);
  return form;
}

function challengeForm({ session, bell, done, username, challenge }) {
  const own = challenge.challenge === "new-password";
  const answer = own
    ? field("signin.new_password", {
        name: "new-password",
        type: "password",
        autocomplete: "new-password",
        required: true,
        autofocus: true,
      })
    : field("signin.code", {
        name: "code",
        inputmode: "numeric",
        autocomplete: "one-time-code",
        required: true,
        autofocus: true,
      });
  const send = async () => {
    if (own) await session.answerNewPassword(username, challenge.session, answer.input.value);
    else await session.answerCode(username, challenge.session, answer.input.value.trim());
    done();
  };
  return signInForm(
    { bell, send, label: t("signin.confirm") },
    h("p.muted", t(own ? "signin.choose_password" : "signin.code_sent")),
    answer.element,
  );
}

function signInForm({ bell, send, label }, ...fields) {
  const refusal = h("p.refusal", { role: "alert" });
  const button = h("button.button.primary.wide", { type: "submit" }, label);
  return h("form.sign-in-form", { onsubmit: (event) => void submit(event) }, ...fields, refusal, button);

  async function submit(event) {
    event.preventDefault();
    const unlocking = bell.unlock(); // In the click itself: a browser lets sound out only from a gesture.
    button.disabled = true;
    say(refusal, "");
    try {
      await unlocking;
      await send();
    } catch (error) {
      say(refusal, refusalWords(error));
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
