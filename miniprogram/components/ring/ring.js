/** The number to ring, one tap away; `kind` is "alarm", "plain" or "line". */

const { emergencyNumber } = require("../../api/county.js");
const { t } = require("../../words/words.js");

Component({
  properties: {
    kind: { type: String, value: "plain" },
    /** Another number than the county's; given with the notice outside of it. */
    number: { type: String, value: "" },
  },

  data: { words: "", called: "" },

  observers: {
    number(given) {
      this.show(given);
    },
  },

  lifetimes: {
    attached() {
      this.show(this.data.number);
    },
  },

  pageLifetimes: {
    show() {
      this.show(this.data.number);
    },
  },

  methods: {
    show(given) {
      const called = given || emergencyNumber();
      this.setData({ called, words: t("all.ring", { number: called }) });
    },

    ring() {
      wx.makePhoneCall({ phoneNumber: this.data.called, fail: () => {} });
    },
  },
});
