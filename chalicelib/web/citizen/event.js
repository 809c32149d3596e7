/** The question about a known event near by, and the citizen's answer; that somebody is hurt can be said at any time. */

import { fill, h, say } from "../shared/dom.js";
import { problemWords, t } from "../shared/words.js";
import { icon } from "./icons.js";
import { api } from "./session.js";

/** Draws the question into `element`, or nothing where none is asked; `onAnswer()` is told when it was answered. */
export function drawEvent(element, { id, event_asked: asked, status }, onAnswer) {
  const shape = asked ? `${asked.event_id} ${asked.answer} ${status}` : "";
  if (element.dataset.shape === shape) return;
  element.dataset.shape = shape;
  fill(element, asked && status !== "closed" ? question(id, asked, onAnswer) : null);
}

function question(id, asked, onAnswer) {
  const fault = h("p.small.fault", { role: "alert" });
  const buttons = [];

  async function answer(value) {
    for (const button of buttons) button.disabled = true;
    try {
      await api.post(`reports/${id}/same-event`, { answer: value });
      onAnswer();
    } catch (error) {
      say(fault, error.facts ? problemWords(error.facts) : t("problem.network"));
    }
    for (const button of buttons) button.disabled = false;
  }

  function option(value, weight) {
    const button = h(`button.button${weight}`, { type: "button", onclick: () => void answer(value) }, t(`event.${value}`));
    buttons.push(button);
    return button;
  }

  const told = asked.answer ? h("p.notice.good", { role: "status" }, icon("info"), h("span", t(`event.told.${asked.answer}`))) : null;
  const open = !asked.answer;
  return h(
    "section.card.event",
    { aria: { live: "polite" }, "data-testid": "event" },
    h("h2", t("event.near", { name: asked.name })),
    open ? h("p", t("event.ask")) : told,
    open ? h("div.row", option("same", ".primary"), option("different", "")) : null,
    asked.answer === "hurt" ? null : h("div.row", option("hurt", ".danger")),
    fault,
  );
}
