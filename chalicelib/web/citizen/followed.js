/** Where she is, on the page of an open report: sent on where that is allowed already, asked for on a tap, never by itself. */

import { fill, h } from "../shared/dom.js";
import { t } from "../shared/words.js";
import { icon } from "./icons.js";
import { sendWhere } from "./live/where.js";
import { alreadyAllowed, askPosition } from "./position.js";

/** Gives `{element, update(incident), stop}`: help can find who moves, while the report is open and more than a tip. */
export function followWhere(incidentId) {
  const element = h("div.where");
  const button = h("button.button", { type: "button", onclick: ask }, icon("place"), h("span", t("position.use")));
  const said = h("div.where-said", { aria: { live: "polite" } });
  let stopSending = null;
  let shown = "";

  function show(what) {
    if (shown === what) return;
    shown = what;
    const parts = { followed: [h("p.muted.small", t("where.followed"))], offered: [button, said] };
    fill(element, parts[what] ?? []);
  }

  async function ask() {
    button.disabled = true;
    fill(said, h("p.muted.small", t("position.asking")));
    try {
      await askPosition();
      if (stopSending) show("followed");
    } catch (fault) {
      fill(said, h("p.notice.warn", icon("info"), h("span", t(`position.${fault.message}`))));
    }
    button.disabled = false;
  }

  async function begin(placed) {
    stopSending = sendWhere(incidentId, { mayAsk: false });
    const allowed = await alreadyAllowed();
    if (stopSending) show(allowed ? "followed" : placed ? "" : "offered");
  }

  function stop() {
    stopSending?.();
    stopSending = null;
    show("");
  }

  return {
    element,
    stop,
    update({ status, tip, position }) {
      if (status === "closed" || tip) stop();
      else if (!stopSending) void begin(Boolean(position));
      else if (position && shown === "offered") show("");
    },
  };
}
