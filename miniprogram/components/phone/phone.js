/** Gives a phone number: WeChat's own with one tap, or typed when that is refused; says `kept`. */

const { givePhone } = require("../../api/api.js");
const { faultWords, t, wordsOf } = require("../../words/words.js");

Component({
  data: { w: {}, wechat: "", manual: "", typing: false, typed: "", said: "", kept: false, busy: false },

  lifetimes: {
    attached() {
      this.dress();
    },
  },

  pageLifetimes: {
    show() {
      this.dress();
    },
  },

  methods: {
    dress() {
      this.setData({ w: wordsOf("phone"), wechat: t("entry.phone_wechat"), manual: t("entry.phone_typed") });
    },

    /* Refused, or a mini-program that may not ask: the number can be typed. */
    takeWechat(event) {
      const { code } = event.detail;
      if (!code) return this.setData({ typing: true, said: t("phone.refused") });
      return this.give({ code });
    },

    type() {
      this.setData({ typing: true, said: "" });
    },

    write(event) {
      this.setData({ typed: event.detail.value });
    },

    save() {
      const phone = this.data.typed.replace(/[\s-]/g, "");
      if (phone) return this.give({ phone });
      return undefined;
    },

    async give(given) {
      if (this.data.busy) return;
      this.setData({ busy: true, said: "" });
      try {
        await givePhone(given);
        this.setData({ kept: true, typing: false });
        this.triggerEvent("kept");
      } catch (fault) {
        this.setData({ said: faultWords(fault), typing: true });
      }
      this.setData({ busy: false });
    },
  },
});
