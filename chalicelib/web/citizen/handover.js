/**
 * What the mini-program hands over in the fragment: WeChat codes to sign in with, the language, and the report to enter.
 *
 * No token ever stands in an address (docs/decisions/0022). Everything is taken out of it before anything else runs, so that no
 * history, bookmark or screenshot keeps it; a silent report's id goes into this tab's memory and nowhere else.
 */

import { setLanguage } from "../shared/words.js";
import { QUIET } from "./live/quiet.js";

/** Gives `{login, phone, call: {id, mode}|null, quiet: id|null}` and cleans the address. */
export function takeHandedOver() {
  const given = new URLSearchParams(location.hash.slice(1));
  const [login, phone, call, quiet] = ["code", "phone_code", "call", "quiet"].map((name) => given.get(name));
  if (login || phone) history.replaceState(null, "", `${location.pathname}${location.search}${addressOf(call, quiet)}`);
  if (login && given.get("language")) setLanguage(given.get("language"));
  return { login, phone, call: login && call ? { id: call, mode: given.get("mode") } : null, quiet: login ? quiet : null };
}

function addressOf(call, quiet) {
  if (quiet) return QUIET;
  return call ? `#/call/${encodeURIComponent(call)}` : "#/";
}
