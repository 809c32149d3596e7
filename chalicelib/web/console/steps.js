/** Which buttons a call-taker sees; the service decides again and may still refuse. */

import { isLive } from "./call/standing.js";

const OUTSTANDING = new Set(["waiting", "abandoned"]);

/** The steps open to this member of staff for an incident, each true or false. */
export function allowedSteps(incident, { username, works, commands, specialises, department }) {
  const open = incident.status !== "closed";
  const mine = incident.call_taker_id === username;
  const owns = open && (mine || (works && commands));
  const { transfer } = incident;
  const inside = transfer?.taken_by === username;
  return {
    answer: works && open && incident.call_taker_id === null,
    release: open && mine,
    take: works && open && incident.call_taker_id !== null && !mine,
    classify: owns,
    place: owns,
    message: owns,
    dispatch: owns && !OUTSTANDING.has(incident.status),
    callback: owns,
    link: owns,
    close: owns,
    note: true,
    evidence: mine || (works && commands),
    marking: mine || (works && commands),
    grant: owns && incident.live_withheld,
    transfer: owns && mine && (incident.status === "answered" || incident.status === "transferred"),
    come: specialises && open && !mine && Boolean(transfer) && !transfer.taken_by && transfer.department_id === department,
    lead: open && !mine && inside,
    escalate: open && (owns || inside) && !incident.escalated && (incident.mode === "fengqiao" || incident.tip),
    listen: commands && open && !mine && incident.call_taker_id !== null && isLive(incident),
  };
}

/** The word for why a part of the work is not open for an incident: `closed`, `unanswered`, `elsewhere` or `not_now`. */
export function whyShut({ status, call_taker_id: owner }, username) {
  if (status === "closed") return "closed";
  if (owner === null) return "unanswered";
  return owner === username ? "not_now" : "elsewhere";
}
