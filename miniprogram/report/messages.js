/** Messages on their way to the call-taker: kept on the phone, sent in order, each under one key until it is in. */

const { post } = require("../api/api.js");
const { passes } = require("../api/faults.js");
const { newKey } = require("../api/key.js");
const { keepHere, recall } = require("../api/storage.js");
const { problemWords } = require("../words/words.js");
const { listeners } = require("./listeners.js");
const { rest } = require("./network.js");

const heard = listeners();
let messages = null;
let sending = false;

/** Calls back with `{}` or `{from, to}` when a message opened a linked report; gives back what stops it. */
function onMessages(listener) {
  return heard.add(listener);
}

/** The messages of one report not yet seen in its record: `[{key, text, state, words, seq}]`. */
function pendingMessages(incidentId) {
  return all().filter((message) => message.incidentId === incidentId);
}

/** Takes a message and sends it as soon as may be; of a `quiet` one nothing stays on the phone once it is in. */
function sendMessage(incidentId, text, { quiet = false } = {}) {
  messages = [...all(), { key: newKey(), incidentId, text, state: "sending", words: "", seq: null, quiet }];
  tell({});
  sendWaitingMessages();
}

/** Takes away a message that is in the record by now. */
function dropMessage(key) {
  messages = all().filter((message) => message.key !== key);
  keep();
}

/** Goes on with what was left behind. */
function sendWaitingMessages() {
  if (!sending) void run();
}

function all() {
  if (messages === null) messages = recall("messages") || [];
  return messages;
}

function keep() {
  const open = all().filter(({ state }) => state === "sending" || state === "waiting");
  keepHere("messages", open.length > 0 ? open : null);
}

function tell(news) {
  keep();
  heard.tell(news);
}

async function run() {
  sending = true;
  for (let pause = 1000; ; ) {
    const message = all().find(({ state }) => state === "sending" || state === "waiting");
    if (!message) break;
    if (await sendOne(message)) pause = 1000;
    else {
      await rest(pause);
      pause = Math.min(pause * 2, 15000);
    }
  }
  sending = false;
}

async function sendOne(message) {
  const { incidentId: from, text, key, quiet } = message;
  try {
    const { incident_id: to, seq } = await post(`reports/${from}/messages`, { text }, { key, tries: 1 });
    if (quiet) dropMessage(key);
    Object.assign(message, { state: "sent", incidentId: to, seq });
    tell(from === to ? {} : { from, to });
    return true;
  } catch (error) {
    const final = !passes(error);
    Object.assign(message, final ? { state: "refused", words: problemWords(error.facts || {}) } : { state: "waiting" });
    tell({});
    return final;
  }
}

module.exports = { dropMessage, onMessages, pendingMessages, sendMessage, sendWaitingMessages };
