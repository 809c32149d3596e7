/** 我的: phone, name, trade, plate, language, and what WeChat was allowed. */

const { changeProfile, get } = require("../../api/api.js");
const { bureauName } = require("../../api/county.js");
const { citizen, keepCitizen } = require("../../api/session.js");
const { fullTime } = require("../../words/time.js");
const { dress, faultWords, language, setLanguage, t } = require("../../words/words.js");

const TRADES = ["none", "taxi", "courier"];

Page({
  data: {
    w: /** @type {Record<string, string>} */ ({}),
    phone: "",
    verified: "",
    name: "",
    plate: "",
    trade: "none",
    trades: [],
    limit: [],
    limitTitle: "",
    said: "",
    chinese: true,
    bureau: "",
  },

  typed: 0,

  async onShow() {
    this.draw();
    try {
      keepCitizen((await get("session")).citizen);
    } catch (fault) {
      // What is known from before stays on the screen.
    }
    this.fillIn();
  },

  draw() {
    dress(this, "me");
    const trades = TRADES.map((code) => ({ code, words: t(`trade.${code}`) }));
    this.setData({ trades, chinese: language() !== "en", bureau: bureauName(), limitTitle: t("limit.title") });
    this.fillIn();
  },

  fillIn() {
    const known = citizen();
    if (!known) return;
    const { phone, phone_verified: verified, name, plate, trade } = known;
    this.setData({ phone: phone || "", verified: verified ? this.data.w.verified : this.data.w.unverified, limit: limitOf(known) });
    if (!this.typed) this.setData({ name: name || "", plate: plate || "", trade });
  },

  /* What was typed stays until it is saved, whatever is drawn anew. */
  type(changes) {
    this.typed += 1;
    this.setData({ ...changes, said: "" });
  },

  write(event) {
    this.type({ [event.currentTarget.dataset.field]: event.detail.value });
  },

  choose(event) {
    this.type({ trade: event.currentTarget.dataset.code });
  },

  async save() {
    const { name, plate, trade } = this.data;
    const own = trade === "none" ? {} : { plate: plate.trim() || null };
    const before = this.typed;
    try {
      await changeProfile({ name: name.trim() || null, trade, ...own });
      if (this.typed === before) this.typed = 0;
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

/* 使用限制: what it means, why, until when, and where to object; empty for everybody else. */
function limitOf({ limit }) {
  if (!limit) return [];
  const [since, until] = [limit.since, limit.until].map((time) => fullTime(time).slice(0, 10));
  return [
    t(`limit.${limit.grade}`),
    `${t("limit.why")}: ${limit.reason}`,
    `${t("limit.when")}: ${t("limit.dates", { since, until })}`,
    t("limit.still"),
    t("limit.object"),
  ];
}
