/**
 * 静音报警: dark and neutral from its first moment, then the citizen's page in a web-view; when that does not open, a
 * few words to tap.
 *
 * Take every sound, light, question and word added here for a defect until shown otherwise. Nothing here vibrates, asks
 * or pops up, the title names nothing, and once the report is in the phone keeps nothing of it.
 */

const { quietSource } = require("../../report/live.js");
const { onMessages, pendingMessages, sendMessage } = require("../../report/messages.js");
const { onFiling, outcomeOf } = require("../../report/outbox.js");
const { sendWhere } = require("../../report/track.js");
const { dress, wordsOf } = require("../../words/words.js");

const TAPPED = ["hurt", "knife", "near", "hiding", "yes", "no"];

Page({
  data: { w: /** @type {Record<string, string>} */ ({}), source: "", line: "", id: "", chips: [] },

  deaf: null,
  stopWhere: null,

  onLoad({ key }) {
    this.deaf = [onFiling((news) => news.report.key === key && this.hear(news)), onMessages(() => this.showTold())];
    dress(this, "note");
    this.setData({ line: this.data.w.going, chips: TAPPED.map((name) => wordsOf("note")[name]) });
    const known = outcomeOf(key);
    if (known) this.hear(known);
  },

  onUnload() {
    for (const deaf of this.deaf) deaf();
    if (this.stopWhere) this.stopWhere();
  },

  hear({ what, incident }) {
    if (what === "filed") return this.enter(incident.id);
    return this.setData({ line: what === "again" ? this.data.w.lost : this.data.w.refused });
  },

  enter(id) {
    this.setData({ id, line: this.data.w.in });
    this.stopWhere = sendWhere(id);
    return this.open();
  },

  async open() {
    try {
      this.setData({ source: await quietSource(this.data.id) });
    } catch (fault) {
      this.fail();
    }
  },

  fail() {
    this.setData({ source: "" });
  },

  say(event) {
    sendMessage(this.data.id, event.currentTarget.dataset.words, { quiet: true });
  },

  showTold() {
    if (!this.data.id) return;
    const open = pendingMessages(this.data.id);
    const lost = open.some(({ state }) => state === "waiting");
    const { w } = this.data;
    this.setData({ line: lost ? w.lost : open.length > 0 ? w.going : w.sent });
  },
});
