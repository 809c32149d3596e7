/** The commander's page: opens an alert by link or code, shows it, follows it while it is looked at, and acknowledges. */

import { fill, h } from "../shared/dom.js";
import { passes } from "../shared/faults.js";
import { addWords, known, language, onLanguage, otherLanguage, setLanguage, t } from "../shared/words.js";
import { showAlert } from "./alert.js";
import { acknowledge, forgetToken, hasToken, readAlert } from "./link.js";
import { showOpening } from "./opening.js";
import { words } from "./words.js";

const EVERY_MS = 5_000;

addWords(words);
document.documentElement.lang = language();

const view = document.getElementById("view");
let shownAs = null;
let drawn = "";
let following = false;
let timer = null;

function show(draw) {
  shownAs = draw;
  draw();
}

/* A poll that brings nothing new leaves what stands, and a finger on the button. */
function take(alert) {
  following = true;
  sayNetwork("");
  const now = JSON.stringify(alert);
  if (now !== drawn) show(() => showAlert(view, alert, { ack }));
  drawn = now;
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, EVERY_MS);
}

async function ack() {
  try {
    take(await acknowledge());
  } catch (error) {
    if (passes(error)) throw error;
    if (error.status === 409) return void look();
    end(error);
  }
}

async function look() {
  clearTimeout(timer);
  try {
    take(await readAlert());
  } catch (error) {
    if (!passes(error)) return following ? end(error) : first(error);
    sayNetwork(t("network.lost"));
    timer = setTimeout(look, EVERY_MS);
  }
}

/* A link this device has not opened yet is asked for the digits. */
function first(error) {
  if (error.type === "link-bound-elsewhere") return ask();
  end(error);
}

function ask() {
  show(() => showOpening(view, { opened: take, ended: end }));
}

function end({ type }) {
  following = false;
  clearTimeout(timer);
  sayNetwork("");
  const reason = known(`end.${type}`) ? type : "link-not-found";
  show(() =>
    fill(
      view,
      h("section.card.end", { role: "status" }, h("h1", t(`end.${reason}`)), h("p.muted", t(`end.${reason}.then`)), h("button.button", { type: "button", onclick: another }, t("end.other_code"))),
    ),
  );
}

function another() {
  forgetToken();
  drawn = "";
  ask();
}

function drawTop() {
  const toggle = h("button.toggle", { type: "button", lang: otherLanguage(), onclick: () => setLanguage(otherLanguage()) }, t("language.switch"));
  fill(document.getElementById("top"), h("div.bar", h("strong", t("top.title")), toggle));
  document.title = t("top.title");
}

function sayNetwork(text) {
  const band = document.getElementById("network");
  if (band.textContent !== text) fill(band, text ? h("p", text) : null);
}

onLanguage(() => {
  drawTop();
  shownAs?.();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else if (following) void look();
});
addEventListener("hashchange", () => location.reload());

drawTop();
fill(view, h("p.muted", t("loading")));
if (hasToken()) void look();
else ask();
