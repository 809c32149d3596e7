/** What was marked as false or harassing and waits for a commander: who marked it and why, what was before, the decision. */

import { newKey } from "../../shared/api.js";
import { fill, h, say } from "../../shared/dom.js";
import { fullTime, nowMs } from "../../shared/time.js";
import { t } from "../../shared/words.js";
import { choice, labelled, workForm } from "../form.js";
import { refusalWords } from "../refusals.js";
import { everyPage } from "../units.js";

const GRADES = ["warned", "restricted", "barred"];
const DAYS = [7, 30, 90];
const DAY_MS = 24 * 3600 * 1000;

/** Opens the dialog; `open(incidentId)` shows an incident behind it. */
export function reviewDialog({ api, open }) {
  const list = h("ul.reviews");
  const fault = h("p.refusal", { role: "alert" });
  const dialog = h(
    "dialog.review-dialog",
    { "data-testid": "reviews", aria: { labelledby: "reviews-title" }, onclose: () => dialog.remove() },
    h(
      "header",
      h("h2", { id: "reviews-title" }, t("reviews.title")),
      h("button.button.small", { type: "button", onclick: () => dialog.close() }, t("help.close")),
    ),
    fault,
    list,
  );

  async function draw() {
    try {
      const waiting = await everyPage(api, "console/reviews");
      fill(list, waiting.length === 0 ? h("li.muted", t("reviews.none")) : waiting.map((one) => reviewItem(one, { api, look, draw })));
      say(fault, "");
    } catch (error) {
      say(fault, refusalWords(error));
    }
  }

  function look(incidentId) {
    dialog.close();
    open(incidentId);
  }

  document.body.append(dialog);
  dialog.showModal();
  void draw();
}

function reviewItem(review, { api, look, draw }) {
  const past = h("div.review-past");
  void drawHistory(past, api, review.citizen_id);
  return h(
    "li.review",
    { "data-key": review.incident_id },
    h(
      "div.review-head",
      h("strong.digits", review.number),
      h("span", t("reviews.marked", { by: review.marked_by, kind: t(`marking.${review.kind}`) })),
      h("time.digits.muted", { datetime: review.marked_at }, fullTime(review.marked_at)),
      h("button.button.small", { type: "button", onclick: () => look(review.incident_id) }, t("reviews.look")),
    ),
    h("p", h("span.muted", t("reviews.reason"), "："), review.reason),
    past,
    decisionForm(review, api, draw),
  );
}

function decisionForm(review, api, draw) {
  const grade = choice({
    name: "grade",
    legend: t("reviews.grade"),
    choices: [
      { value: "dismiss", words: t("reviews.dismiss") },
      ...GRADES.map((value) => ({ value, words: t(`standing.${value}`), hint: t(`grade.hint.${value}`) })),
    ],
  });
  const days = choice({
    name: "days",
    legend: t("reviews.until"),
    choices: DAYS.map((count) => ({ value: String(count), words: t("reviews.days", { count }) })),
  });
  days.set("30");
  const reason = h("textarea.input", { rows: 2, maxlength: 200, required: true, placeholder: t("reviews.words.example") });
  const key = newKey();

  async function decide() {
    const why = reason.value.trim();
    if (grade.value() === "dismiss") await api.post(`console/reviews/${review.incident_id}/dismiss`, { reason: why });
    else await api.post("console/standing", decisionOf(review, grade.value(), why, Number(days.value())), { key });
    await draw();
  }

  return workForm({ name: "decide", label: t("reviews.decide"), send: decide }, grade.element, days.element, labelled("reviews.words", reason));
}

function decisionOf(review, grade, reason, days) {
  return {
    citizen_id: review.citizen_id,
    incident_id: review.incident_id,
    grade: grade ?? "",
    reason,
    expires_at: new Date(nowMs() + days * DAY_MS).toISOString(),
  };
}

/** Fills an element with a citizen's limits so far; what is in force can be lifted with a reason. */
async function drawHistory(element, api, citizenId) {
  const redraw = () => drawHistory(element, api, citizenId);
  try {
    const { items } = await api.get("console/standing", { citizen_id: citizenId });
    fill(
      element,
      h("span.muted", t(items.length === 0 ? "reviews.no_history" : "reviews.history")),
      items.length === 0 ? null : h("ul", items.map((one) => pastLine(one, api, redraw))),
    );
  } catch (error) {
    fill(element, h("p.refusal", refusalWords(error)));
  }
}

function pastLine({ standing, in_force: holds }, api, redraw) {
  const state = holds ? t("reviews.in_force") : t(`reviews.ended.${standing.ended_because ?? "expired"}`);
  const why = h("input.input", { type: "text", maxlength: 200, required: true, placeholder: t("reviews.lift.why"), aria: { label: t("reviews.lift.why") } });
  const lift = () => api.remove(`console/standing/${standing.id}?reason=${encodeURIComponent(why.value.trim())}`).then(redraw);
  return h(
    "li",
    { "data-standing": standing.id },
    h("strong", t(`standing.${standing.grade}`)),
    ` · ${standing.reason} · `,
    h("span.muted", `${fullTime(standing.decided_at).slice(0, 10)} · ${t("reviews.by", { proposer: standing.proposed_by, reviewer: standing.reviewed_by })} · `),
    h("span", state),
    holds ? workForm({ name: "lift", label: t("reviews.lift"), weight: "plain", send: lift }, why) : null,
  );
}
