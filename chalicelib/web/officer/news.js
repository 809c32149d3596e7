/** What the command centre wrote while its words are out of sight: said over the buttons, and over the live picture. */

import { h, say, shown } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { whoOf } from "./chat.js";
import { keepForLink, recallHere } from "./link.js";

const pills = new Set();
let newest = null;
let list = null;
let own = null;

/** Takes the messages as they are now, shown in the list `lines`; what is out of sight is said in `bar`. */
export function tellNews(bar, lines, messages) {
  list = lines;
  newest = messages.findLast(({ by }) => by !== "you") ?? null;
  own ??= newsPill(() => lineOf()?.scrollIntoView({ block: "center", behavior: "smooth" })).element;
  if (own.parentElement !== bar) bar.prepend(own);
  draw();
}

/** Makes a line that says the newest word until it was heard; answers `{element, stop()}`. `act` is what a tap on it does. */
export function newsPill(act = hear) {
  const button = h("button.news", { type: "button", onclick: act }, h("span.news-words"));
  const element = h("div", { role: "status", hidden: true }, button);
  pills.add(element);
  draw();
  return { element, stop: () => pills.delete(element) };
}

/* The page, or the list in it, was moved: the word may be in sight now. */
document.addEventListener("scroll", draw, { capture: true, passive: true });

function draw() {
  if (newest !== null && isInSight(lineOf())) hear();
  const unheard = newest !== null && newest.seq > (recallHere("heard") ?? 0);
  for (const pill of pills) {
    shown(pill, unheard);
    say(pill.querySelector(".news-words"), unheard ? t("chat.news", { who: whoOf(newest), text: newest.text }) : "");
  }
}

function hear() {
  if (recallHere("heard") !== newest.seq) keepForLink("heard", newest.seq);
  for (const pill of pills) shown(pill, false);
}

function lineOf() {
  return [...(list?.querySelectorAll(".theirs") ?? [])].at(-1) ?? null;
}

/* In sight is a line whose end is on the screen, above the buttons, with nothing over it. */
function isInSight(line) {
  if (line === null || document.hidden || document.querySelector("dialog[open]")) return false;
  const { bottom } = line.getBoundingClientRect();
  const around = list.getBoundingClientRect();
  const end = document.getElementById("work").getBoundingClientRect().top;
  return bottom > Math.max(0, around.top) && bottom <= Math.min(end, around.bottom) + 1;
}
