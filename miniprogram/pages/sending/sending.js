/** 正在报警: a report is being sent; says what happens, offers the number, and asks when this phone is outside the county. */

const { pageOf } = require("../../report/live.js");
const { wakeAll } = require("../../report/network.js");
const { emptyOutbox, onFiling, outcomeOf, putInOutbox, sendWaitingReports, waitingReport } = require("../../report/outbox.js");
const { dress, faultWords, language, t } = require("../../words/words.js");

Page({
  data: { w: /** @type {Record<string, string>} */ ({}), consult: false, line: "", trying: false, refused: "", outside: null },

  key: "",
  stop: null,

  onLoad({ key }) {
    this.key = key;
    this.stop = onFiling((news) => news.report.key === key && this.hear(news));
  },

  onShow() {
    dress(this, "sending");
    const waiting = waitingReport(this.key);
    this.setData({ line: this.data.line || this.data.w.line, consult: Boolean(waiting && waiting.mode === "fengqiao") });
    const known = outcomeOf(this.key);
    if (known) this.hear(known);
    else if (waiting) sendWaitingReports();
    else this.leave();
  },

  onUnload() {
    this.stop();
  },

  hear({ what, report, attempt, incident, problem }) {
    if (what === "filed") return wx.redirectTo({ url: pageOf(incident) });
    if (what === "again") return this.setData({ trying: true, line: t("sending.attempt", { attempt }) });
    if (problem.type !== "outside-jurisdiction") return this.setData({ refused: faultWords(problem) });
    const { notice: chinese, detail, emergency_number: number, text_number: textNumber } = problem.facts;
    const text = textNumber ? t("sending.text", { number: textNumber }) : "";
    const notice = language() === "en" && detail ? detail : chinese;
    const change = report.mode === "photo_text" ? this.data.w.change : this.data.w.back;
    return this.setData({ outside: { notice, number, textNumber, text, change } });
  },

  tryNow() {
    wakeAll();
  },

  /* The same report and the same key; only that it is wanted all the same is new. */
  sendAnyway() {
    const report = waitingReport(this.key);
    this.setData({ outside: null });
    putInOutbox({ ...report.body, confirm_outside: true }, report);
  },

  retry() {
    this.setData({ refused: "" });
    sendWaitingReports();
  },

  back() {
    const report = waitingReport(this.key);
    if (report) emptyOutbox(report);
    if (report && report.mode === "photo_text") wx.redirectTo({ url: "/pages/report/report" });
    else this.leave();
  },

  leave() {
    wx.switchTab({ url: "/pages/entry/entry" });
  },

  text() {
    wx.sendSms({ phoneNumber: this.data.outside.textNumber, content: "", fail: () => {} });
  },
});
