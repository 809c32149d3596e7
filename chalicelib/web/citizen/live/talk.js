/** The conversation beside a call: words of one tap, what was said, and the line to write in. */

import { h } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { composer, drawChat } from "../chat.js";
import { sendMessage } from "../message_outbox.js";

const WORDS = {
  video110: ["hurt", "knife", "ambulance", "hurry", "deaf"],
  voice: ["hurt", "knife", "ambulance", "hurry", "deaf"],
  fengqiao: ["yes", "no", "wait", "deaf"],
};

/** Makes the conversation of a report; `onSend()` is called when something was sent. `draw(entries)` brings it up to date. */
export function makeTalk({ incidentId, mode, onSend }) {
  const list = h("ol.chat", { aria: { live: "polite", label: t("chat.title") } });
  const line = composer(incidentId, { onSend });
  const tap = (word) => {
    sendMessage(incidentId, t(`live.word.${word}`));
    onSend();
  };
  const words = h(
    "div.one-tap",
    { role: "group", aria: { label: t("live.words") } },
    WORDS[mode].map((word) => h("button.chip", { type: "button", onclick: () => tap(word) }, t(`live.word.${word}`))),
  );
  const scroll = h("div.said", list);
  let count = 0;
  return {
    element: h("section.talk", { aria: { label: t("chat.title") } }, scroll, words, line.element),
    draw(entries) {
      drawChat(list, incidentId, entries);
      if (list.childElementCount > count) scroll.scrollTop = scroll.scrollHeight;
      count = list.childElementCount;
    },
  };
}
