/**
 * Runs the mini-program's own files, unmodified, on a phone: jsdom for the screen, miniprogram-simulate for templates and components,
 * `Page` shimmed onto `Component`. It does not prove what only WeChat has: permissions, real codes, domain lists, the web-view, the look.
 */

const fs = require("node:fs");
const path = require("node:path");
const { JSDOM } = require("jsdom");

const ROOT = path.resolve(__dirname, "../../../miniprogram");
const { window } = new JSDOM("<!doctype html><html><head></head><body></body></html>", { pretendToBeVisual: true });
for (const name of ["window", "document", "CustomEvent", "TouchEvent", "HTMLElement", "Node"])
  global[name] = name === "window" ? window : window[name];

const simulate = require("miniprogram-simulate");
const exparser = require("miniprogram-exparser");

const realTimeout = global.setTimeout;
const realInterval = global.setInterval;
const timers = new Set();

/* The mini-program's own timers are known, so that they die with it. */
global.setTimeout = (act, milliseconds, ...rest) => own(realTimeout(act, milliseconds, ...rest));
global.setInterval = (act, milliseconds, ...rest) => own(realInterval(act, milliseconds, ...rest));

function own(timer) {
  if (new Error().stack.includes(`${ROOT}/`)) timers.add(timer);
  return timer;
}

global.Page = ({ data = {}, ...rest }) => {
  const isMethod = ([, value]) => typeof value === "function";
  const methods = Object.fromEntries(Object.entries(rest).filter(isMethod));
  const fields = Object.entries(rest).filter((one) => !isMethod(one));
  global.Component({ data, methods, created() { Object.assign(this, structuredClone(Object.fromEntries(fields))); } });
};

/** One life of the mini-program on a phone: opened, used, and closed or thrown away. */
class MiniProgram {
  constructor(phone) {
    this.phone = phone;
    this.stack = [];
    this.faults = [];
    require(path.join(ROOT, "config.js")).service = phone.service;
    global.wx = phone.wx(this);
    global.App = (app) => (this.app = app);
    require(path.join(ROOT, "app.js"));
    this.app.onLaunch();
    this.app.onShow();
    this.go("/pages/entry/entry");
  }

  /** Thrown away in whatever it was doing: no page is told. */
  kill() {
    this.phone.kill();
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    for (const { component } of this.stack) component.detach();
    for (const name of Object.keys(require.cache)) if (name.startsWith(`${ROOT}/`)) delete require.cache[name];
  }

  /** Goes to the background and comes back. */
  rest() {
    this.call("onHide");
    return () => {
      this.app.onShow();
      this.call("onShow");
    };
  }

  go(url) {
    if (this.top) this.call("onHide");
    this.push(url);
  }

  replace(url) {
    this.pop();
    this.push(url);
  }

  tab(url) {
    while (this.top) this.pop();
    this.push(url);
  }

  back() {
    this.pop();
    if (this.top) this.call("onShow");
  }

  push(url) {
    const [name, query = ""] = url.replace(/^\//, "").split("?");
    const { pages } = JSON.parse(fs.readFileSync(path.join(ROOT, "app.json"), "utf8"));
    if (!pages.includes(name)) throw new Error(`no page ${name}`);
    const id = simulate.load(path.join(ROOT, name), "page", { rootPath: ROOT });
    const component = simulate.render(id);
    component.attach(window.document.body);
    this.stack.push({ name, component });
    this.call("onLoad", Object.fromEntries(new URLSearchParams(query)));
    this.call("onShow");
  }

  pop() {
    this.call("onUnload");
    this.stack.pop().component.detach();
  }

  get top() {
    return this.stack.at(-1);
  }

  /** The page shown, by its name. */
  get page() {
    return this.top.name.split("/").at(-1);
  }

  get data() {
    return this.top.component.data;
  }

  get instance() {
    return this.top.component.instance;
  }

  call(method, argument) {
    const act = this.instance[method];
    return act ? act.call(this.instance, argument) : undefined;
  }

  /** All words on the screen. */
  get words() {
    return textOf(this.top.component.dom);
  }

  elements(selector) {
    return [...this.top.component.dom.querySelectorAll("*")].filter((element) => matches(element, selector));
  }

  /** Taps what bears exactly these words, or is described by them to those who cannot see. */
  tap(words) {
    const found = this.elements(() => true).filter((one) => textOf(one) === words || attribute(one, "aria-label") === words);
    if (found.length === 0) throw new Error(`nothing says ${words} in: ${this.words}`);
    this.fire(found.at(-1), "tap");
  }

  /** Writes into the field described by these words. */
  write(words, text) {
    const field = this.elements((one) => /^WX-(INPUT|TEXTAREA)$/.test(one.tagName) && attribute(one, "aria-label") === words)[0];
    if (!field) throw new Error(`no field ${words}`);
    this.fire(field, "input", { value: text });
  }

  fire(element, name, detail = {}) {
    const event = exparser.Event.create(name, detail, { bubbles: true, capturePhase: true, composed: true, extraFields: {} });
    exparser.Event.dispatchEvent(element.__wxElement, event);
  }
}

function matches(element, selector) {
  return typeof selector === "function" ? selector(element) : element.matches(selector);
}

/** An attribute as the template gives it; the simulator's built-in tags keep theirs to themselves. */
function attribute(element, name) {
  const node = element.__wxElement;
  const camel = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const found = node && node._vt && (node._vt.attrs || []).find((one) => one.name === camel);
  return found ? found.value : undefined;
}

function textOf(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}

/** Waits until `ask` gives something; fails with its last answer. */
async function eventually(ask, what = String(ask), withinSeconds = 90) {
  const deadline = Date.now() + withinSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${withinSeconds} s: ${what}`);
    await new Promise((done) => realTimeout(done, 40));
  }
}

module.exports = { MiniProgram, ROOT, attribute, eventually };
