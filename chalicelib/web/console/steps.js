/** Which buttons a call-taker sees; the service decides again and may still refuse. */

const OUTSTANDING = new Set(["waiting", "abandoned"]);

/** The steps open to this member of staff for an incident, each true or false. */
export function allowedSteps(incident, { username, commands }) {
  const open = incident.status !== "closed";
  const mine = incident.call_taker_id === username;
  const works = open && (mine || commands);
  return {
    answer: open && incident.call_taker_id === null,
    release: open && mine,
    take: open && incident.call_taker_id !== null && !mine,
    classify: works,
    place: works,
    message: works,
    dispatch: works && !OUTSTANDING.has(incident.status),
    callback: works,
    link: works,
    close: works,
    note: true,
  };
}
