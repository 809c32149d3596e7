/** What is said on the silent page: words of one tap, a line to write in, and what comes back, all of it dim. */

import { h, keep, say } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { dropMessage, pendingMessages } from "../message_outbox.js";

const WORDS = ["hurt", "knife", "near", "hiding", "yes", "no"];
const MOST_LETTERS = 500;
const MOST_LINES = 30;

/** The words of one tap, as buttons; `say(text)` gets the one tapped. */
export function quietWords(say) {
  return h(
    "div.quiet-words",
    WORDS.map((word) => h("button", { type: "button", onclick: () => say(t(`quiet.word.${word}`)) }, t(`quiet.word.${word}`))),
  );
}

/** The line to write in; it is not kept, and opens no keyboard by itself. */
export function quietLine(say) {
  const text = h("input", { maxlength: MOST_LETTERS, autocomplete: "off", aria: { label: t("quiet.write") }, placeholder: t("quiet.write") });
  const submit = (event) => {
    event.preventDefault();
    const written = text.value.trim();
    text.value = "";
    if (written) say(written);
  };
  return h("form.quiet-line", { onsubmit: submit }, text, h("button", { type: "submit" }, t("chat.send")));
}

/** Draws what was said, newest last; nothing of it is announced. Where `over` nothing is on its way any more. */
export function drawQuietTalk(list, { id, key: reportKey }, entries, { over = false } = {}) {
  const said = entries.filter((entry) => entry.kind === "message.sent");
  const inRecord = new Set(said.map((entry) => entry.seq));
  const own = () => [id, reportKey].filter(Boolean).flatMap(pendingMessages);
  for (const message of own()) if (message.state === "sent" && inRecord.has(message.seq)) dropMessage(message.key);
  const lines = [
    ...said.map(({ seq, by, details }) => ({ key: `seq-${seq}`, mine: by === "you", text: details.text, state: "sent" })),
    ...own().map(({ key, text, state }) => ({ key, mine: true, text, state: over && state !== "sent" ? "refused" : state })),
  ];
  const before = list.lastElementChild;
  keep(list, lines.slice(-MOST_LINES), {
    keyOf: (line) => line.key,
    make: ({ mine }) => h(mine ? "li.mine" : "li.theirs", h("p"), h("span")),
    update: (element, { text, state }) => {
      say(element.firstElementChild, text);
      say(element.lastElementChild, state === "sent" ? "" : t(state === "refused" ? "quiet.unsent" : "quiet.sending"));
    },
  });
  if (list.lastElementChild !== before) list.scrollTop = list.scrollHeight;
}
