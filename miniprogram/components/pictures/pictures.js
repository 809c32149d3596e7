/** The grid of pictures and videos, with the tile that adds; says `add`, `away {key}` and `again {key}`. */

const { t, wordsOf } = require("../../words/words.js");

Component({
  properties: {
    tiles: { type: Array, value: [] },
    addWords: { type: String, value: "" },
  },

  data: { w: {}, counted: "" },

  observers: {
    tiles() {
      this.count();
    },
  },

  lifetimes: {
    attached() {
      this.count();
    },
  },

  methods: {
    count() {
      const present = this.data.tiles.filter(({ state }) => state !== "refused");
      const of = (kind) => present.filter((tile) => tile.kind === kind).length;
      this.setData({ w: wordsOf("all"), counted: t("pick.count", { photos: of("photo"), videos: of("video") }) });
    },

    add() {
      this.triggerEvent("add");
    },

    away(event) {
      this.triggerEvent("away", { key: event.currentTarget.dataset.key });
    },

    again(event) {
      this.triggerEvent("again", { key: event.currentTarget.dataset.key });
    },

    /* WeChat's own viewer, which also plays videos. */
    look(event) {
      const shown = this.data.tiles.filter(({ source, shown: small, state }) => (source || small) && state !== "refused");
      const current = shown.findIndex(({ key }) => key === event.currentTarget.dataset.key);
      if (current < 0) return;
      const sources = shown.map(sourceOf);
      wx.previewMedia({ sources, current, fail: () => {} });
    },
  },
});

/** @returns {WechatMiniprogram.MediaSource} */
function sourceOf({ source, shown, kind }) {
  return { url: source || shown, type: kind === "video" ? "video" : "image" };
}
