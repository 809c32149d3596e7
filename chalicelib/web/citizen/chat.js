/** The words between the citizen and the call-taker, and the line to write in. */

import { fill, h, keep, say } from "../shared/dom.js";
import { shortTime } from "../shared/time.js";
import { t } from "../shared/words.js";
import { ACCEPT } from "./file_kind.js";
import { icon } from "./icons.js";
import { dropMessage, pendingMessages, sendMessage } from "./message_outbox.js";
import { keepHere, recall } from "./storage.js";

const MOST_LETTERS = 2000;

/** Draws the conversation of a report: what is in the record, then what is still on its way. */
export function drawChat(list, incidentId, entries) {
  const said = entries.filter((entry) => entry.kind === "message.sent");
  const inRecord = new Set(said.map((entry) => entry.seq));
  for (const message of pendingMessages(incidentId))
    if (message.state === "sent" && inRecord.has(message.seq)) dropMessage(message.key);
  const bubbles = [
    ...said.map((entry) => ({
      key: `seq-${entry.seq}`,
      by: entry.by,
      text: entry.details.text,
      line: shortTime(entry.at),
    })),
    ...pendingMessages(incidentId).map((message) => ({
      key: message.key,
      by: "you",
      text: message.text,
      line: t(`message.${message.state}`, { words: message.words }),
      state: message.state,
    })),
  ];
  keep(list, bubbles, { keyOf: (bubble) => bubble.key, make: makeBubble, update: updateBubble });
  return said.filter((entry) => entry.by === "police").length;
}

function makeBubble({ by, text }) {
  const who = by === "you" ? "mine" : "theirs";
  return h(
    `li.${who}`,
    by === "you" ? h("span.hidden-words", t("chat.you")) : h("span.who", t("chat.police")),
    h("p.bubble", text),
    h("span.line"),
  );
}

function updateBubble(element, { line, state = "" }) {
  element.dataset.state = state;
  say(element.querySelector(".line"), line);
}

/**
 * The line to write in: keeps what is written through a reload; Enter on a keyboard sends, Shift+Enter breaks the line.
 * Without `onFiles` it takes no pictures.
 */
export function composer(incidentId, { onSend, onFiles = null }) {
  const draftName = `writing.${incidentId}`;
  const text = h("textarea.input", {
    rows: 1,
    maxlength: MOST_LETTERS,
    aria: { label: t("chat.write") },
    placeholder: t("chat.write"),
    value: recall(draftName) ?? "",
  });
  const grow = () => {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 132)}px`;
  };
  const submit = (event) => {
    event?.preventDefault();
    const written = text.value.trim();
    if (!written) return text.focus();
    sendMessage(incidentId, written);
    text.value = "";
    keepHere(draftName, null);
    grow();
    onSend();
  };
  text.addEventListener("input", () => (keepHere(draftName, text.value || null), grow()));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches)
      submit(event);
  });
  const form = h(
    "form.composer",
    { onsubmit: submit },
    onFiles ? attach(onFiles) : null,
    text,
    h("button.send", { type: "submit", aria: { label: t("chat.send") } }, icon("send")),
  );
  requestAnimationFrame(grow);
  return { element: form, hint: (words) => text.setAttribute("placeholder", words) };
}

function attach(onFiles) {
  const files = h("input", {
    type: "file",
    multiple: true,
    accept: ACCEPT,
    onchange: () => {
      const chosen = [...files.files];
      files.value = "";
      onFiles(chosen);
    },
  });
  return h("label.attach", { title: t("pick.more") }, files, icon("plus"), h("span.hidden-words", t("pick.more")));
}

/** The line that stands where nothing has been said yet. */
export function drawEmptyChat(element, none, closed) {
  element.hidden = !none;
  return fill(element, t(closed ? "chat.closed" : "chat.none"));
}
