/** The citizen's own reports, newest first, a page at a time. */

const { get } = require("../../api/api.js");
const { standsWords } = require("../../report/steps.js");
const { shortTime } = require("../../words/time.js");
const { dress, faultWords, t } = require("../../words/words.js");

Page({
  data: { w: /** @type {Record<string, string>} */ ({}), lines: [], loaded: false, more: false, fault: "" },

  cursor: null,

  onShow() {
    dress(this, "reports");
    return this.reload();
  },

  async onPullDownRefresh() {
    await this.reload();
    wx.stopPullDownRefresh();
  },

  reload() {
    this.cursor = null;
    return this.load([]);
  },

  loadMore() {
    return this.load(this.data.lines);
  },

  async load(before) {
    try {
      const { items, cursor } = await get("reports", { cursor: this.cursor });
      this.cursor = cursor;
      const lines = [...before, ...items.filter(isShown).map(lineOf)];
      this.setData({ lines, loaded: true, more: cursor !== null, fault: "" });
    } catch (fault) {
      this.setData({ fault: faultWords(fault), loaded: true });
    }
  },

  open(event) {
    wx.navigateTo({ url: `/pages/incident/incident?id=${event.currentTarget.dataset.id}` });
  },
});

/* Whoever takes this phone into his hand must not find a silent report. */
function isShown({ mode }) {
  return mode !== "silent";
}

function lineOf(incident) {
  const { id, number, mode, tip, status, text, place, photos, videos, created_at: at } = incident;
  const counts = [
    [photos, "reports.photos"],
    [videos, "reports.videos"],
  ];
  const told = counts.filter(([count]) => count > 0).map(([count, key]) => t(key, { count }));
  return {
    id,
    number,
    mode: t(tip ? "mode.tip" : `mode.${mode}`),
    closed: status === "closed",
    stands: standsWords(incident),
    start: text || (place && (place.words || place.near)) || t("reports.no_words"),
    foot: [shortTime(at), ...told].join(" · "),
  };
}
