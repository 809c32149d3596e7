/** One own report: where it stands, its pictures, and the conversation with the call-taker. */

const { post } = require("../../api/api.js");
const { citizen } = require("../../api/session.js");
const { chooseFiles } = require("../../report/choosing.js");
const { follow } = require("../../report/follow.js");
const { onMessages, sendMessage } = require("../../report/messages.js");
const { isAllowed } = require("../../report/permission.js");
const { askPosition } = require("../../report/position.js");
const { presentIn } = require("../../report/tiles.js");
const { sendWhere } = require("../../report/track.js");
const { addFile, onUpload, removeFile, retryUpload } = require("../../report/uploads.js");
const { pageOf } = require("../../report/live.js");
const { dress, faultWords, t } = require("../../words/words.js");
const { shownOf } = require("./shown.js");

Page({
  data: {
    w: /** @type {Record<string, string>} */ ({}),
    shown: null,
    lost: false,
    gone: "",
    fault: "",
    refused: [],
    typed: "",
    moved: false,
    phone: false,
    where: null,
  },

  incidentId: "",
  record: null,
  following: null,
  deaf: null,
  stopWhere: null,

  onLoad({ id, moved }) {
    this.incidentId = id;
    this.record = null;
    this.setData({ moved: moved === "1" });
  },

  onShow() {
    dress(this, "incident");
    void this.showAllowed();
    this.following = follow(this.incidentId, {
      onNews: (record) => this.take(record),
      onLost: (lost) => lost !== this.data.lost && this.setData({ lost }),
      onGone: (problem) => this.setData({ gone: faultWords(problem) }),
    });
    this.deaf = [
      onUpload((item) => (item.movedFrom === this.incidentId ? this.moveOn(item.incidentId) : this.draw())),
      onMessages(({ from, to }) => (to && from === this.incidentId ? this.moveOn(to) : (this.draw(), this.following.soon()))),
    ];
  },

  onHide() {
    this.stop();
  },

  onUnload() {
    this.stop();
  },

  stop() {
    for (const deaf of this.deaf || []) deaf();
    if (this.following) this.following.stop();
    if (this.stopWhere) this.stopWhere();
    Object.assign(this, { deaf: null, following: null, stopWhere: null });
  },

  /* A silent report has no page here, whoever knows its address. */
  take(record) {
    if (record.incident.mode === "silent") return wx.switchTab({ url: "/pages/entry/entry" });
    this.record = record;
    this.draw();
    const { status, contact } = record.incident;
    this.sendWhereWhile(status !== "closed");
    const known = citizen();
    return this.setData({ phone: Boolean(known) && !known.phone && contact === "any" && status !== "closed" });
  },

  sendWhereWhile(open) {
    if (open && !this.stopWhere) this.stopWhere = sendWhere(this.incidentId);
    if (open || !this.stopWhere) return;
    this.stopWhere();
    this.stopWhere = null;
  },

  draw() {
    if (this.record) this.setData({ shown: shownOf(this.incidentId, this.record) });
  },

  async showAllowed() {
    if (await isAllowed("scope.userLocation")) this.setData({ where: { have: true, words: this.data.w.followed } });
  },

  /* Asked for on a tap only; from then on the track sends it. */
  async usePosition() {
    this.setData({ where: { words: this.data.w.asking } });
    try {
      await askPosition();
      this.setData({ where: { have: true, words: this.data.w.followed } });
    } catch ({ reason }) {
      this.setData({ where: { refused: true, settings: reason === "denied", words: t(`position.${reason}`) } });
    }
  },

  openSettings() {
    wx.openSetting({ fail: () => {} });
  },

  /* Writing after the end opens a linked report: the page goes there and says so. */
  moveOn(to) {
    wx.redirectTo({ url: `/pages/incident/incident?id=${to}&moved=1` });
  },

  openOther(event) {
    wx.redirectTo({ url: `/pages/incident/incident?id=${event.currentTarget.dataset.id}` });
  },

  async answerEvent(event) {
    const { answer } = event.currentTarget.dataset;
    try {
      await post(`reports/${this.incidentId}/same-event`, { answer });
      this.setData({ fault: "" });
      this.following.soon();
    } catch (fault) {
      this.setData({ fault: faultWords(fault) });
    }
  },

  rejoin() {
    wx.navigateTo({ url: pageOf(this.record.incident) });
  },

  write(event) {
    this.setData({ typed: event.detail.value });
  },

  say() {
    const text = this.data.typed.trim();
    if (!text) return;
    this.setData({ typed: "" });
    sendMessage(this.incidentId, text);
  },

  async addFiles() {
    try {
      const { taken, refused } = await chooseFiles(presentIn(this.data.shown.tiles));
      for (const file of taken) addFile(file, { incidentId: this.incidentId });
      this.setData({ refused });
    } catch ({ what, reason }) {
      this.setData({ refused: [t(`${what}.${reason}`)] });
    }
    this.draw();
  },

  removeFile(event) {
    removeFile(event.detail.key);
    this.draw();
  },

  sendAgain(event) {
    retryUpload(event.detail.key);
  },
});
