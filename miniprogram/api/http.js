/** One request to the service by `wx.request`: JSON both ways, problem documents as errors. */

const config = require("../config.js");

const TIMEOUT_MS = 12000;
const SLUG = /^[a-z][a-z0-9-]*$/;

/** The service's own refusal; `type` is its stable slug and `facts` the whole document. */
class Problem extends Error {
  constructor(status, facts) {
    super(facts.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.type = facts.type;
    this.facts = facts;
  }
}

/** No answer came: no network, a timeout, or something between that is not the service. */
class Unreachable extends Error {
  constructor(reason) {
    super(`unreachable: ${reason}`);
    this.name = "Unreachable";
  }
}

/**
 * Sends one request and resolves to the answer's JSON. Throws `Problem` or `Unreachable`.
 *
 * To `wx.request` any status is a success, so the status is read here. It knows no PATCH.
 */
function send({ method, path, body = undefined, key = "", token = "", timeoutMs = TIMEOUT_MS }) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: `${config.service}/${path}`,
      method,
      data: body === undefined ? undefined : JSON.stringify(body),
      header: headersOf({ body, key, token }),
      timeout: timeoutMs,
      success: ({ statusCode, data }) => {
        if (statusCode < 200 || statusCode >= 300) reject(refusal(statusCode, data));
        else if (isJson(data)) resolve(data);
        else reject(new Unreachable("something else answered"));
      },
      fail: ({ errMsg }) => reject(new Unreachable(errMsg)),
    });
  });
}

function headersOf({ body, key, token }) {
  const header = { Accept: "application/json" };
  if (body !== undefined) header["Content-Type"] = "application/json";
  if (key) header["Idempotency-Key"] = key;
  if (token) header.Authorization = `Bearer ${token}`;
  return header;
}

/* What `wx.request` could not read as JSON it gives as a text. */
function isJson(data) {
  return typeof data !== "string" || data === "";
}

/** What an answer that is no success comes to: the service's own refusal, or nothing it ever said. */
function refusal(status, facts) {
  const { type = "" } = Object(facts);
  return SLUG.test(type) ? new Problem(status, facts) : new Unreachable(`HTTP ${status}`);
}

/** "?a=1&b=2" of what is neither null nor empty; "" of nothing. */
function queryOf(values) {
  const pairs = Object.keys(values)
    .filter((name) => values[name] !== null && values[name] !== undefined && values[name] !== "")
    .map((name) => `${name}=${encodeURIComponent(String(values[name]))}`);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

module.exports = { Problem, Unreachable, queryOf, refusal, send };
