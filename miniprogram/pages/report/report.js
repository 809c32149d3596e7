/** The 图文报警 form: what happened, pictures, where, how to reach me. Nothing in it is required, nothing in it waits. */

const { jurisdictionOf } = require("../../api/county.js");
const { citizen } = require("../../api/session.js");
const { chooseFiles } = require("../../report/choosing.js");
const { changeDraft, draftIsEmpty, reportBody, theDraft } = require("../../report/draft.js");
const { putInOutbox, waitingReport } = require("../../report/outbox.js");
const { askPosition, newestPosition, onPosition, stopWatching, watchIfAllowed } = require("../../report/position.js");
const { presentIn, tilesOfChosen } = require("../../report/tiles.js");
const { addFile, chosenFor, removeFile } = require("../../report/uploads.js");
const { dress, t } = require("../../words/words.js");

Page({
  data: {
    w: /** @type {Record<string, string>} */ ({}),
    draft: {},
    tiles: [],
    refused: [],
    where: null,
    settings: false,
    outside: "",
    example: "",
    empty: false,
  },

  stop: null,
  asked: false,

  onLoad() {
    this.stop = onPosition((position) => this.showPosition(position));
  },

  /* Who comes here while what was written is still being sent wants to see that. */
  onShow() {
    const waiting = waitingReport(theDraft().key);
    if (waiting) wx.redirectTo({ url: `/pages/sending/sending?key=${waiting.key}` });
    else this.draw();
  },

  draw() {
    dress(this, "report");
    const known = citizen();
    this.setData({ draft: theDraft(), example: (known && known.phone) || t("report.contact_example") });
    this.drawTiles();
    if (newestPosition()) this.showPosition(newestPosition());
    void watchIfAllowed();
  },

  onUnload() {
    this.stop();
    stopWatching();
  },

  write(event) {
    changeDraft({ [event.currentTarget.dataset.field]: event.detail.value });
  },

  choose(event) {
    const { field, value } = event.currentTarget.dataset;
    changeDraft({ [field]: value });
    this.setData({ draft: theDraft() });
  },

  drawTiles() {
    this.setData({ tiles: tilesOfChosen(chosenFor(theDraft().key)) });
  },

  async addFiles() {
    try {
      const { taken, refused } = await chooseFiles(presentIn(this.data.tiles));
      for (const file of taken) addFile(file, { reportKey: theDraft().key });
      this.setData({ refused });
    } catch ({ what, reason }) {
      this.setData({ refused: [t(`${what}.${reason}`)], settings: reason === "denied" });
    }
    this.drawTiles();
  },

  removeFile(event) {
    removeFile(event.detail.key);
    this.drawTiles();
  },

  async askPosition() {
    this.setData({ where: { words: this.data.w.asking } });
    try {
      await askPosition();
    } catch ({ reason }) {
      this.setData({ where: { refused: true, words: t(`position.${reason}`) }, settings: reason === "denied" });
    }
  },

  async showPosition(position) {
    const metres = Math.max(1, Math.round(position.accuracy_m));
    this.setData({ where: { have: true, words: t("position.have", { metres }) } });
    if (this.asked) return;
    this.asked = true;
    const answer = await jurisdictionOf(position);
    if (answer && answer.verdict === "outside") this.setData({ outside: answer.notice });
  },

  openSettings() {
    wx.openSetting({ fail: () => {} });
  },

  send() {
    if (draftIsEmpty() && this.data.tiles.length === 0) return this.setData({ empty: true });
    return this.sendAnyway();
  },

  goOnWriting() {
    this.setData({ empty: false });
  },

  /* The outbox keeps it from here on; a second tap finds it there. */
  sendAnyway() {
    const { key: own } = theDraft();
    if (waitingReport(own)) return;
    const { key } = putInOutbox(reportBody(newestPosition()), { key: own });
    wx.redirectTo({ url: `/pages/sending/sending?key=${key}` });
  },
});
