/**
 * A phone with WeChat on it, as far as the mini-program may ask: every member of `wx` used must be one that is written
 * here, and `request` and `uploadFile` do real HTTP. What a test changes is `online`, `allows`, `album`, `where`, `full` (nothing more
 * can be stored) and `inTheWay` (what answers a request in the service's stead); what happened is in `asked`, `rung`, `texted`.
 */

const { randomUUID } = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { filesOf } = require("./phone_files.js");
const { soon } = require("./soon.js");

const FIX_EVERY_MS = 100;
const METHODS = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"];

class Phone {
  constructor({ name, service }) {
    this.name = name;
    this.service = service;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "phone-"));
    for (const room of ["usr", "temp"]) fs.mkdirSync(path.join(this.folder, room));
    this.storage = new Map();
    this.online = true;
    this.down = false;
    this.full = false;
    this.inTheWay = () => null;
    this.language = "zh_CN";
    this.allows = { login: true, camera: true, position: true, digests: true };
    this.settings = {};
    this.album = [];
    this.where = null;
    this.asked = [];
    this.answered = [];
    this.sent = [];
    this.rung = [];
    this.texted = [];
    this.opened = [];
    this.toSend = new Set();
    this.networkListeners = new Set();
    this.positionListeners = new Set();
    this.locating = false;
    this.epoch = 0;
    this.onProgress = () => {};
    this.alters = (field, value) => value;
  }

  /** The mini-program is thrown away: nothing that is under way answers it any more. */
  kill() {
    this.epoch += 1;
    this.networkListeners.clear();
    this.positionListeners.clear();
    this.locate(false);
    for (const stop of [...this.toSend]) stop.abort();
  }

  /** The network goes: what is under way breaks. */
  loseNetwork() {
    this.online = false;
    for (const stop of [...this.toSend]) stop.abort();
    for (const listener of this.networkListeners) listener({ isConnected: false, networkType: "none" });
  }

  findNetwork() {
    this.online = true;
    for (const listener of this.networkListeners) listener({ isConnected: true, networkType: "4g" });
  }

  /* While it locates it says where it is, `{latitude, longitude, accuracy}` in GCJ-02, again and again. */
  locate(wanted) {
    clearInterval(this.fixes);
    this.locating = wanted;
    if (wanted) this.fixes = setInterval(() => this.where && this.tellWhere(), FIX_EVERY_MS);
  }

  tellWhere() {
    for (const listener of [...this.positionListeners]) listener(fixOf(this.where));
  }

  /** Puts a file into the album, to be chosen next. */
  photograph(content, fileType) {
    const name = `tmp_${randomUUID()}`;
    fs.writeFileSync(path.join(this.folder, "temp", name), content);
    const file = { tempFilePath: `wxfile://temp/${name}`, size: content.length, fileType, duration: 1, width: 64, height: 48 };
    this.album.push({ ...file, thumbTempFilePath: fileType === "video" ? "wxfile://temp/thumb" : "" });
  }

  real(address) {
    if (!address.startsWith("wxfile://")) throw new Error(`not a path of WeChat's: ${address}`);
    return path.join(this.folder, address.slice("wxfile://".length));
  }

  /** The `wx` of one life of the mini-program. */
  wx(router) {
    const epoch = this.epoch;
    const alive = (answer) => (given) => void (epoch === this.epoch && answer && answer(given));
    const members = { ...this.stored(), ...this.network(alive), ...filesOf(this, alive), ...this.senses(alive), ...this.shown(alive, router) };
    return new Proxy(members, {
      get(target, name) {
        if (!(name in target)) throw new Error(`wx.${String(name)} is not a member this phone knows`);
        return target[name];
      },
    });
  }

  stored() {
    return {
      getStorageSync: (name) => (this.storage.has(name) ? JSON.parse(this.storage.get(name)) : ""),
      setStorageSync: (name, value) => this.store(name, value),
      removeStorageSync: (name) => void this.storage.delete(name),
      getAppBaseInfo: () => ({ language: this.language, SDKVersion: "3.3.4" }),
    };
  }

  store(name, value) {
    if (this.full) throw new Error("setStorageSync:fail exceed storage max size 10Mb");
    this.storage.set(name, JSON.stringify(value));
  }

  network(alive) {
    return {
      request: (options) => this.request(options, alive),
      uploadFile: (options) => this.upload(options, alive),
      onNetworkStatusChange: (listener) => void this.networkListeners.add(listener),
      login: ({ success, fail }) => {
        if (!this.allows.login) return soon(alive(fail), { errMsg: "login:fail" });
        return soon(alive(success), { code: `login-${this.name}#${randomUUID()}`, errMsg: "login:ok" });
      },
    };
  }

  request({ url, method = "GET", data, header = {}, timeout, success, fail }, alive) {
    if (!METHODS.includes(method)) throw new Error(`wx.request knows no ${method}`);
    if (!timeout) throw new Error("a request without a timeout");
    if (!url.startsWith(`${this.service}/`)) throw new Error(`not the configured address: ${url}`);
    this.asked.push({ method, path: url.slice(this.service.length), header, data });
    const work = this.fetch(url, { method, headers: header, body: data });
    work.then(
      ({ status, text, headers }) => {
        alive(success)({ statusCode: status, data: parsed(text), header: headers, errMsg: "request:ok" });
        this.answered.push(`${method} ${url.slice(this.service.length)}`);
      },
      (fault) => alive(fail)({ errMsg: `request:fail ${fault.message}` }),
    );
  }

  /* One file, put last, whatever the status a success; that is how WeChat does it. */
  upload({ url, filePath, name, formData, timeout, success, fail }, alive) {
    if (!timeout) throw new Error("an upload without a timeout");
    const form = new FormData();
    for (const [field, value] of Object.entries(formData)) form.append(field, this.alters(field, value));
    form.append(name, new Blob([fs.readFileSync(this.real(filePath))]), path.basename(filePath));
    const listeners = [];
    const tell = (progress) => alive((news) => listeners.forEach((listener) => listener(news)))({ progress });
    const stop = new AbortController();
    setImmediate(() => {
      tell(50);
      this.onProgress(this);
      this.fetch(url, { method: "POST", body: form }, stop).then(
        ({ status, text }) => {
          tell(100);
          this.sent.push({ url, status });
          alive(success)({ statusCode: status, data: text, errMsg: "uploadFile:ok" });
        },
        (fault) => alive(fail)({ errMsg: `uploadFile:fail ${fault.message}` }),
      );
    });
    return { abort: () => stop.abort(), onProgressUpdate: (listener) => void listeners.push(listener) };
  }

  async fetch(url, options, stop = new AbortController()) {
    this.toSend.add(stop);
    try {
      if (!this.online || this.down) throw new Error("net::ERR_INTERNET_DISCONNECTED");
      const answer = this.inTheWay(url, options) || (await fetch(url, { ...options, signal: stop.signal }));
      return { status: answer.status, text: await answer.text(), headers: Object.fromEntries(answer.headers) };
    } finally {
      this.toSend.delete(stop);
    }
  }

  senses(alive) {
    return {
      chooseMedia: ({ count, success, fail }) => {
        if (!this.allows.camera) return soon(alive(fail), { errMsg: "chooseMedia:fail auth deny" });
        return soon(alive(success), { tempFiles: this.album.splice(0, count), type: "mix", errMsg: "chooseMedia:ok" });
      },
      getSetting: ({ success }) => soon(alive(success), { authSetting: { ...this.settings }, errMsg: "getSetting:ok" }),
      startLocationUpdate: ({ type, success, fail }) => {
        if (type !== "gcj02") throw new Error("onLocationChange gives GCJ-02 only: name it");
        if (!this.allows.position) return soon(alive(fail), { errMsg: "startLocationUpdate:fail auth deny" });
        this.settings["scope.userLocation"] = true;
        this.locate(true);
        return soon(alive(success), { errMsg: "startLocationUpdate:ok" });
      },
      stopLocationUpdate: () => this.locate(false),
      onLocationChange: (listener) => void this.positionListeners.add(listener),
      offLocationChange: (listener) => void this.positionListeners.delete(listener),
    };
  }

  shown(alive, router) {
    const told = (list) => (options) => void list.push(options);
    return {
      navigateTo: ({ url }) => router.go(url),
      redirectTo: ({ url }) => router.replace(url),
      switchTab: ({ url }) => router.tab(url),
      setNavigationBarTitle: ({ title }) => void (this.title = title),
      setTabBarItem: () => {},
      stopPullDownRefresh: () => {},
      makePhoneCall: told(this.rung),
      sendSms: told(this.texted),
      openSetting: () => void this.opened.push("settings"),
      openPrivacyContract: () => void this.opened.push("privacy"),
      previewMedia: told(this.opened),
    };
  }
}

function fixOf({ latitude, longitude, accuracy }) {
  return { latitude, longitude, accuracy, altitude: 0, speed: 0, horizontalAccuracy: accuracy, verticalAccuracy: 0 };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

module.exports = { Phone };
