/** The officer's page: opens the link with four digits, then shows the task and follows it while it is looked at. */

import { Problem, Unreachable } from "../shared/api.js";
import { fill, h } from "../shared/dom.js";
import { addWords, language, onLanguage, t } from "../shared/words.js";
import { joinMessages } from "./chat.js";
import { endsLink, showEnd } from "./end.js";
import { closeLive } from "./live.js";
import { hasToken, openLink, readCounty, readTask, recallLink } from "./link.js";
import { showOpening } from "./opening.js";
import { drawTop, sayNetwork } from "./frame.js";
import { NotTaken, sendUnsent } from "./steps.js";
import { showAge, showTask, taskMap } from "./task.js";
import { words } from "./words.js";

const EVERY_MS = 5_000;
const AGES_MS = 15_000;

addWords(words);
document.documentElement.lang = language();

const view = document.getElementById("view");
let task = null;
let shownAs = null;
let timer = null;
let following = false;

/* The screen that stands, so that another language can draw it again. */
function show(draw) {
  shownAs = draw;
  draw();
}

/* A look brings new messages alone and a step brings all of them, so those that are known are kept. */
function take(next) {
  task = { ...next, messages: joinMessages(task?.messages ?? [], next.messages) };
  sayNetwork(null);
  if (shownAs !== drawTask) view.replaceChildren();
  show(drawTask);
}

function drawTask() {
  showTask(view, task, { done: take, look });
}

function ended(problem) {
  following = false;
  clearTimeout(timer);
  closeLive();
  show(() => showEnd(view, problem.type));
}

/* Only a dead link ends the page; a step that was not taken is told below the task as it stands now. */
async function look() {
  clearTimeout(timer);
  try {
    take((await sendUnsent()) ?? (await readTask({ after: task?.count })));
  } catch (error) {
    if (endsLink(error)) return ended(error);
    if (error instanceof NotTaken) return void look();
    if (error instanceof Unreachable || error instanceof Problem) lost();
    else reportError(error);
  }
  if (!document.hidden) timer = setTimeout(look, EVERY_MS);
}

function lost() {
  sayNetwork(t("network.lost"));
  if (shownAs === drawTask) drawTask();
}

/* What was seen grows old also while no answer comes. */
function grow() {
  if (shownAs === drawTask) showAge(view, task);
}

async function opened(digits) {
  take(await openLink(digits));
  following = true;
  timer = setTimeout(look, EVERY_MS);
}

async function start() {
  drawTop(null);
  fill(view, h("p.muted", t("loading")));
  if (!hasToken()) return show(() => showEnd(view, "no-link"));
  readCounty()
    .then(taskMap.know)
    .catch(() => {});
  following = await recallLink();
  if (following) look();
  else show(() => showOpening(view, { open: opened, ended }));
}

onLanguage(() => {
  view.replaceChildren();
  shownAs?.();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return clearTimeout(timer);
  grow();
  if (following) look();
});
setInterval(grow, AGES_MS);
addEventListener("online", () => following && look());
addEventListener("hashchange", () => location.reload());
start();
