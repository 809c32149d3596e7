/** Who is in a call: how each stands, how loud, what each hears; and the buttons to let in, silence and put out. */

import { fill, h, keep, say, shown } from "../../shared/dom.js";
import { t } from "../../shared/words.js";
import { icon } from "../icons.js";

const LEVELS_MS = 150;
const FLOOR_DB = -60;

/** Makes the strip; `call()` answers the call of the moment. */
export function partyStrip({ call }) {
  const list = h("ul.parties", { "data-testid": "parties", aria: { label: t("party.label") } });
  let names = new Map();
  let timer = null;

  function show({ facts, incident, dispatches }) {
    names = new Map(dispatches.map((one) => [`officer.${one.dispatch_id}`, `${one.unit_name} ${one.officer_name}`]));
    const items = facts === null ? [] : facts.role === "hub" ? [ownOf(facts), ...facts.parties] : [ownOf(facts), leaderOf(facts, incident)];
    keep(list, items, { keyOf: (one) => one.name, make: makeParty, update: (item, one) => showParty(item, one, facts, incident) });
    shown(list, items.length > 0);
    if (items.length > 0) timer ??= setInterval(showLevels, LEVELS_MS);
    else timer = void clearInterval(timer) ?? null;
  }

  function makeParty(one) {
    return h(
      "li.party",
      { "data-party": one.name },
      h("span.party-face", icon(ICONS[one.kind] ?? "person"), h("span.party-lamp")),
      h("div.party-words", h("strong.party-name"), h("span.party-hears")),
      h("span.party-level", { aria: { hidden: "true" } }, h("span.party-bar")),
      h("div.party-tools"),
    );
  }

  function showParty(item, one, facts, incident) {
    const waits = one.kind !== "citizen" && one.kind !== "own" && one.kind !== "leader" && !one.admitted;
    item.dataset.state = one.state;
    item.classList.toggle("waits", waits && one.state !== "lost");
    item.classList.toggle("muted", Boolean(one.muted));
    say(item.querySelector(".party-name"), nameOf(one, names));
    say(item.querySelector(".party-hears"), hearsOf(one, { incident, waits, facts }));
    const tools = item.querySelector(".party-tools");
    const drawn = JSON.stringify([one.kind, waits, one.muted, one.state === "lost"]);
    if (tools.dataset.drawn === drawn) return;
    tools.dataset.drawn = drawn;
    fill(tools, toolsOf(one, waits));
  }

  function toolsOf(one, waits) {
    if (one.kind === "own" || one.kind === "leader") return [];
    const drop = one.kind === "citizen" ? null : tool("party.drop", "close", () => call().drop(one.name));
    if (waits) return [h("button.button.small.primary", { type: "button", onclick: () => call().admit(one.name) }, t("party.admit")), drop];
    const word = one.muted ? "party.unmute" : "party.mute";
    return [tool(word, one.muted ? "microphone_off" : "microphone", () => call().mute(one.name, !one.muted)), drop];
  }

  function showLevels() {
    const levels = call()?.levels() ?? {};
    for (const item of list.children) {
      const name = item.dataset.party;
      const level = levels[name] ?? -100;
      const height = Math.max(0, Math.min(1, (level - FLOOR_DB) / -FLOOR_DB));
      item.querySelector(".party-bar").style.scale = `1 ${height.toFixed(2)}`;
    }
  }

  return { element: list, show, stop: () => clearInterval(timer) };
}

const ICONS = { own: "headset", leader: "headset", citizen: "person", officer: "officer", specialist: "headset", commander: "officer" };

function ownOf(facts) {
  return { name: "hub", kind: "own", state: "connected", admitted: true, muted: facts.muted };
}

function leaderOf(facts, incident) {
  return { name: "leader", kind: "leader", state: facts.other ?? "connecting", admitted: true, muted: false, id: incident.call_taker_id };
}

function nameOf({ kind, name, id }, names) {
  if (kind === "own") return t("party.own");
  if (kind === "leader") return t("party.leader", { call_taker: id ?? "" });
  if (kind === "citizen") return t("role.citizen");
  return names.get(name) ?? `${t(`role.${kind}`)} ${name.slice(kind.length + 1)}`;
}

/* Who hears whom, in a few words. */
function hearsOf(one, { incident, waits, facts }) {
  if (one.kind === "own") return t(ownWord(facts));
  if (one.state === "lost") return t("party.lost");
  if (one.state === "connecting") return t("party.connecting");
  if (waits) return t("party.waits");
  if (one.kind === "citizen" && incident.mode === "silent") return t(one.muted ? "party.silent_muted" : "party.silent");
  return t(one.muted ? "party.muted" : "party.hears");
}

function ownWord({ held, muted, mode, other, parties }) {
  if (held) return "party.held";
  if (muted) return "party.own_muted";
  if (other !== "connected" && !parties.some((one) => one.state === "connected")) return "party.alone";
  return mode === "silent" ? "party.speaks_silent" : "party.speaks";
}

function tool(word, drawn, act) {
  return h("button.button.small.party-tool", { type: "button", title: t(word), aria: { label: t(word) }, onclick: act }, icon(drawn));
}
