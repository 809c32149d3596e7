/** A live report: the citizen's page in a web-view; when it does not open, the number, another try, and writing. */

const { callSource } = require("../../report/live.js");
const { askPosition } = require("../../report/position.js");
const { sendWhere } = require("../../report/track.js");
const { dress } = require("../../words/words.js");

Page({
  data: { w: /** @type {Record<string, string>} */ ({}), source: "", failed: false },

  incidentId: "",
  mode: "",
  stopWhere: null,

  onLoad({ id, mode }) {
    Object.assign(this, { incidentId: id, mode });
    dress(this, "live");
    return this.open();
  },

  /* The report is in: now the position may be asked for. */
  onShow() {
    this.stopWhere = sendWhere(this.incidentId);
    askPosition().catch(() => {});
  },

  onHide() {
    this.stop();
  },

  onUnload() {
    this.stop();
  },

  stop() {
    if (this.stopWhere) this.stopWhere();
    this.stopWhere = null;
  },

  async open() {
    this.setData({ failed: false });
    try {
      this.setData({ source: await callSource({ id: this.incidentId, mode: this.mode }) });
    } catch (fault) {
      this.fail();
    }
  },

  fail() {
    this.setData({ source: "", failed: true });
  },

  write() {
    wx.redirectTo({ url: `/pages/incident/incident?id=${this.incidentId}` });
  },
});
