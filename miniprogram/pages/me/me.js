/** 我的: phone, name, trade, plate, language, and what WeChat was allowed. */

const { changeProfile } = require("../../api/api.js");
const { bureauName } = require("../../api/county.js");
const { citizen, signedIn } = require("../../api/session.js");
const { dress, faultWords, language, setLanguage, t } = require("../../words/words.js");

const TRADES = ["none", "taxi", "courier"];

Page({
  data: { w: /** @type {Record<string, string>} */ ({}), phone: "", verified: "", name: "", plate: "", trade: "none", trades: [], said: "", chinese: true, bureau: "" },

  async onShow() {
    this.draw();
    await signedIn().catch(() => {});
    this.fillIn();
  },

  draw() {
    dress(this, "me");
    const trades = TRADES.map((code) => ({ code, words: t(`trade.${code}`) }));
    this.setData({ trades, chinese: language() !== "en", bureau: bureauName() });
    this.fillIn();
  },

  fillIn() {
    const known = citizen();
    if (!known) return;
    const { phone, phone_verified: verified, name, plate, trade } = known;
    this.setData({ phone: phone || "", verified: verified ? this.data.w.verified : this.data.w.unverified });
    this.setData({ name: name || "", plate: plate || "", trade });
  },

  write(event) {
    this.setData({ [event.currentTarget.dataset.field]: event.detail.value });
  },

  choose(event) {
    this.setData({ trade: event.currentTarget.dataset.code });
  },

  async save() {
    const { name, plate, trade } = this.data;
    const own = trade === "none" ? {} : { plate: plate.trim() || null };
    try {
      await changeProfile({ name: name.trim() || null, trade, ...own });
      this.setData({ said: this.data.w.saved });
    } catch (fault) {
      this.setData({ said: faultWords(fault) });
    }
  },

  speak(event) {
    const { code } = event.currentTarget.dataset;
    setLanguage(code);
    changeProfile({ language: code }).catch(() => {});
    this.draw();
  },

  openPrivacy() {
    wx.openPrivacyContract({ fail: () => {} });
  },

  openSettings() {
    wx.openSetting({ fail: () => {} });
  },
});
