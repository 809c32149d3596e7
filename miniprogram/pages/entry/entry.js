/** Home: the entries, the number to ring, and at once the notice when this phone is outside the county. */

const { get } = require("../../api/api.js");
const { bureauName, jurisdictionOf, loadCounty, theCounty } = require("../../api/county.js");
const { citizen, signedIn } = require("../../api/session.js");
const { keepHere, recall } = require("../../api/storage.js");
const { newestPosition, onPosition, askPosition, stopWatching, watchIfAllowed } = require("../../report/position.js");
const { putLiveInOutbox, waitingReport } = require("../../report/outbox.js");
const { pageOf } = require("../../report/live.js");
const { standsWords } = require("../../report/steps.js");
const { dress, language, setLanguage, t } = require("../../words/words.js");

Page({
  data: {
    w: /** @type {Record<string, string>} */ ({}),
    bureau: "",
    other: "",
    county: "",
    down: false,
    going: null,
    where: null,
    pin: false,
    phone: false,
  },

  checked: false,
  deaf: null,

  onShow() {
    this.draw();
    this.goOn();
    this.startWhere();
  },

  onHide() {
    this.stopWhere();
  },

  onUnload() {
    this.stopWhere();
  },

  draw() {
    dress(this, "entry");
    ["home", "reports", "me"].forEach((tab, index) => wx.setTabBarItem({ index, text: t(`tab.${tab}`), fail: () => {} }));
    this.setData({
      bureau: bureauName(),
      other: language() === "en" ? "中文" : "EN",
      county: t("entry.county", { bureau: bureauName() }),
      pin: !recall("pin.known"),
    });
  },

  switchLanguage() {
    setLanguage(language() === "en" ? "zh-CN" : "en");
    this.draw();
    this.goOn();
  },

  knowPin() {
    keepHere("pin.known", true);
    this.setData({ pin: false });
  },

  laterPhone() {
    keepHere("phone.later", true);
    this.setData({ phone: false });
  },

  /* One tap files a live report, a second one goes on with it; what it needs permission for is asked once it is in. */
  report(event) {
    const { mode } = event.currentTarget.dataset;
    const { key } = putLiveInOutbox(mode, newestPosition());
    wx.navigateTo({ url: mode === "silent" ? `/pages/note/note?key=${key}` : `/pages/sending/sending?key=${key}` });
  },

  write() {
    wx.navigateTo({ url: "/pages/report/report" });
  },

  open() {
    wx.navigateTo({ url: this.data.going.url });
  },

  /* Signs in, and shows what is under way; a silent report is never shown. When nobody answers, the number stands on top. */
  async goOn() {
    const waiting = waitingReport();
    if (waiting) this.setData({ going: { url: `/pages/sending/sending?key=${waiting.key}`, title: t("entry.outbox"), line: "" } });
    try {
      await Promise.all([signedIn(), loadCounty()]);
      this.setData({ down: false, phone: !citizen().phone && !recall("phone.later"), bureau: bureauName() });
      this.setData({ county: t("entry.county", { bureau: bureauName() }) });
      if (!waiting) await this.showOpen();
    } catch (fault) {
      this.setData({ down: true });
    }
  },

  async showOpen() {
    const { items } = await get("reports", {}, { tries: 1 });
    const open = items.find(({ status, mode }) => status !== "closed" && mode !== "silent");
    const line = open ? `${standsWords(open)} · ${open.number}` : "";
    this.setData({ going: open ? { url: pageOf(open), title: t("entry.going"), line } : null });
  },

  startWhere() {
    this.checked = false;
    if (this.deaf) return;
    this.deaf = onPosition((position) => this.check(position));
    const known = newestPosition();
    if (known) this.check(known);
    void watchIfAllowed();
  },

  stopWhere() {
    if (this.deaf) this.deaf();
    this.deaf = null;
    stopWatching();
  },

  async ask() {
    try {
      await askPosition();
    } catch ({ reason }) {
      this.setData({ where: { verdict: "refused", words: t(`position.${reason}`) } });
    }
  },

  async check(position) {
    if (this.checked) return;
    this.checked = true;
    const answer = await jurisdictionOf(position);
    const verdict = answer ? answer.verdict : "unknown";
    const textNumber = (answer && answer.text_number) || theCounty().textNumber || "";
    const text = textNumber ? t("entry.text", { number: textNumber }) : "";
    this.setData({ where: { verdict, words: t(`entry.${verdict}`), notice: (answer && answer.notice) || "", text, textNumber } });
  },

  text() {
    wx.sendSms({ phoneNumber: this.data.where.textNumber, content: "", fail: () => {} });
  },
});
