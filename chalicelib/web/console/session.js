/** The signed-in call-taker: tokens, their renewal, and nothing that outlives the browser tab. */

import { connect } from "../shared/api.js";
import { nowMs } from "../shared/time.js";

const STORED = "instant110.console.session";
const RENEW_BEFORE_MS = 120 * 1000;

/**
 * Makes the session of this tab, restored after a reload.
 *
 * Tokens stand in `sessionStorage`: a reload keeps them, closing the tab at the end of the shift does not.
 * `onLost()` is told when only a new sign-in helps.
 */
export function staffSession({ base, onLost }) {
  const service = connect({ base });
  let held = restored();
  let renewing = null;
  let refused = false;

  function keep(answer) {
    refused = false;
    held = { ...answer, refresh_token: answer.refresh_token ?? held?.refresh_token ?? null };
    sessionStorage.setItem(STORED, JSON.stringify(held));
    return { challenge: null };
  }

  async function ask(body) {
    const answer = await service.post("console/session", body);
    return answer.challenge ? answer : keep(answer);
  }

  async function renewOnce() {
    refused ||= !held?.refresh_token;
    try {
      if (!refused) await ask({ refresh_token: held.refresh_token });
    } catch (error) {
      if (error.status !== 401 && error.status !== 422) return false;
      refused = true;
    }
    if (refused) onLost();
    return !refused;
  }

  return {
    active: () => held !== null,
    token: () => held?.id_token ?? "",
    username: () => held?.username ?? "",
    /** Whether this account sits at a desk, works on incidents, commands, keeps the lists, keeps the accounts. */
    leads: () => (held?.groups ?? []).some((group) => group === "commander" || group === "admin"),
    sits: () => (held?.groups ?? []).some((group) => group !== "admin"),
    works: () => (held?.groups ?? []).some((group) => group === "call_taker" || group === "commander"),
    /** True for one who only comes in where her department is asked. */
    specialises: () => (held?.groups ?? []).includes("specialist"),
    commands: () => (held?.groups ?? []).includes("commander"),
    /** Whether she may read the figures. */
    counts: () => (held?.groups ?? []).some((group) => group !== "specialist"),
    administers: () => (held?.groups ?? []).includes("admin"),
    /** Signs in; answers `{challenge, session}` when a second step is asked for. Throws `Problem` or `Unreachable`. */
    signIn: (username, password) => ask({ username, password }),
    answerCode: (username, session, code) => ask({ username, session, mfa_code: code }),
    /** Asks for the secret of a new authenticator for who is signed in; her first code takes it over. */
    beginAuthenticator: () => ask({ refresh_token: held.refresh_token, mfa_setup: true }),
    confirmAuthenticator: (code) => ask({ refresh_token: held.refresh_token, setup_code: code }),
    answerSetup: (username, session, code) => ask({ username, session, setup_code: code }),
    answerNewPassword: (username, session, password) => ask({ username, session, new_password: password }),
    /** Gets a fresh token, one request at a time; false when it could not. */
    renew() {
      renewing ??= renewOnce().finally(() => (renewing = null));
      return renewing;
    },
    /** By the service's clock: a computer's own may be hours off. */
    endsSoon: () => held !== null && !refused && Date.parse(held.expires_at) - nowMs() < RENEW_BEFORE_MS,
    forget() {
      held = null;
      sessionStorage.removeItem(STORED);
    },
  };
}

function restored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED));
  } catch {
    return null;
  }
}
