/** Who hears whom and who sees what in a call: rules alone, no media. */

/** The console's own voice and ear, and what the recorder hears. */
export const HUB = "hub";
export const RECORD = "record";

const CITIZEN = "citizen";
const PARTY = /^(citizen|(officer|specialist|commander)\.[A-Za-z0-9_.-]{1,128})$/;

/** The party a client id names in this incident, as `{name, kind}`, or null for anybody else's. */
export function partyOf(clientId, incidentId) {
  const prefix = `${incidentId}.`;
  if (!clientId?.startsWith(prefix)) return null;
  const name = clientId.slice(prefix.length);
  return PARTY.test(name) ? { name, kind: name.split(".")[0] } : null;
}

/** Only the citizen, who called, is let in without being admitted. */
export function isAdmittedAtOnce(kind) {
  return kind === CITIZEN;
}

/**
 * Whether this party is ever sent sound. A silent citizen is not: not after an answer, a hand-over or a reload, and
 * whoever joins.
 */
export function mayHear({ kind }, { silent }) {
  return !(silent && kind === CITIZEN);
}

/**
 * Who is heard by whom, as `[speaker, listener]` names; nobody is heard by himself.
 *
 * `parties` are `{name, kind, admitted, muted}`; the hub hears all that are admitted, and its own voice goes to all.
 */
export function soundPaths(parties, { silent, hubMuted = false }) {
  const inside = parties.filter((party) => party.admitted);
  const speakers = inside.filter((party) => !party.muted).map((party) => party.name);
  if (!hubMuted) speakers.push(HUB);
  const listeners = inside.filter((party) => mayHear(party, { silent })).map((party) => party.name);
  listeners.push(HUB, RECORD);
  return speakers.flatMap((speaker) => listeners.filter((one) => one !== speaker).map((listener) => [speaker, listener]));
}

/** Whose picture a party is shown: the call-taker's (`hub`), the citizen's, or none. */
export function pictureFor({ kind, admitted, picture }) {
  if (!admitted || !picture) return null;
  return kind === CITIZEN ? HUB : CITIZEN;
}
