/** Ready questions for somebody who must not make a sound: each goes out with one click and asks for yes or no. */

import { h, say, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { keyFor, sent } from "../drafts.js";
import { refusalWords } from "../refusals.js";

const QUESTIONS = ["see", "alone", "hurt", "weapon", "beside", "inside", "many", "safe_place"];
const ANSWERED_MS = 2500;

/** Makes the row; `send(verb, body, key)` does the call. */
export function readyQuestions({ id, send }) {
  const fault = h("p.refusal", { role: "alert" });
  const element = h(
    "section.questions",
    { hidden: true, "data-testid": "questions", aria: { label: t("question.label") } },
    h("p.questions-title", t("question.title")),
    h("div.questions-row", QUESTIONS.map((name) => question(name))),
    fault,
  );

  function question(name) {
    return h("button.button.small.question", { type: "button", onclick: (event) => void ask(name, event.currentTarget) }, t(`question.${name}`));
  }

  async function ask(name, button) {
    const field = `question.${name}`;
    const text = t(`question.${name}.text`);
    button.disabled = true;
    say(fault, "");
    try {
      await send("messages", { text }, keyFor(id, field, text));
      sent(id, field);
      button.classList.add("asked");
      setTimeout(() => button.classList.remove("asked"), ANSWERED_MS);
    } catch (error) {
      say(fault, refusalWords(error));
    } finally {
      button.disabled = false;
    }
  }

  return { element, show: ({ incident }, steps) => shown(element, incident.mode === "silent" && steps.message) };
}
