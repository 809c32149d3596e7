/** The running backend as the tests know it: its address, its desk, and the files to send. */

const { randomUUID } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { MiniProgram } = require("./simulator.js");
const { Phone } = require("./phone.js");

const ready = JSON.parse(fs.readFileSync(process.env.INSTANT110_READY, "utf8"));
const SIGN_OF_LIFE_MS = 5000;
const INSIDE = { latitude: 36.4, longitude: 118.55, accuracy: 20 };
const OUTSIDE = { latitude: 36.7, longitude: 119.1, accuracy: 20 };

/** A phone nobody had before. */
function aPhone(options = {}) {
  return Object.assign(new Phone({ name: `mini-${randomUUID()}`, service: ready.url }), options);
}

/** Runs a mini-program for a test and throws it away after it. */
async function on(phone, act) {
  const program = new MiniProgram(phone);
  try {
    return await act(program);
  } finally {
    program.kill();
  }
}

async function ask(method, address, { body, headers = {} } = {}) {
  const answer = await fetch(ready.url + address, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** A signed-in call-taker: `work(incidentId, step, body)`, `record(incidentId)`, `get`, `post`. */
async function aDesk(username = "seat1") {
  const { password } = ready.accounts.find((one) => one.username === username);
  const { id_token: token } = await ask("POST", "/console/session", { body: { username, password } });
  const headers = { Authorization: token };
  const post = (address, body = {}) => ask("POST", address, { body, headers });
  /* As a console does: an owner who is silent for 20 s loses what she holds. */
  const live = () => ask("PUT", "/console/seat", { body: { state: "busy" }, headers }).catch(() => {});
  setInterval(live, SIGN_OF_LIFE_MS).unref();
  return {
    post,
    get: (address) => ask("GET", address, { headers }),
    remove: (address) => ask("DELETE", address, { headers }),
    record: (id) => ask("GET", `/console/incidents/${id}`, { headers }),
    work: (id, step, body = {}) => post(`/console/incidents/${id}/${step}`, body),
  };
}

/** The service as the citizen of a phone, beside the mini-program. */
function asCitizen(phone) {
  const { token } = JSON.parse(phone.storage.get("instant110.session"));
  return (address) => ask("GET", address, { headers: { Authorization: `Bearer ${token}` } });
}

/** Real pictures and videos, made by the tests that start this. */
function media(kind) {
  const folder = process.env.INSTANT110_MEDIA;
  return fs.readdirSync(folder).filter((name) => name.startsWith(kind)).sort().map((name) => fs.readFileSync(path.join(folder, name)));
}

module.exports = { INSIDE, OUTSIDE, aDesk, aPhone, asCitizen, media, on, ready };
