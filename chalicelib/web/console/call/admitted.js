/** Who was let into a call, so that a console that is loaded again need not ask again; gone with the browser's tab. */

const PREFIX = "instant110.console.admitted.";

/** The names of the parties let into the call of an incident. */
export function admittedTo(id) {
  return JSON.parse(sessionStorage.getItem(`${PREFIX}${id}`) ?? "[]");
}

/** Keeps a name, or takes it out. */
export function keepAdmitted(id, name, inside) {
  const names = new Set(admittedTo(id));
  if (inside) names.add(name);
  else names.delete(name);
  sessionStorage.setItem(`${PREFIX}${id}`, JSON.stringify([...names]));
}

/** Forgets all of an incident. */
export function forgetAdmitted(id) {
  sessionStorage.removeItem(`${PREFIX}${id}`);
}
