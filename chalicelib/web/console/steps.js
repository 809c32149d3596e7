/** Which buttons a call-taker sees; the service decides again and may still refuse. */

const OUTSTANDING = new Set(["waiting", "abandoned"]);

/** The steps open to this member of staff for an incident, each true or false. */
export function allowedSteps(incident, { username, works, commands }) {
  const open = incident.status !== "closed";
  const mine = incident.call_taker_id === username;
  const owns = works && open && (mine || commands);
  return {
    answer: works && open && incident.call_taker_id === null,
    release: works && open && mine,
    take: works && open && incident.call_taker_id !== null && !mine,
    classify: owns,
    place: owns,
    message: owns,
    dispatch: owns && !OUTSTANDING.has(incident.status),
    callback: owns,
    link: owns,
    close: owns,
    note: true,
  };
}
