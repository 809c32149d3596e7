/** The mini-program: whenever it comes to the front, what was left behind goes on. */

const { loadCounty } = require("./api/county.js");
const { sendWaitingMessages } = require("./report/messages.js");
const { wakeAll, wakeWithNetwork } = require("./report/network.js");
const { sendWaitingReports } = require("./report/outbox.js");
const { sendWaitingFiles } = require("./report/uploads.js");

App({
  onLaunch() {
    wakeWithNetwork();
    loadCounty().catch(() => {});
  },

  onShow() {
    wakeAll();
    sendWaitingReports();
    sendWaitingFiles();
    sendWaitingMessages();
  },
});
