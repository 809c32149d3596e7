/** What passes between the officers sent out and the command centre. */

import { newKey } from "../shared/api.js";
import { h, keep, say, takeSent } from "../shared/dom.js";
import { passes } from "../shared/faults.js";
import { clock } from "../shared/time.js";
import { problemWords, t } from "../shared/words.js";
import { keepForLink, recallHere, writeToDesk } from "./link.js";

/** Draws the messages into their section; `done(task)` is told what the service answered. */
export function drawChat(section, { messages }, { done }) {
  if (section.querySelector("form") === null || section.dataset.lang !== document.documentElement.lang) build(section, done);
  const list = section.querySelector("ol");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  keep(list, messages, { keyOf: (one) => one.seq, make: line });
  if (atEnd) list.scrollTop = list.scrollHeight;
}

/** Those known with those that came, each once and by its number: one can come twice, or after a later one. */
export function joinMessages(known, came) {
  const byNumber = new Map([...known, ...came].map((one) => [one.seq, one]));
  return [...byNumber.values()].sort((one, other) => one.seq - other.seq);
}

function build(section, done) {
  section.dataset.lang = document.documentElement.lang;
  const text = h("textarea.input", { rows: 1, maxlength: 500, placeholder: t("chat.write"), aria: { label: t("chat.write") }, value: recallHere("message") ?? "" });
  const fault = h("p.fault", { role: "alert" });
  const button = h("button.button.primary", { type: "submit" }, t("chat.send"));
  let composed = Promise.resolve();
  text.addEventListener("input", () => keepForLink("message", text.value || null));
  /* What an input method is writing must not be touched from elsewhere. */
  text.addEventListener("compositionstart", () => (composed = new Promise((done) => text.addEventListener("compositionend", done, { once: true }))));
  const form = h("form.chat-form", { onsubmit: (event) => (event.preventDefault(), void send()) }, text, button);
  section.replaceChildren(h("h2", t("chat.title")), h("ol.chat-lines", { role: "log", aria: { live: "polite", label: t("chat.title") } }), form, fault);

  /* On a bad road a message takes its time, and he writes the next one behind it. */
  async function send() {
    const words = text.value.trim();
    if (words === "" || button.disabled) return;
    button.disabled = true;
    say(fault, "");
    const kept = recallHere("message_key");
    const key = kept?.words === words ? kept.key : newKey();
    keepForLink("message_key", { words, key });
    try {
      done(await writeToDesk(words, key));
      keepForLink("message_key", null);
      await composed;
      takeOut(words);
    } catch (error) {
      say(fault, passes(error) ? t("chat.unsent") : problemWords(error.facts));
    } finally {
      button.disabled = false;
    }
  }

  /* The field is another one when the language was changed meanwhile. */
  function takeOut(words) {
    const field = section.querySelector("textarea");
    takeSent(field, words);
    keepForLink("message", field.value || null);
  }
}

/** Who wrote a message: the reader, the command centre, or another unit by its name. */
export function whoOf({ by }) {
  if (by === "you") return t("chat.you");
  return by === "desk" ? t("chat.desk") : by;
}

function line({ at, by, text }) {
  return h(
    "li.chat-line",
    { class: by === "you" ? "mine" : "theirs" },
    h("p.chat-head", h("span", whoOf({ by })), h("time", { datetime: at }, clock(at))),
    h("p.text", text),
  );
}
