/** One request to the service by `wx.request`: JSON both ways, problem documents as errors. */

const config = require("../config.js");

const TIMEOUT_MS = 12000;

/** The service's own refusal; `type` is its stable slug and `facts` the whole document. */
class Problem extends Error {
  constructor(status, facts) {
    super(facts.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.type = facts.type || "unknown";
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
        if (statusCode >= 200 && statusCode < 300) resolve(data);
        else if (isObject(data)) reject(new Problem(statusCode, data));
        else reject(statusCode >= 500 ? new Unreachable(`HTTP ${statusCode}`) : new Problem(statusCode, {}));
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

function isObject(data) {
  return typeof data === "object" && data !== null;
}

/** "?a=1&b=2" of what is neither null nor empty; "" of nothing. */
function queryOf(values) {
  const pairs = Object.keys(values)
    .filter((name) => values[name] !== null && values[name] !== undefined && values[name] !== "")
    .map((name) => `${name}=${encodeURIComponent(String(values[name]))}`);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

module.exports = { Problem, Unreachable, send, queryOf };
