/** The words of the mini-program: two languages, Chinese first. Words a citizen may see are never the internal ones. */

const { keepHere, recall } = require("../api/storage.js");
const en = require("./en.js");
const zh = require("./zh.js");

const words = { "zh-CN": zh, en };

/** The language shown: the citizen's choice, else the phone's; `zh-CN` or `en`. */
function language() {
  const chosen = recall("language");
  if (chosen) return chosen;
  return /^en/i.test(wx.getAppBaseInfo().language || "") ? "en" : "zh-CN";
}

/** Shows another language from now on. */
function setLanguage(code) {
  keepHere("language", code === "en" ? "en" : "zh-CN");
}

/** The text of `key` in the language shown, `{name}` replaced from `facts`; the key itself when nobody wrote it. */
function t(key, facts = {}) {
  const text = words[language()][key] || key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

/** True when there are words for `key`. */
function known(key) {
  return key in zh;
}

/** The words of one page as its template takes them: those of `all` and its own, without what stands before the dot. */
function wordsOf(page) {
  const shown = words[language()];
  const own = {};
  for (const start of ["all.", `${page}.`])
    for (const key of Object.keys(shown)) if (key.startsWith(start)) own[key.slice(start.length)] = shown[key];
  return own;
}

/** Gives a page its words and its title in the language shown. */
function dress(page, name) {
  page.setData({ w: wordsOf(name) });
  if (known(`${name}.title`)) wx.setNavigationBarTitle({ title: t(`${name}.title`) });
}

/** Plain words for a problem; the general sentence when its slug is new. */
function problemWords({ type = "" } = {}) {
  return t(known(`problem.${type}`) ? `problem.${type}` : "problem.unexpected");
}

/** Plain words for any fault of a call. */
function faultWords(error) {
  return error.facts ? problemWords(error.facts) : t("problem.network");
}

module.exports = { dress, faultWords, known, language, problemWords, setLanguage, t, wordsOf };
