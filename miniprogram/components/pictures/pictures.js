/** The grid of pictures and videos, with the tile that adds; says `add`, `away {key}` and `again {key}`. */

const { t, wordsOf } = require("../../words/words.js");

Component({
  properties: {
    tiles: { type: Array, value: [] },
    addWords: { type: String, value: "" },
  },

  data: { w: {}, count: "" },

  observers: {
    tiles(tiles) {
      const present = tiles.filter(({ state }) => state !== "refused");
      const of = (kind) => present.filter((tile) => tile.kind === kind).length;
      this.setData({ w: wordsOf("all"), count: t("pick.count", { photos: of("photo"), videos: of("video") }) });
    },
  },

  methods: {
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
